import { ProfileStepAnswerEntity } from './profile-step-answer.entity';
import { ProfileStepEntity } from './profile-step.entity';
import { columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';

const stepSelection = columnsOf(ProfileStepEntity, 'ps', [
  'key',
  'attribute',
  'label',
  'description',
  'kind',
  'required',
  'enabled',
  'askAfterLogins',
  'askAfterDays',
  'snoozeDays',
  'roleIds',
  'organizationIds',
  'applicationIds',
  'position',
  'validator',
  'version',
  'createdBy',
  'createdAt',
  'updatedAt',
]);
export type ProfileStepRow = RowOf<typeof stepSelection>;

const allSteps: Read<object, ProfileStepRow> = {
  name: 'profile_steps',
  build: (builder) => builder.from(ProfileStepEntity, 'ps').orderBy('ps.position').addOrderBy('ps.key'),
  select: stepSelection,
};

/** Every step in the order in which they are asked; there are few. */
export function findSteps(store: Store): Promise<ProfileStepRow[]> {
  return store.read(allSteps, {});
}

export async function saveStep(store: Store, row: ProfileStepRow): Promise<void> {
  await store.upsert(ProfileStepEntity, row, ['key']);
}

export async function deleteStep(store: Store, key: string): Promise<boolean> {
  return (await store.delete(ProfileStepEntity, { key })) === 1;
}

const answerSelection = columnsOf(ProfileStepAnswerEntity, 'pa', [
  'userId',
  'stepKey',
  'submittedAt',
  'submittedBy',
  'dismissedAt',
]);
export type StepAnswerRow = RowOf<typeof answerSelection>;

const answersByUsers: Read<{ readonly ids: readonly string[] }, StepAnswerRow> = {
  name: 'profile_step_answers_by_users',
  build: (builder, dialect) =>
    builder.from(ProfileStepAnswerEntity, 'pa').where(dialect.anyOf('pa.userId', ':ids')),
  select: answerSelection,
};

export function findAnswers(store: Store, ids: readonly string[]): Promise<StepAnswerRow[]> {
  return store.read(answersByUsers, { ids });
}

export async function saveAnswer(store: Store, row: StepAnswerRow): Promise<void> {
  await store.upsert(ProfileStepAnswerEntity, row, ['userId', 'stepKey']);
}
