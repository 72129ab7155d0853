import { valueAt } from '#src/features/metadata/metadata-path';
import type { ProfileStepRow, StepAnswerRow } from './profile-step.repository';
import { stepTarget } from './step-attribute';
import type { SubjectRow } from './step-subject.repository';
import type { Instant } from '#src/shared/clock';

export const day = 24 * 60 * 60 * 1000;

/** One user, as far as steps look at it. */
export interface StepSubject {
  readonly row: SubjectRow;
  /** What the user's providers said. */
  readonly claims: readonly Readonly<Record<string, unknown>>[];
  /** Ids of the user's roles and organizations. */
  readonly groups: ReadonlySet<string>;
  readonly answers: ReadonlyMap<string, StepAnswerRow>;
  /** The application that asks; null: none, such as a browser with a cookie. */
  readonly applicationId: string | null;
}

/** A step that a user has not answered, and whether it was put off. */
export interface MissingStep {
  readonly step: ProfileStepRow;
  readonly isSnoozed: boolean;
}

/** The steps whose conditions hold for the user and whose attribute has no effective value, in order. */
export function missingSteps(
  steps: readonly ProfileStepRow[],
  subject: StepSubject,
  now: Instant,
): readonly MissingStep[] {
  return steps
    .filter((step) => concerns(step, subject) && isDue(step, subject.row, now) && !hasValue(step, subject))
    .map((step) => ({ step, isSnoozed: isSnoozed(step, subject.answers.get(step.key), now) }));
}

/** Whether the user is among those who are asked, now or later. */
export function concerns(step: ProfileStepRow, { groups, applicationId }: StepSubject): boolean {
  const among = (ids: readonly string[]): boolean => ids.length === 0 || ids.some((id) => groups.has(id));
  const { applicationIds } = step;
  const isAsking =
    applicationIds.length === 0 || (applicationId !== null && applicationIds.includes(applicationId));
  return step.enabled && isAsking && among(step.roleIds) && among(step.organizationIds);
}

function isDue(step: ProfileStepRow, { loginsCount, createdAt }: SubjectRow, now: Instant): boolean {
  return (loginsCount ?? 0) >= step.askAfterLogins && now - createdAt >= step.askAfterDays * day;
}

function isSnoozed(step: ProfileStepRow, answer: StepAnswerRow | undefined, now: Instant): boolean {
  const dismissed = answer?.dismissedAt ?? null;
  return dismissed !== null && now - dismissed < step.snoozeDays * day;
}

/** Root first, then what linked providers said, then metadata: nobody is asked for what is known. */
export function hasValue(step: ProfileStepRow, { row, claims }: StepSubject): boolean {
  const target = stepTarget(step.attribute);
  const root =
    target.of === 'root' ? row[target.key as keyof SubjectRow] : memberOf(row.attributes, target.name);
  const said = claims.map((claim) => memberOf(claim, target.name));
  const kept = valueAt(row.userMetadata ?? {}, target.name);
  return [root, ...said, kept].some(isValue);
}

function memberOf(object: Readonly<Record<string, unknown>> | null, name: string): unknown {
  return object !== null && Object.hasOwn(object, name) ? object[name] : undefined;
}

function isValue(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'string') return value.trim() !== '';
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
