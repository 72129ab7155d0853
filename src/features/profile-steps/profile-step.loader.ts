import { missingSteps, type MissingStep } from './missing-steps';
import { findSteps } from './profile-step.repository';
import type { SubjectRow } from './step-subject.repository';
import { loadSubjects } from './step-subjects';
import { defineLoader } from '#src/graphql/request-loader';

export interface UserSteps {
  readonly subject: SubjectRow | null;
  /** Whoever shows them asks first whether the caller may see each: see `askable-step.ts`. */
  readonly missing: readonly MissingStep[];
}

/** What users have not answered. One statement where there are no steps, at most five for a page of users. */
export const stepsByUser = defineLoader<string, UserSteps>('profile-steps-by-user', async (ids, context) => {
  const steps = await findSteps(context.store);
  if (steps.length === 0) return ids.map(() => ({ subject: null, missing: [] }));
  const subjects = await loadSubjects(context.store, steps, ids, context.principal.clientId ?? null);
  const now = context.clock.now();
  return ids.map((id) => {
    const subject = subjects.get(id);
    return subject
      ? { subject: subject.row, missing: missingSteps(steps, subject, now) }
      : { subject: null, missing: [] };
  });
});
