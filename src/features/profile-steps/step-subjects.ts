import { findAnswers, type ProfileStepRow } from './profile-step.repository';
import { findClaims, findGroups, findSubjects } from './step-subject.repository';
import type { StepSubject } from './missing-steps';
import type { Store } from '#src/storage/store';

/** What steps look at of these users, in at most four statements however many users there are; unknown users are left out. */
export async function loadSubjects(
  store: Store,
  steps: readonly ProfileStepRow[],
  ids: readonly string[],
  applicationId: string | null,
): Promise<ReadonlyMap<string, StepSubject>> {
  const hasFilter = steps.some(({ roleIds, organizationIds }) => roleIds.length + organizationIds.length > 0);
  const rows = await findSubjects(store, ids);
  const claims = grouped(await findClaims(store, ids));
  const answers = grouped(await findAnswers(store, ids));
  const groups = grouped(hasFilter ? await findGroups(store, ids) : []);
  return new Map(
    rows.map((row) => [
      row.id,
      {
        row,
        claims: (claims.get(row.id) ?? []).flatMap(({ profileData }) => (profileData ? [profileData] : [])),
        groups: new Set((groups.get(row.id) ?? []).map(({ groupId }) => groupId)),
        applicationId,
        answers: new Map((answers.get(row.id) ?? []).map((answer) => [answer.stepKey, answer])),
      },
    ]),
  );
}

function grouped<Row extends { readonly userId: string }>(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.userId);
    if (group) group.push(row);
    else groups.set(row.userId, [row]);
  }
  return groups;
}
