/**
 * @jest-environment node
 */
import { startAttributeRules } from '#src/features/attribute-rules/attribute-rules.feature';
import { blacklistPurgeHandling } from '#src/features/attribute-rules/blacklist/blacklist-purge.job';
import { AuditService } from '#src/features/audit/audit.service';
import { startJobs } from '#src/features/jobs/jobs.feature';
import type { Jobs } from '#src/jobs/jobs';
import { sql } from '#src/storage/sql';
import { Gateway, type Json } from '#test/features/roles/support/gateway';
import { givenNode, TestClock } from '#test/jobs/support';
import { eachDatabase } from '#test/support/databases';

const policies = {
  current: () => ({ version: 1, rules: [], blacklist: [] }),
  refresh: () => Promise.resolve(),
};
const config = { access: { lookUpsPerMinute: 3, policyRefreshMs: 1_000, policyMaxAgeMs: 60_000 } };
const many = 250;

eachDatabase('purging the values of many users', (database) => {
  let gateway: Gateway;
  const clock = new TestClock();
  const node = (settings = {}): Jobs => givenNode(gateway.storage, clock, [blacklistPurgeHandling], settings);

  beforeAll(async () => {
    gateway = await Gateway.open(database, {}, ({ storage }) => {
      const audit = new AuditService();
      // The request itself has no time for the job.
      const worker = givenNode(storage, clock, [blacklistPurgeHandling], { inlineMs: 0 });
      return [startJobs({ audit }), startAttributeRules({ policies, config }, { audit }, worker)];
    });
    for (let index = 0; index < many; index += 1) {
      await gateway.givenUser(`auth0|purge-${String(index).padStart(3, '0')}`, {
        familyName: 'Okoro',
        nickname: 'Oko',
      });
    }
  });

  const add = async (names: readonly string[]): Promise<Json> =>
    (
      await gateway.ok(
        `mutation($n: [String!]!) { addBlacklistedAttributes(input: { scope: TENANT, names: $n }) {
          purgedUsers job { id type status counts { processed changed skipped } } } }`,
        { variables: { n: names } },
      )
    ).addBlacklistedAttributes;
  const jobOf = async (id: string): Promise<Json> =>
    (
      await gateway.ok(
        `query($id: ID!) { job(id: $id) { status percentageDone createdBy finishedAt
          counts { processed changed skipped failed total } } }`,
        { variables: { id } },
      )
    ).job;
  const holders = async (column: string): Promise<number> => {
    const [row] = await gateway.storage
      .open()
      .query<{ n: number }>(sql`SELECT COUNT(*) AS n FROM users WHERE ${sql.raw(column)} IS NOT NULL`, {
        n: 'integer',
      });
    return row?.n ?? 0;
  };

  test('D7 6.9-7 is a counted job: the answer tells what is done so far, the job tells the rest', async () => {
    const { purgedUsers, job } = await add(['family_name']);
    expect(purgedUsers).toBe(0);
    expect(job).toMatchObject({ type: 'BLACKLIST_PURGE', status: 'PENDING' });
    expect(await holders('family_name')).toBe(many);
    await node().runUntilIdle();
    expect(await holders('family_name')).toBe(0);
    expect(await jobOf(job.id)).toMatchObject({
      status: 'COMPLETED',
      percentageDone: 100,
      createdBy: 'cli',
      counts: { processed: many, changed: many, skipped: 0, failed: 0, total: null },
    });
  });

  test('leaves a name alone that was taken off the list before its turn came', async () => {
    const { job } = await add(['nickname']);
    await gateway.ok(
      'mutation { removeBlacklistedAttributes(input: { scope: TENANT, names: ["nickname"] }) { names } }',
    );
    await node().runUntilIdle();
    expect(await holders('nickname')).toBe(many);
    expect(await jobOf(job.id)).toMatchObject({ status: 'COMPLETED', counts: { changed: 0 } });
  });

  test('is seen by its maker and by holders of read:jobs, and cancelled by its maker or with update:jobs', async () => {
    const { job } = await add(['nickname']);
    const see = `query($id: ID!) { job(id: $id) { id } jobs(type: BLACKLIST_PURGE, status: [PENDING]) { nodes { id } totalCount }
      node(id: $id) { id } }`;
    const cancel = 'mutation($id: ID!) { cancelJob(input: { id: $id }) { job { status finishedAt } } }';
    const variables = { id: job.id };
    const as = (
      subject: string,
      permissions: readonly string[] = [],
      organizationId: string | null = null,
    ) => ({
      variables,
      as: { subject, permissions, organizationId },
    });
    const all = {
      job: { id: job.id },
      jobs: { nodes: [{ id: job.id }], totalCount: 1 },
      node: { id: job.id },
    };
    expect(await gateway.ok(see, as('cli'))).toEqual(all);
    expect(await gateway.ok(see, as('other', ['read:jobs']))).toEqual(all);
    const none = { job: null, jobs: { nodes: [], totalCount: 0 }, node: null };
    expect(await gateway.ok(see, as('other'))).toEqual(none);
    expect(await gateway.ok(see, as('other', ['update:jobs']))).toEqual(none);
    expect(await gateway.ok(see, as('cli', ['read:jobs'], 'org_elsewhere'))).toEqual(none);

    expect((await gateway.run(cancel, as('other'))).errors[0]?.code).toBe('NOT_FOUND');
    expect((await gateway.run(cancel, as('other', ['read:jobs']))).errors[0]?.code).toBe('FORBIDDEN');
    const records = await gateway.count('audit_events');
    expect((await gateway.ok(cancel, as('cli'))).cancelJob.job).toEqual({
      status: 'CANCELLED',
      finishedAt: expect.any(String) as string,
    });
    expect((await gateway.ok(cancel, as('cli'))).cancelJob.job).toMatchObject({ status: 'CANCELLED' });
    expect(await gateway.count('audit_events')).toBe(records + 1);
    expect(await node().runUntilIdle()).toBe(0);
    expect(await holders('nickname')).toBe(many);
  });

  test('that is over cannot be cancelled', async () => {
    const { job } = await add(['nickname']);
    await node().runUntilIdle();
    const cancel = 'mutation($id: ID!) { cancelJob(input: { id: $id }) { job { status } } }';
    expect((await gateway.run(cancel, { variables: { id: job.id } })).errors[0]?.code).toBe('JOB_FINISHED');
  });
});
