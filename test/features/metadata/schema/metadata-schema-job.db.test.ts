/**
 * @jest-environment node
 */
import type { Policy } from '#src/access/policy';
import { metadataSchemaHandling } from '#src/features/metadata/schema/metadata-schema.job';
import { MetadataSchemaService } from '#src/features/metadata/schema/metadata-schema.service';
import { raisePolicyVersion } from '#src/features/attribute-rules/policy.repository';
import { rulesOfSchema, snapshotSchemas } from '#src/features/metadata/schema/schema-rules';
import type { Jobs } from '#src/jobs/jobs';
import { sql } from '#src/storage/sql';
import type { Storage } from '#src/storage/store';
import { givenNode } from '#test/jobs/support';
import { eachDatabase } from '#test/support/databases';
import { startCoreGraphql, type CoreGraphql } from '#test/features/users/core-graphql';
import { administrator, asPrincipal, emptyPolicy } from '#test/features/users/core-services';

const policyVersion = { raise: raisePolicyVersion, refresh: () => Promise.resolve() };
const schemaAdministrator = asPrincipal({
  permissions: ['read:metadata_schemas', 'update:metadata_schemas'],
});

eachDatabase('the job of a metadata schema', (database) => {
  let core: CoreGraphql & { readonly storage: Storage };
  let schemas: MetadataSchemaService;
  let policy: Policy = emptyPolicy;
  let count = 0;

  const node = (settings: Parameters<typeof givenNode>[3]): Jobs =>
    givenNode(core.storage, { now: () => core.time.now }, [metadataSchemaHandling(policyVersion)], settings);

  beforeAll(async () => {
    const storage = await database.open();
    core = { ...(await startCoreGraphql(storage)), storage };
    schemas = new MetadataSchemaService(core.audit, policyVersion, node({ inlineMs: 10_000 }));
  });

  async function newUser(userMetadata: object = {}, appMetadata: object = {}): Promise<string> {
    count += 1;
    const given = { email: `s${count}@x.io`, userMetadata, appMetadata };
    return (await core.users.create(core.callAs(administrator, policy), given)).id;
  }

  const patch = (userId: string, value: unknown, caller = administrator, store: 'user' | 'app' = 'user') =>
    core.metadata.update(core.callAs(caller, policy), { userId, store }, value, 'MERGE_DEEP');
  const taken = async (path: string): Promise<number> => {
    const [row] = await core
      .callAs()
      .store.query<{ n: number }>(
        sql`SELECT COUNT(*) AS n FROM "metadata_unique_values" WHERE "path" = ${path}`,
        { n: 'integer' },
      );
    return row?.n ?? 0;
  };
  const handleSchema = {
    type: 'object',
    properties: { number: { type: 'integer', gatehouse: { unique: true } } },
  };

  it('unique: where stored values repeat the job counts them, the property is not unique, and saving again retries', async () => {
    const first = await newUser({}, { number: 7 });
    const second = await newUser({}, { number: 7 });
    const third = await newUser({}, { number: 9 });
    const save = async (expectedVersion: number | null) => {
      const saved = await schemas.save(core.callAs(schemaAdministrator), {
        ...{ store: 'app' as const, schema: handleSchema, undeclaredKeys: 'ALLOW' as const, expectedVersion },
      });
      const snapshot = snapshotSchemas(await schemas.list(core.callAs()));
      policy = { ...emptyPolicy, schemas: snapshot, rules: snapshot.flatMap(rulesOfSchema) };
      return saved;
    };
    const { schema, job } = await save(null);
    expect(job).toMatchObject({ type: 'METADATA_SCHEMA_CHANGE', status: 'COMPLETED', counts: { failed: 1 } });
    expect(JSON.stringify([schema, job])).not.toContain('7}');
    expect(schema.uniqueness).toEqual({ number: { jobId: job?.id, isRepeated: true } });
    await patch(third, { number: 7 }, administrator, 'app');
    await patch(second, { number: 8 }, administrator, 'app');
    await patch(third, { number: 9 }, administrator, 'app');
    const again = await save(1);
    expect(again).toMatchObject({ schema: { uniqueness: {} }, job: { counts: { failed: 0 } } });
    expect(await taken('number')).toBe(3);
    await expect(patch(second, { number: 7 }, administrator, 'app')).rejects.toMatchObject({
      code: 'METADATA_VALUE_TAKEN',
    });
    expect((await save(2)).job).toBeNull();
    expect((await schemas.delete(core.callAs(), 'app'))?.status).toBe('COMPLETED');
    expect(await taken('number')).toBe(0);
    expect(first).not.toBe(second);
  });

  it('a change for many users is a job in batches; until its end nothing says that values are unique', async () => {
    const later = new MetadataSchemaService(core.audit, policyVersion, node({ inlineMs: 0 }));
    const users = await Promise.all([1, 2, 3].map((number) => newUser({ secret: 'x' }, { number })));
    const properties = {
      number: { type: 'integer', gatehouse: { unique: true } },
      level: { type: 'integer', gatehouse: { searchable: false } },
    };
    const save = `mutation($s: JSON!) { saveMetadataSchema(input: { store: APP, schema: $s }) {
      metadataSchema { pendingUniquePaths repeatedUniquePaths } job { status type } } }`;
    const { data, errors } = await core.run(save, {
      variables: { s: { type: 'object', properties } },
      as: schemaAdministrator,
    });
    expect(errors).toEqual([]);
    expect(data).toEqual({
      saveMetadataSchema: {
        metadataSchema: { pendingUniquePaths: ['number'], repeatedUniquePaths: [] },
        job: { status: 'PENDING', type: 'METADATA_SCHEMA_CHANGE' },
      },
    });
    const snapshot = snapshotSchemas(await later.list(core.callAs()));
    policy = { ...emptyPolicy, schemas: snapshot, rules: snapshot.flatMap(rulesOfSchema) };
    // Who writes meanwhile reserves as well, so that nothing slips through behind the job.
    const newcomer = await newUser({}, { number: 40 });
    // So does a node that has not heard of the schema: its snapshot of the rules is older than the stored ones.
    const stale = (number: number) =>
      core.metadata.update(
        core.callAs(administrator, emptyPolicy),
        { userId: newcomer, store: 'app' },
        { number },
        'MERGE_DEEP',
      );
    await stale(50);
    await expect(newUser({}, { number: 50 })).rejects.toMatchObject({ code: 'METADATA_VALUE_TAKEN' });
    await expect(stale('no number' as never)).rejects.toMatchObject({ code: 'METADATA_SCHEMA_VIOLATION' });
    await stale(40);
    await node({ chunkMs: 1 }).runUntilIdle();
    const [app] = (await later.list(core.callAs())).filter(({ store }) => store === 'app');
    expect(app?.uniqueness).toEqual({});
    for (const number of [1, 2, 40])
      await expect(patch(users[2] as string, { number }, administrator, 'app')).rejects.toMatchObject({
        code: 'METADATA_VALUE_TAKEN',
      });
    await patch(newcomer, { number: 41 }, administrator, 'app');
  });
});
