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

eachDatabase('metadata schemas', (database) => {
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
  afterEach(async () => {
    for (const { store } of await schemas.list(core.callAs())) await schemas.delete(core.callAs(), store);
    policy = emptyPolicy;
  });

  async function declare(
    properties: object,
    more: { store?: 'user' | 'app'; undeclaredKeys?: 'ALLOW' | 'REFUSE'; schema?: object } = {},
  ): Promise<void> {
    const store = more.store ?? 'user';
    const stored = (await schemas.list(core.callAs())).find((row) => row.store === store);
    await schemas.save(core.callAs(schemaAdministrator), {
      store,
      schema: { type: 'object', properties, ...more.schema },
      undeclaredKeys: more.undeclaredKeys ?? 'ALLOW',
      expectedVersion: stored?.version ?? null,
    });
    const snapshot = snapshotSchemas(await schemas.list(core.callAs()));
    policy = { ...emptyPolicy, schemas: snapshot, rules: snapshot.flatMap(rulesOfSchema) };
  }

  async function newUser(userMetadata: object = {}, appMetadata: object = {}): Promise<string> {
    count += 1;
    const given = { email: `s${count}@x.io`, userMetadata, appMetadata };
    return (await core.users.create(core.callAs(administrator, policy), given)).id;
  }

  const patch = (userId: string, value: unknown, caller = administrator, store: 'user' | 'app' = 'user') =>
    core.metadata.update(core.callAs(caller, policy), { userId, store }, value, 'MERGE_DEEP');
  const stored = async (userId: string) => (await core.metadata.read(core.callAs().store, userId)).userJson;
  const leaves = async (userId: string): Promise<string[]> =>
    (
      await core
        .callAs()
        .store.query<{ path: string }>(
          sql`SELECT "path" FROM "metadata_leaves" WHERE "user_id" = ${userId} ORDER BY "path"`,
          { path: 'text' },
        )
    ).map(({ path }) => path);

  it('refuse what does not meet them, name the place, and write nothing', async () => {
    const userId = await newUser({ age: 5 });
    await declare({ age: { type: 'integer', minimum: 0 }, code: { type: 'string', pattern: '^[A-Z]{3}$' } });
    await expect(patch(userId, { age: 'secret' })).rejects.toMatchObject({
      code: 'METADATA_SCHEMA_VIOLATION',
      message: expect.not.stringContaining('secret') as string,
      extensions: { path: 'user_metadata.age', violations: [{ path: 'user_metadata.age', rule: 'type' }] },
    });
    await expect(patch(userId, { code: 'abc' })).rejects.toMatchObject({
      extensions: { violations: [{ path: 'user_metadata.code', rule: 'pattern' }] },
    });
    expect(await stored(userId)).toEqual({ age: 5 });
    await patch(userId, { code: 'ABC', other: 1 });
    expect(await stored(userId)).toEqual({ age: 5, code: 'ABC', other: 1 });
  });

  it('refuse a user that would be created against them', async () => {
    await declare({ age: { type: 'integer' } });
    await expect(newUser({ age: 'x' })).rejects.toMatchObject({ code: 'METADATA_SCHEMA_VIOLATION' });
  });

  it('let what was wrong before stand, and say so', async () => {
    const userId = await newUser({ age: 'old', note: 'x' });
    await declare(
      { age: { type: 'integer' }, address: { type: 'object', required: ['city'] } },
      { schema: { required: ['plan'] } },
    );
    const { notices } = await patch(userId, { note: 'y' });
    expect(notices.map(({ message }) => message)).toEqual([
      'user_metadata.plan is required.',
      'user_metadata.age must be integer.',
    ]);
    await expect(patch(userId, { address: { street: 'x' } })).rejects.toMatchObject({
      extensions: { path: 'user_metadata.address.city' },
    });
    await patch(userId, { plan: 'gold' });
    await expect(patch(userId, { plan: null })).rejects.toMatchObject({
      extensions: { path: 'user_metadata.plan' },
    });
  });

  it('refuse undeclared keys loudly where that is the policy, and allow them elsewhere', async () => {
    await declare(
      { a: { type: 'object', properties: { b: {} } }, free: { type: 'object' } },
      { undeclaredKeys: 'REFUSE' },
    );
    const userId = await newUser();
    await expect(patch(userId, { c: 1 })).rejects.toMatchObject({
      code: 'UNDECLARED_METADATA_KEY',
      extensions: { path: 'user_metadata.c' },
    });
    await expect(patch(userId, { a: { c: 1 } })).rejects.toMatchObject({
      extensions: { path: 'user_metadata.a.c' },
    });
    await patch(userId, { a: { b: 1 }, free: { anything: 1 } });
    expect(await stored(userId)).toEqual({ a: { b: 1 }, free: { anything: 1 } });
  });

  it('readRoles: others neither read, nor find, nor sort, nor see it in the answer of a write', async () => {
    const userId = await newUser({ salary: 'secret-5000', open: 1 });
    await declare({ salary: { type: 'string', gatehouse: { readRoles: ['HR', '@self'] } } });
    const read = (as: typeof administrator) =>
      core.run(`{ user(id: "${userId}") { metadata { user part: user(path: "salary") } } }`, { as, policy });
    const hr = asPrincipal({ permissions: ['read:users'], roles: ['HR'] });
    const shown = { user: { open: 1, salary: 'secret-5000' }, part: 'secret-5000' };
    expect((await read(hr)).data).toEqual({ user: { metadata: shown } });
    expect((await read(asPrincipal({ userId }))).data).toEqual({ user: { metadata: shown } });
    expect((await read(administrator)).data).toEqual({
      user: { metadata: { user: { open: 1 }, part: null } },
    });
    const write = `mutation { updateUserMetadata(input: {userId: "${userId}", patch: {salary: "secret-1"}}) { before after changedPaths } }`;
    const written = await core.run(write, { policy });
    expect(JSON.stringify(written.result)).not.toContain('secret');
    expect(written.data).toEqual({
      updateUserMetadata: { before: { open: 1 }, after: { open: 1 }, changedPaths: [] },
    });
  });

  it('writeRoles: others change neither it nor the whole that holds it', async () => {
    const userId = await newUser({ plan: { tier: 'gold' }, note: 'x' });
    await declare({
      plan: { type: 'object', properties: { tier: { gatehouse: { writeRoles: ['Billing'] } } } },
    });
    const self = asPrincipal({ userId });
    for (const value of [{ plan: { tier: 'free' } }, { plan: null }, { plan: { tier: null } }])
      await expect(patch(userId, value, self)).rejects.toMatchObject({ code: 'FORBIDDEN_ARGUMENT' });
    const target = { userId, store: 'user' } as const;
    await expect(core.metadata.clear(core.callAs(self, policy), target)).rejects.toMatchObject({
      code: 'FORBIDDEN_ARGUMENT',
    });
    await patch(userId, { note: 'y' }, self);
    const billing = asPrincipal({ permissions: ['update:users'], roles: ['Billing'] });
    await patch(userId, { plan: { tier: 'silver' } }, billing);
    expect(await stored(userId)).toEqual({ plan: { tier: 'silver' }, note: 'y' });
  });

  it('searchable: false takes the leaves out of the index, and lifting it puts them back', async () => {
    const userId = await newUser({ diary: { text: 'x', days: [1, 2] }, diaryOther: 1 });
    await declare({ diary: { type: 'object', gatehouse: { searchable: false } } });
    expect(await leaves(userId)).toEqual(['diaryOther']);
    await patch(userId, { diary: { text: 'y' }, more: 1 });
    const second = await newUser({ diary: { text: 'z' }, a: 1 });
    expect([await leaves(userId), await leaves(second)]).toEqual([['diaryOther', 'more'], ['a']]);
    await declare({ diary: { type: 'object' } });
    expect(await leaves(userId)).toEqual(['diary.days', 'diary.days', 'diary.text', 'diaryOther', 'more']);
    expect(await leaves(second)).toEqual(['a', 'diary.text']);
  });

  it('unique: no two users have a value, also when they write at the same moment', async () => {
    await declare({ handle: { type: 'string', maxLength: 50, gatehouse: { unique: true } } });
    const users = await Promise.all([1, 2, 3, 4].map(() => newUser()));
    const results = await Promise.allSettled(users.map((userId) => patch(userId, { handle: 'jane' })));
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed).toHaveLength(3);
    for (const { reason } of failed)
      expect(reason).toMatchObject({
        code: 'METADATA_VALUE_TAKEN',
        extensions: { paths: ['user_metadata.handle'] },
      });
    const owner = users[results.findIndex((result) => result.status === 'fulfilled')] as string;
    const other = users.find((id) => id !== owner) as string;
    await patch(owner, { handle: 'jane', note: 1 });
    await patch(owner, { handle: 'june' });
    await patch(other, { handle: 'jane' });
    await core.users.delete(core.callAs(), other);
    await patch(owner, { handle: 'jane' });
  });

  it('B13 unique: who may not read the value writes none, so that no refusal tells what others have', async () => {
    await declare({
      badge: { type: 'string', maxLength: 9, gatehouse: { unique: true, readRoles: ['Security'] } },
    });
    await patch(
      await newUser(),
      { badge: 'B1' },
      asPrincipal({ permissions: ['read:users', 'update:users'], roles: ['Security'] }),
    );
    const userId = await newUser();
    for (const badge of ['B1', 'B2'])
      await expect(patch(userId, { badge })).rejects.toMatchObject({
        code: 'FORBIDDEN_ARGUMENT',
        extensions: { paths: ['user_metadata.badge'] },
      });
  });

  it('are read, saved with the version that was read, and deleted, each by permission', async () => {
    const save = (more: string) =>
      `mutation { saveMetadataSchema(input: {store: USER, schema: {type: "object"}${more}}) { metadataSchema { store schema undeclaredKeys version updatedBy } } }`;
    expect((await core.run(save(''))).errors[0]).toMatch(/^FORBIDDEN/);
    const as = schemaAdministrator;
    expect((await core.run(save(''), { as })).data).toEqual({
      saveMetadataSchema: {
        metadataSchema: {
          store: 'USER',
          schema: { type: 'object' },
          undeclaredKeys: 'ALLOW',
          version: 1,
          updatedBy: 'tester',
        },
      },
    });
    expect((await core.run(save(''), { as })).errors[0]).toMatch(/^BAD_USER_INPUT/);
    expect((await core.run(save(', expectedVersion: 3'), { as })).errors[0]).toMatch(/^VERSION_CONFLICT/);
    expect((await core.run(save(', expectedVersion: 1'), { as })).errors).toEqual([]);
    const list = '{ metadataSchemas { store version } }';
    expect((await core.run(list, { as })).data).toEqual({ metadataSchemas: [{ store: 'USER', version: 2 }] });
    expect((await core.run(list)).errors).toEqual(['FORBIDDEN_FIELD metadataSchemas']);
    const remove = 'mutation { deleteMetadataSchema(input: {store: USER}) { store } }';
    expect((await core.run(remove, { as })).errors).toEqual([]);
    expect((await core.run(remove, { as })).errors[0]).toMatch(/^NOT_FOUND/);
  });
});
