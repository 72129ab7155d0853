import { MetadataService } from '#src/features/metadata/metadata.service';
import { metadataLimits } from '#src/features/metadata/check-metadata';
import { eachDatabase } from '#test/support/databases';
import { startCoreGraphql, type CoreGraphql } from '#test/features/users/core-graphql';
import { hiding } from '#test/features/users/core-policies';
import { administrator, asPrincipal } from '#test/features/users/core-services';

eachDatabase('warnings and limits of metadata', (database) => {
  let core: CoreGraphql;
  let count = 0;

  beforeAll(async () => {
    core = await startCoreGraphql(await database.open());
  });

  async function newUser(userMetadata: object = {}, appMetadata: object = {}): Promise<string> {
    count += 1;
    return (await core.users.create(core.callAs(), { email: `w${count}@x.io`, userMetadata, appMetadata }))
      .id;
  }
  const patch = (userId: string, value: unknown) =>
    core.metadata.update(core.callAs(), { userId, store: 'user' }, value, 'MERGE_SHALLOW');
  const codes = async (userId: string, value: unknown): Promise<string[]> =>
    (await patch(userId, value)).notices.map(({ code }) => code);

  it('M8 a user changes the own user_metadata by updateMyMetadata, and nobody else’s', async () => {
    const userId = await newUser({ a: 1 });
    const query =
      'mutation { updateMyMetadata(input: {patch: {b: 2}}) { after changedPaths metadata { version } } }';
    expect(await core.run(query, { as: asPrincipal({ userId }) })).toMatchObject({
      errors: [],
      data: { updateMyMetadata: { after: { a: 1, b: 2 }, changedPaths: ['b'], metadata: { version: 2 } } },
    });
    for (const as of [administrator, asPrincipal({ kind: 'anonymous' })])
      expect((await core.run(query, { as })).errors[0]).toMatch(/^(FORBIDDEN|UNAUTHENTICATED)/);
    const hidden = await core.run(query, { as: asPrincipal({ userId }), policy: hiding('user_metadata.a') });
    expect(hidden.data).toMatchObject({ updateMyMetadata: { after: { b: 2 } } });
  });

  it('M9 a token for app_metadata alone changes neither store when it patches both', async () => {
    const userId = await newUser({ a: 1 }, { b: 1 });
    const both = `mutation { x: updateAppMetadata(input: {userId: "${userId}", patch: {b: 2}}) { warnings } y: updateUserMetadata(input: {userId: "${userId}", patch: {a: 2}}) { warnings } }`;
    const as = asPrincipal({ permissions: ['update:users_app_metadata'] });
    expect((await core.run(both, { as })).errors[0]).toMatch(/^FORBIDDEN/);
    const { userJson, appJson } = await core.metadata.read(core.callAs().store, userId);
    expect([userJson, appJson]).toEqual([{ a: 1 }, { b: 1 }]);
  });

  it('M11 a profile above 10 KB is warned of in the payload, in the answer’s extensions and in the audit log', async () => {
    const userId = await newUser();
    const query = `mutation Large($patch: JSON!) { updateUserMetadata(input: {userId: "${userId}", patch: $patch}) { warnings } }`;
    const answer = await core.run(query, { variables: { patch: { blob: 'x'.repeat(11 * 1024) } } });
    const warning = expect.stringContaining('10240 bytes') as string;
    expect(answer.data).toEqual({ updateUserMetadata: { warnings: [warning] } });
    expect(answer.result.extensions).toEqual({ warnings: [{ code: 'PROFILE_OVERSIZED', message: warning }] });
    const { rows } = await core.audit.list(
      core.callAs(),
      { targetId: userId, action: 'profile.oversized' },
      {},
    );
    expect(rows).toMatchObject([{ details: { limit: 10_240 } }]);
  });

  it('one change adds at most 10,000 searchable values, whatever the bytes', async () => {
    const userId = await newUser();
    const numbers = (count: number): number[] => Array.from({ length: count }, (_none, index) => index);
    await expect(patch(userId, { many: numbers(10_001) })).rejects.toMatchObject({
      code: 'PROFILE_TOO_LARGE',
      extensions: { limit: 10_000, current: 10_001 },
    });
    expect((await core.metadata.read(core.callAs().store, userId)).userJson).toEqual({});
    await patch(userId, { many: numbers(10_000) });
    await patch(userId, { many: [], more: numbers(10_000) });
  });

  it('M11 limits are settings', async () => {
    const limits = {
      ...metadataLimits,
      softLimitBytes: 20,
      hardLimitBytes: 60,
      maxDepth: 2,
      maxKeyLength: 5,
    };
    const small = new MetadataService(core.audit, core.users, limits);
    const userId = await newUser();
    const target = { userId, store: 'user' } as const;
    const write = (value: unknown) => small.update(core.callAs(), target, value, 'REPLACE');
    await expect(write({ a: 'x'.repeat(60) })).rejects.toMatchObject({
      code: 'PROFILE_TOO_LARGE',
      extensions: { limit: 60 },
    });
    await expect(write({ a: { b: { c: 1 } } })).rejects.toMatchObject({
      code: 'METADATA_TOO_DEEP',
      extensions: { limit: 2 },
    });
    await expect(write({ longer: 1 })).rejects.toMatchObject({ code: 'INVALID_METADATA_KEY' });
    await expect(small.setPath(core.callAs(), target, 'a.b.c', 1)).rejects.toMatchObject({
      code: 'INVALID_METADATA_KEY',
    });
    expect((await write({ big: 'x'.repeat(20) })).notices).toMatchObject([{ code: 'PROFILE_OVERSIZED' }]);
  });

  it('M14 a number for one user and a text for another are stored as given, and reported', async () => {
    const first = await newUser();
    const second = await newUser();
    expect(await codes(first, { age: 23 })).toEqual([]);
    expect(await codes(second, { age: '23' })).toEqual(['METADATA_MIXED_TYPES']);
    expect(await codes(first, { age: 24 })).toEqual([]);
    expect(await codes(first, { age: [25, 'x'] })).toEqual(['METADATA_MIXED_TYPES']);
    const stored = await core.metadata.read(core.callAs().store, second);
    expect(stored.userJson).toEqual({ age: '23' });
  });

  it('M14 a number for one user and a boolean for another are reported, one type for all is not', async () => {
    const [first, second, third] = [await newUser(), await newUser(), await newUser()];
    expect(await codes(first, { newsletter: true })).toEqual([]);
    expect(await codes(second, { newsletter: false })).toEqual([]);
    expect(await codes(third, { newsletter: 1 })).toEqual(['METADATA_MIXED_TYPES']);
    expect(await codes(first, { visits: 0 })).toEqual([]);
    expect(await codes(second, { visits: 12 })).toEqual([]);
    expect(await codes(third, { visits: true })).toEqual(['METADATA_MIXED_TYPES']);
    expect(await codes(first, { visits: 'many' })).toEqual(['METADATA_MIXED_TYPES']);
  });

  it('M14 the report tells nothing of a path that the caller may not search by', async () => {
    const userId = await newUser();
    await patch(await newUser(), { hidden: 'text' });
    const call = core.callAs(administrator, hiding('user_metadata.hidden'));
    const change = await core.metadata.update(call, { userId, store: 'user' }, { hidden: 1 }, 'MERGE_DEEP');
    expect(change.notices).toEqual([]);
  });

  it('warns of ids as keys, secrets, deep nesting and names of the profile in the answer of the write', async () => {
    const found = await codes(await newUser(), { 42: 1, password: 'x', email: 'y', fine: 1 });
    expect(found.sort()).toEqual(['METADATA_DYNAMIC_KEY', 'METADATA_ROOT_NAME', 'METADATA_SECRET']);
  });

  it('a path does not lead into a list, and a write of one path asks before it looks', async () => {
    const userId = await newUser({ tags: ['a', 'b'], plan: [1] });
    const target = { userId, store: 'user' } as const;
    await expect(core.metadata.setPath(core.callAs(), target, 'tags.0', 'x')).rejects.toMatchObject({
      code: 'INVALID_METADATA_KEY',
    });
    const closed = { ...hiding('user_metadata.plan') };
    const policy = {
      ...closed,
      rules: closed.rules.map((rule) => ({ ...rule, actions: ['WRITE' as const] })),
    };
    await expect(
      core.metadata.setPath(core.callAs(administrator, policy), target, 'plan.x', 1),
    ).rejects.toMatchObject({ code: 'FORBIDDEN_ARGUMENT' });
    expect((await core.metadata.read(core.callAs().store, userId)).userJson).toMatchObject({
      tags: ['a', 'b'],
    });
  });

  it('a path into a list is answered like any other to who may not read what is there', async () => {
    const userId = await newUser({ tags: ['a', 'b'], text: 'x' });
    const blind = core.callAs(administrator, hiding('user_metadata.tags', 'user_metadata.text'));
    for (const path of ['tags', 'text']) {
      const target = { userId, store: 'user' } as const;
      expect((await core.metadata.setPath(blind, target, `${path}.0`, null)).changedPaths).toEqual([]);
      await core.metadata.setPath(blind, target, `${path}.0`, 'y');
    }
    expect((await core.metadata.read(core.callAs().store, userId)).userJson).toEqual({
      tags: { 0: 'y' },
      text: { 0: 'y' },
    });
  });
});
