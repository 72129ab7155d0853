import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import { isAskable } from './askable-step';
import { checkProfileStep, checkStepValue, type ProfileStepDraft } from './check-profile-step';
import { concerns, hasValue, type StepSubject } from './missing-steps';
import { profileStepErrors } from './profile-step.errors';
import * as stored from './profile-step.repository';
import type { ProfileStepRow } from './profile-step.repository';
import { stepTarget } from './step-attribute';
import { loadSubjects } from './step-subjects';
import type { MetadataService } from '#src/features/metadata/metadata.service';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface SaveProfileStep extends ProfileStepDraft {
  /** The version that was read; needed to change a step, absent for a new one. */
  readonly expectedVersion?: number | null;
}

/** Whose step is answered: the caller's, or with `update:users` somebody else's. */
export interface StepOfUser {
  readonly key: string;
  readonly userId?: string | null;
}

export interface StepServices {
  readonly audit: AuditService;
  readonly users: UserService;
  readonly metadata: MetadataService;
}

/** Each list of users looks at every step, so there is an end to their number. */
const mostSteps = 50;

/** What users are asked for, and their answers. */
export class ProfileStepService {
  constructor(private readonly services: StepServices) {}

  list(call: Call): Promise<ProfileStepRow[]> {
    return stored.findSteps(call.store);
  }

  /** Makes a step, or replaces one whose version is still the expected one. */
  async save(call: Call, draft: SaveProfileStep): Promise<ProfileStepRow> {
    requireTenantScope(call);
    const checked = checkProfileStep(draft);
    const now = call.clock.now();
    return call.store.transaction(async (store) => {
      await store.execute(store.dialect.advisoryLock('profile_steps'));
      const steps = await stored.findSteps(store);
      const known = steps.find(({ key }) => key === checked.key);
      requireExpected(known, draft.expectedVersion ?? null);
      if (!known) refuseAbove(mostSteps, steps.length + 1, `There may be at most ${mostSteps} steps.`);
      const row: ProfileStepRow = {
        ...checked,
        version: (known?.version ?? 0) + 1,
        createdBy: known?.createdBy ?? call.principal.subject,
        createdAt: known?.createdAt ?? now,
        updatedAt: now,
      };
      await stored.saveStep(store, row);
      await this.services.audit.record(store, call, {
        action: 'profile_step.save',
        targetType: 'ProfileStep',
        targetId: row.key,
        changedPaths: [row.attribute],
        details: { version: row.version },
      });
      return row;
    });
  }

  /** Deletes a step with who answered it; the values stay in the profiles. */
  async delete(call: Call, key: string): Promise<void> {
    requireTenantScope(call);
    await call.store.transaction(async (store) => {
      if (!(await stored.deleteStep(store, key))) throw unknownStep();
      await this.services.audit.record(store, call, {
        action: 'profile_step.delete',
        targetType: 'ProfileStep',
        targetId: key,
      });
    });
  }

  /** Writes the value where the step says, under the same rules as any other write, and keeps who gave it; answers the user's id. */
  async submit(call: Call, target: StepOfUser, value: unknown): Promise<string> {
    const userId = ownerOf(call, target);
    await call.store.transaction(async (store) => {
      const { step, subject } = await this.requireShown(call, store, userId, target.key);
      // A step asks for what is missing: it is no way around the rules for changing a value that is there.
      if (hasValue(step, subject)) throw profileStepErrors.PROFILE_STEP_ANSWERED();
      checkStepValue(step, value);
      await this.write({ ...call, store }, userId, step, value);
      const submittedAt = call.clock.now();
      const submittedBy = call.principal.subject;
      await stored.saveAnswer(store, {
        userId,
        stepKey: step.key,
        submittedAt,
        submittedBy,
        dismissedAt: null,
      });
      await this.record(store, call, 'profile_step.submit', userId, step);
    });
    return userId;
  }

  /** Puts a step off for as many days as it says; answers the user's id. */
  async dismiss(call: Call, target: StepOfUser): Promise<string> {
    const userId = ownerOf(call, target);
    await call.store.transaction(async (store) => {
      const { step, subject } = await this.requireShown(call, store, userId, target.key);
      const answer = subject.answers.get(step.key);
      await stored.saveAnswer(store, {
        userId,
        stepKey: step.key,
        submittedAt: answer?.submittedAt ?? null,
        submittedBy: answer?.submittedBy ?? null,
        dismissedAt: call.clock.now(),
      });
      await this.record(store, call, 'profile_step.dismiss', userId, step);
    });
    return userId;
  }

  /** The step as far as it may show for this user; one that may not is as absent. */
  private async requireShown(
    call: Call,
    store: Store,
    userId: string,
    key: string,
  ): Promise<{ readonly step: ProfileStepRow; readonly subject: StepSubject }> {
    await this.services.users.requireReachable(call, store, userId);
    const step = (await stored.findSteps(store)).find((row) => row.key === key);
    if (!step) throw unknownStep();
    const subject = (await loadSubjects(store, [step], [userId], call.principal.clientId ?? null)).get(
      userId,
    );
    if (!subject || !concerns(step, subject)) throw unknownStep();
    const facts = await objectFactsOf(call, store, userId);
    if (!isAskable(call, step, subject.row, facts)) throw unknownStep();
    return { step, subject };
  }

  private async write(call: Call, userId: string, step: ProfileStepRow, value: unknown): Promise<void> {
    const target = stepTarget(step.attribute);
    if (target.of === 'metadata') {
      await this.services.metadata.setPath(call, { userId, store: 'user' }, target.path, value);
      return;
    }
    if (typeof value !== 'string') throw commonErrors.VALIDATION_FAILED({ extensions: { field: 'value' } });
    await this.services.users.update(call, { id: userId, [target.key]: value });
  }

  private record(
    store: Store,
    call: Call,
    action: string,
    userId: string,
    step: ProfileStepRow,
  ): Promise<void> {
    return this.services.audit.record(store, call, {
      action,
      targetType: 'User',
      targetId: userId,
      changedPaths: [step.attribute],
      details: { step: step.key },
    });
  }
}

function ownerOf(call: Call, { userId }: StepOfUser): string {
  const { userId: caller, permissions } = call.principal;
  const owner = userId ?? caller;
  if (owner !== null && (owner === caller || permissions.has('update:users'))) return owner;
  throw commonErrors.FORBIDDEN({ message: 'You may answer only what you are asked yourself.' });
}

function requireExpected(known: ProfileStepRow | undefined, expected: number | null): void {
  if (expected === (known?.version ?? null)) return;
  if (known && expected === null) {
    throw commonErrors.BAD_USER_INPUT({
      message: 'There is a step with this key. To change it, name the version that you read.',
      extensions: { field: 'expectedVersion' },
    });
  }
  throw commonErrors.VERSION_CONFLICT({ extensions: { current: known?.version ?? null } });
}

function unknownStep(): Error {
  return commonErrors.NOT_FOUND({ message: 'There is no such step for this user.' });
}
