import type { MetadataObject, StoreName } from '#src/features/metadata/metadata-store';
import type { MetadataMode } from '#src/features/metadata/merge-metadata';
import type { Policy } from '#src/access/policy';
import { sql } from '#src/storage/sql';
import { eachDatabase } from '#test/support/databases';
import { administrator, asPrincipal, startCore, type Core } from '#test/features/users/core-services';

eachDatabase('metadata', (database) => {
  let core: Core;
  let count = 0;

  beforeAll(async () => {
    core = await startCore(await database.open());
  });

  async function newUser(userMetadata: object = {}, appMetadata: object = {}): Promise<string> {
    count += 1;
    const user = await core.users.create(core.callAs(), {
      email: `m${count}@x.io`,
      userMetadata,
      appMetadata,
    });
    return user.id;
  }

  const patchUser = (userId: string, patch: unknown, mode: MetadataMode = 'MERGE_SHALLOW') =>
    core.metadata.update(core.callAs(), { userId, store: 'user' }, patch, mode);

  async function stored(userId: string, store: StoreName = 'user'): Promise<MetadataObject> {
    const row = await core.metadata.read(core.callAs().store, userId);
    return store === 'user' ? row.userJson : row.appJson;
  }

  async function leavesOf(userId: string): Promise<string[]> {
    const rows = await core.callAs().store.query<{ leaf: string }>(
      sql`SELECT "store" || ':' || "path" || ':' || "kind" || ':' || COALESCE("text_value", CAST("number_value" AS text)) AS "leaf"
            FROM "metadata_leaves" WHERE "user_id" = ${userId}`,
      { leaf: 'text' },
    );
    return rows.map((row) => row.leaf.replace(/\.0$/, '')).sort();
  }

  it('M1-M4: patches meet what is stored as the mode says', async () => {
    const userId = await newUser({ hobby: 'surfing' });
    await patchUser(userId, { addresses: { home: 'x' } });
    expect(await stored(userId)).toEqual({ hobby: 'surfing', addresses: { home: 'x' } });
    await patchUser(userId, { addresses: { work: 'y' } });
    expect(await stored(userId)).toEqual({ hobby: 'surfing', addresses: { work: 'y' } });
    await patchUser(userId, { addresses: { home: 'x' } }, 'MERGE_DEEP');
    expect(await stored(userId)).toEqual({ hobby: 'surfing', addresses: { home: 'x', work: 'y' } });
    await patchUser(userId, { hobby: null });
    expect(await stored(userId)).toEqual({ addresses: { home: 'x', work: 'y' } });
    await patchUser(userId, {}, 'MERGE_DEEP');
    expect(await stored(userId)).toEqual({ addresses: { home: 'x', work: 'y' } });
    await patchUser(userId, {});
    expect(await stored(userId)).toEqual({});
  });

  it('answers what was before and after, which paths changed, and the rows as they are now', async () => {
    const userId = await newUser({ a: 1, b: { c: [1] } });
    core.time.now += 1000;
    const change = await patchUser(userId, { b: { c: [2] }, d: 'x' });
    expect(change).toMatchObject({
      before: { a: 1, b: { c: [1] } },
      after: { a: 1, b: { c: [2] }, d: 'x' },
      changedPaths: ['b.c', 'd'],
      notices: [],
      row: { version: 2, updatedAt: core.time.now },
      user: { id: userId, updatedAt: core.time.now },
    });
    expect(change.row).toEqual(await core.metadata.read(core.callAs().store, userId));
  });

  it('M5, M7: a refused key leaves everything as it was', async () => {
    const userId = await newUser({ a: 1 }, { plan: 'gold' });
    await expect(patchUser(userId, { ok: 1, 'preference.color': 'x' })).rejects.toMatchObject({
      code: 'INVALID_METADATA_KEY',
      extensions: { path: 'user_metadata.preference.color' },
    });
    const target = { userId, store: 'app' } as const;
    await expect(
      core.metadata.update(core.callAs(), target, { email: 'x' }, 'MERGE_SHALLOW'),
    ).rejects.toMatchObject({
      code: 'RESERVED_METADATA_KEY',
    });
    expect(await stored(userId)).toEqual({ a: 1 });
    expect(await stored(userId, 'app')).toEqual({ plan: 'gold' });
    expect(await core.metadata.read(core.callAs().store, userId)).toMatchObject({ version: 1 });
  });

  it('stores keys of 255 characters and sixteen levels, and nothing beyond', async () => {
    const levels = (count: number): object => (count === 1 ? { x: 1 } : { x: levels(count - 1) });
    const userId = await newUser();
    const most = { ['k'.repeat(255)]: 1, ...levels(16) };
    await patchUser(userId, most);
    for (const beyond of [{ ['k'.repeat(256)]: 1 }, { '': 1 }, levels(17), { a: { $b: 1 } }])
      await expect(patchUser(userId, beyond)).rejects.toMatchObject({ kind: 'invalid' });
    expect(await stored(userId)).toEqual(most);
  });

  it('M6: keeps dots, unusual texts and numbers in values as they are', async () => {
    const value = {
      text: 'light.blue',
      emoji: '😀',
      quote: `'"\\`,
      big: 2 ** 53 - 1,
      small: 0.1,
      no: false,
      none: null,
      list: [[], {}],
    };
    const userId = await newUser();
    await patchUser(userId, { value });
    expect(await stored(userId)).toEqual({ value });
  });

  it('M8: a user changes only the own user_metadata', async () => {
    const userId = await newUser();
    const other = await newUser();
    const call = core.callAs(asPrincipal({ userId }));
    await core.metadata.update(call, { userId, store: 'user' }, { theme: 'dark' }, 'MERGE_SHALLOW');
    expect(await stored(userId)).toEqual({ theme: 'dark' });
    for (const target of [
      { userId, store: 'app' },
      { userId: other, store: 'user' },
    ] as const) {
      await expect(core.metadata.update(call, target, { a: 1 }, 'MERGE_SHALLOW')).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
      await expect(core.metadata.setPath(call, target, 'a', 1)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(core.metadata.clear(call, target)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(await stored(userId, 'app')).toEqual({});
    expect(await stored(other)).toEqual({});
  });

  it('M9: update:users_app_metadata changes app_metadata alone', async () => {
    const userId = await newUser();
    const call = core.callAs(asPrincipal({ permissions: ['update:users_app_metadata'] }));
    await core.metadata.update(call, { userId, store: 'app' }, { plan: 'gold' }, 'MERGE_SHALLOW');
    expect(await stored(userId, 'app')).toEqual({ plan: 'gold' });
    await expect(
      core.metadata.update(call, { userId, store: 'user' }, { a: 1 }, 'MERGE_SHALLOW'),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('M11: warns above 10 KB, refuses above 1 MB, and lets a profile that is too large shrink', async () => {
    const userId = await newUser();
    expect((await patchUser(userId, { blob: 'x'.repeat(11 * 1024) })).notices).toMatchObject([
      { code: 'PROFILE_OVERSIZED' },
    ]);
    const before = await stored(userId);
    await expect(patchUser(userId, { more: 'x'.repeat(1024 * 1024) })).rejects.toMatchObject({
      code: 'PROFILE_TOO_LARGE',
    });
    expect(await stored(userId)).toEqual(before);
    expect((await patchUser(userId, { blob: 'small' })).notices).toEqual([]);
  });

  it('M13: of two writers with the same version the second is refused', async () => {
    const userId = await newUser();
    const target = { userId, store: 'user', ifVersion: 1 } as const;
    const results = await Promise.allSettled(
      ['first', 'second'].map((by) => core.metadata.update(core.callAs(), target, { by }, 'MERGE_SHALLOW')),
    );
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')).toMatchObject({
      reason: { code: 'VERSION_CONFLICT' },
    });
    expect(await core.metadata.read(core.callAs().store, userId)).toMatchObject({ version: 2 });
  });

  it('loses no write of concurrent patches without a version', async () => {
    const userId = await newUser();
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => patchUser(userId, { [key]: 1 })));
    expect(await stored(userId)).toEqual({ a: 1, b: 1, c: 1, d: 1, e: 1 });
  });

  it('sets and removes the value at a path', async () => {
    const userId = await newUser({ a: { b: 1 } });
    const target = { userId, store: 'user' } as const;
    expect((await core.metadata.setPath(core.callAs(), target, 'a.c.d', [1])).changedPaths).toEqual(['a.c']);
    expect(await stored(userId)).toEqual({ a: { b: 1, c: { d: [1] } } });
    await core.metadata.setPath(core.callAs(), target, 'a.b', null);
    expect(await stored(userId)).toEqual({ a: { c: { d: [1] } } });
    await expect(core.metadata.setPath(core.callAs(), target, 'a.__proto__.x', 1)).rejects.toMatchObject({
      code: 'INVALID_METADATA_KEY',
    });
    await expect(core.metadata.setPath(core.callAs(), target, 'a..b', 1)).rejects.toMatchObject({
      code: 'INVALID_METADATA_KEY',
    });
  });

  it('empties one store and leaves the other', async () => {
    const userId = await newUser({ a: 1 }, { b: 2 });
    await core.metadata.clear(core.callAs(), { userId, store: 'user' });
    expect(await stored(userId)).toEqual({});
    expect(await stored(userId, 'app')).toEqual({ b: 2 });
  });

  it('keeps the searchable leaves equal to the values, in the same transaction', async () => {
    const userId = await newUser(
      { tags: ['a', 'b'], age: 23, on: true, empty: [], none: null },
      { plan: 'gold' },
    );
    expect(await leavesOf(userId)).toEqual([
      'app:plan:text:gold',
      'user:age:number:23',
      'user:on:boolean:1',
      'user:tags:text:a',
      'user:tags:text:b',
    ]);
    await patchUser(userId, { tags: ['b', 'c'], age: '23', on: null, long: 'y'.repeat(300) });
    expect(await leavesOf(userId)).toEqual([
      'app:plan:text:gold',
      'user:age:text:23',
      `user:long:text:${'y'.repeat(256)}`,
      'user:tags:text:b',
      'user:tags:text:c',
    ]);
    await core.metadata.clear(core.callAs(), { userId, store: 'user' });
    expect(await leavesOf(userId)).toEqual(['app:plan:text:gold']);
  });

  it('an unknown user is NOT_FOUND and a change that changes nothing moves no version', async () => {
    await expect(patchUser('auth0|nobody', { a: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const userId = await newUser({ a: 1 });
    expect((await patchUser(userId, { a: 1 })).changedPaths).toEqual([]);
    expect(await core.metadata.read(core.callAs().store, userId)).toMatchObject({ version: 1 });
  });

  it('writes one audit record with the paths and without the values', async () => {
    const userId = await newUser();
    await patchUser(userId, { ssn: '078-05-1120' });
    const events = (
      await core.audit.list(core.callAs(), { targetId: userId, action: 'user_metadata.update' }, {})
    ).rows;
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ changedPaths: ['user_metadata.ssn'] });
    expect(JSON.stringify(events)).not.toContain('078-05-1120');
  });

  describe('B15: paths that may not be written', () => {
    const policy: Policy = {
      version: 2,
      blacklist: [{ scope: 'TENANT', scopeId: '', name: 'user_metadata.ssn' }],
      rules: [
        {
          id: 'atr_1',
          name: 'plan is read-only',
          effect: 'DENY',
          actions: ['WRITE'],
          paths: ['user_metadata.plan.tier'],
          subject: {},
          object: {},
          mask: null,
        },
      ],
    };
    const attempts: readonly [string, unknown, MetadataMode, string][] = [
      ['a new value', { plan: { tier: 'gold' } }, 'MERGE_DEEP', 'FORBIDDEN_ARGUMENT'],
      ['null', { plan: { tier: null } }, 'MERGE_DEEP', 'FORBIDDEN_ARGUMENT'],
      ['the container', { plan: { other: 1 } }, 'MERGE_SHALLOW', 'FORBIDDEN_ARGUMENT'],
      ['null for the container', { plan: null }, 'MERGE_SHALLOW', 'FORBIDDEN_ARGUMENT'],
      ['a replacement of the store', { x: 1 }, 'REPLACE', 'FORBIDDEN_ARGUMENT'],
      ['clearing by an empty patch', {}, 'MERGE_SHALLOW', 'FORBIDDEN_ARGUMENT'],
      ['a blacklisted member', { ssn: 1 }, 'MERGE_DEEP', 'ATTRIBUTE_BLACKLISTED'],
      [
        'a blacklisted member in a list',
        { list: [{ x: 1 }], ssn: [{ a: 1 }] },
        'MERGE_DEEP',
        'ATTRIBUTE_BLACKLISTED',
      ],
    ];

    it.each(attempts)('are refused for %s', async (_title, patch, mode, code) => {
      const userId = await newUser({ plan: { tier: 'silver' } });
      const call = core.callAs(administrator, policy);
      await expect(core.metadata.update(call, { userId, store: 'user' }, patch, mode)).rejects.toMatchObject({
        code,
      });
      expect(await stored(userId)).toEqual({ plan: { tier: 'silver' } });
    });

    it('do not hinder writes beside them', async () => {
      const userId = await newUser({ plan: { tier: 'silver' } });
      const call = core.callAs(administrator, policy);
      await core.metadata.update(call, { userId, store: 'user' }, { plan: { seats: 3 }, a: 1 }, 'MERGE_DEEP');
      expect(await stored(userId)).toEqual({ plan: { tier: 'silver', seats: 3 }, a: 1 });
    });

    it('are refused for a user that is being created', async () => {
      const input = { email: 'b15@x.io', userMetadata: { ssn: '1' } };
      await expect(core.users.create(core.callAs(administrator, policy), input)).rejects.toMatchObject({
        code: 'ATTRIBUTE_BLACKLISTED',
      });
      expect(await core.users.findId(core.callAs(), { email: 'b15@x.io' })).toBeNull();
    });
  });
});
