/**
 * @jest-environment node
 */
import { SearchService, searchLimits, type UserSearch } from '#src/features/search/search.service';
import type { SortInput } from '#src/features/search/user-sort';
import type { UserRow } from '#src/features/users/user-row';
import type { Page } from '#src/shared/page';
import type { Storage } from '#src/storage/store';
import { callOn, declareUserAttributes } from '#test/features/search/support/calls';
import { insertUser, insertUsers } from '#test/features/search/support/insert-users';
import { fixture, type PlainUser } from '#test/features/search/support/population';
import { eachDatabase } from '#test/support/databases';

declareUserAttributes();
const service = new SearchService();
const letters = new Map(Object.entries(fixture).map(([letter, user]) => [user.user_id, letter]));

eachDatabase('pages of users', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
    await insertUsers(storage, Object.values(fixture));
  });

  const run = (search: UserSearch) => service.users(callOn(storage), search);
  const lettersOf = (page: Page<UserRow>) => page.rows.map(({ id }) => letters.get(id)).join('');
  const find = async (search: UserSearch) => lettersOf((await run(search)).page);
  const cursorOf = (page: Page<UserRow>, row: UserRow | undefined) =>
    storage.cursors.encode(page.order, page.keyOf(row as UserRow));
  const by = (field: SortInput['field'], direction: SortInput['direction'] = 'ASC'): SortInput[] => [
    { field, direction },
  ];

  test('the newest come first', async () => {
    expect(await find({})).toBe('FEDCBA');
    expect(await find({ q: 'name:*' })).toBe('FEDCBA');
  });

  test('S1 by creation', async () => {
    expect(await find({ sort: by('CREATED_AT') })).toBe('ABCDEF');
    expect(await find({ sort: by('CREATED_AT'), q: 'name:j*' })).toBe('ABDF');
  });

  test.each([
    ['ID', 'ASC', 'ADFBEC'],
    ['NAME', 'ASC', 'CEFABD'],
    ['EMAIL', 'ASC', 'CEFADB'],
    ['EMAIL', 'DESC', 'BDAFEC'],
    ['LOGINS_COUNT', 'ASC', 'CFDEAB'],
    ['LOGINS_COUNT', 'DESC', 'BAEDFC'],
    ['LAST_LOGIN', 'ASC', 'FCABDE'],
    ['USERNAME', 'DESC', 'DACEBF'],
    ['UPDATED_AT', 'ASC', 'ADFBEC'],
  ] as const)('by %s %s, whether searched or not', async (field, direction, expected) => {
    expect(await find({ sort: by(field, direction) })).toBe(expected);
    expect(await find({ sort: by(field, direction), q: '*:* AND name:*' })).toBe(expected);
  });

  test('by several keys, each in its own direction', async () => {
    const sort: SortInput[] = [
      { field: 'UPDATED_AT', direction: 'ASC' },
      { field: 'LOGINS_COUNT', direction: 'DESC' },
      { field: 'NAME', direction: 'ASC' },
    ];
    expect(await find({ sort })).toBe('BAEDFC');
  });

  test('rows are the columns of the user and nothing else', async () => {
    const { page } = await run({ q: 'username:jo_n' });
    expect(page.rows).toEqual([
      {
        id: 'auth0|d4',
        connection: 'main',
        email: 'jo+news@other.io',
        emailVerified: false,
        username: 'jo_n',
        phoneNumber: null,
        phoneVerified: null,
        name: "Johnny O'Neil",
        givenName: 'Johnny',
        familyName: "O'Neil",
        nickname: 'jo-n',
        picture: null,
        blocked: true,
        attributes: null,
        createdAt: Date.parse('2020-02-29'),
        updatedAt: Date.parse('2026-01-01'),
        lastLogin: Date.parse('2024-12-31T22:00Z'),
        lastIp: '10.0.0.7',
        loginsCount: 99,
        lastPasswordReset: null,
        multifactor: null,
        multifactorLastModified: null,
        version: 1,
      },
    ]);
  });

  test('a page costs one statement, and the count one more', async () => {
    for (const q of [null, 'name:j*', 'app_metadata.subscription.plan:gold']) {
      const call = callOn(storage);
      const { count } = await service.users(call, { q, first: 2 });
      expect(call.store.statements).toBe(1);
      await count();
      expect(call.store.statements).toBe(2);
    }
  });

  test('the count goes no further than its limit', async () => {
    const counted = new SearchService({ ...searchLimits, mostCounted: 4 });
    const { count } = await counted.users(callOn(storage), { q: 'name:*' });
    expect(await count()).toEqual({ total: 4, isCapped: true });
  });

  test.each([
    [{ filter: {} }, 'ABCDEF'],
    [{ filter: { email: { eq: 'JANE@exampleco.com' } } }, 'A'],
    [{ filter: { emailDomain: { in: ['exampleco.com', 'other.io'] } } }, 'ABD'],
    [{ filter: { name: { startsWith: 'j', contains: 'smith' } } }, 'A'],
    [{ filter: { id: { endsWith: '|e5' } } }, 'E'],
    [{ filter: { loginsCount: { gt: 99, lte: 150 } } }, 'AE'],
    [{ filter: { loginsCount: { exists: false } } }, 'C'],
    [{ filter: { lastLogin: { gte: Date.parse('2018-01-15T23:30Z') } } }, 'BDE'],
    [{ filter: { lastLogin: { gt: Date.parse('2018-01-15T23:30Z') } } }, 'DE'],
    [{ filter: { createdAt: { eq: Date.parse('2020-02-29') } } }, 'D'],
    [{ filter: { blocked: true } }, 'D'],
    [{ filter: { emailVerified: false, not: { blocked: true } } }, 'EF'],
    [{ filter: { or: [{ connection: 'corp' }, { provider: 'google-oauth2' }] } }, 'BE'],
    [{ filter: { or: [] } }, ''],
    [{ filter: { and: [] } }, 'ABCDEF'],
    [{ filter: { username: { in: [] } } }, ''],
    [{ filter: { organizationId: 'org_acme', role: 'editor' } }, 'A'],
    [{ filter: { roleId: 'rol_viewer' } }, 'C'],
    [{ filter: { permission: 'read:posts' } }, 'ABC'],
    [{ filter: { metadata: [{ store: 'APP', path: 'subscription.plan', in: ['gold', 'silver'] }] } }, 'ABF'],
    [{ filter: { metadata: [{ store: 'APP', path: 'level', gte: 5, lt: 7 }] } }, 'A'],
    [{ filter: { metadata: [{ store: 'APP', path: 'roles', contains: 'Admin' }] } }, 'C'],
    [{ filter: { metadata: [{ store: 'APP', path: 'groups', startsWith: 'internal' }] } }, 'E'],
    [{ filter: { metadata: [{ store: 'USER', path: 'approved', eq: false }] } }, 'A'],
    [{ filter: { metadata: [{ store: 'USER', path: 'tags', exists: true }] } }, ''],
    [{ q: 'name:j*', filter: { emailVerified: true } }, 'AB'],
    [{ q: '', filter: { emailVerified: true } }, 'AB'],
  ])('%j finds "%s"', async (search, finds) => {
    expect(await find({ ...search, sort: by('CREATED_AT') })).toBe(finds);
  });

  test('INVALID_PAGING for sizes and cursors that are none', async () => {
    const { page } = await run({ first: 2 });
    const cursor = cursorOf(page, page.rows[1]);
    for (const bad of [
      { first: 101 },
      { first: -1 },
      { last: 101 },
      { first: 1, last: 1 },
      { after: 'x' },
      { after: '' },
      { after: `${cursor.slice(0, -2)}AA` },
      { after: cursor, sort: by('NAME') },
      { before: 'x'.repeat(100_000) },
    ]) {
      for (const q of [null, 'name:*']) {
        await expect(run({ ...bad, q })).rejects.toMatchObject({ code: 'INVALID_PAGING' });
      }
    }
  });

  test('INVALID_SORT for too many keys and for a field named twice', async () => {
    const sort = (...fields: SortInput['field'][]) =>
      fields.map((field) => ({ field, direction: 'ASC' }) as const);
    await expect(run({ sort: sort('NAME', 'NAME') })).rejects.toMatchObject({ code: 'INVALID_SORT' });
    await expect(run({ sort: sort('NAME', 'EMAIL', 'USERNAME', 'ID') })).rejects.toMatchObject({
      code: 'INVALID_SORT',
    });
  });

  test('S6 a change is found at once', async () => {
    const user: PlainUser = {
      ...fixture.F,
      identities: [],
      user_id: 'auth0|s6',
      name: 'first sixth',
      created_at: '2023-01-01T00:00:00.000Z',
    };
    expect(await run({ q: 'name:"first sixth"' })).toMatchObject({ page: { rows: [] } });
    await storage.open().transaction((store) => insertUser(store, user));
    expect(await run({ q: 'name:"first sixth"' })).toMatchObject({ page: { rows: [{ id: 'auth0|s6' }] } });
  });

  test('a long metadata text is found whole, and by its beginning', async () => {
    const text = `${'ab😀'.repeat(100)}end`;
    const at = (user_id: string, note: string): PlainUser => ({
      ...fixture.C,
      identities: [],
      user_id,
      app_metadata: { note },
    });
    await storage.open().transaction(async (store) => {
      await insertUser(store, at('sms|long', text));
      await insertUser(store, at('sms|longer', `${text}!`));
    });
    const ids = async (q: string) => (await run({ q, sort: by('ID') })).page.rows.map(({ id }) => id);
    expect(await ids(`app_metadata.note:"${text}"`)).toEqual(['sms|long']);
    expect(await ids(`app_metadata.note:"${text}!"`)).toEqual(['sms|longer']);
    expect(await ids(`app_metadata.note:"${text}?"`)).toEqual([]);
    expect(await ids(`app_metadata.note:"${[...text].slice(0, 256).join('')}"`)).toEqual([]);
    expect(await ids('app_metadata.note:ab*')).toEqual(['sms|long', 'sms|longer']);
    expect(await ids('app_metadata.note:*end')).toEqual([]);
    expect(await ids('app_metadata.note:*ab😀')).toEqual([]);
    await expect(ids(`app_metadata.note:${'a'.repeat(256)}*`)).rejects.toMatchObject({
      code: 'INVALID_QUERY_STRING',
    });
    await expect(ids(`app_metadata.note:[${'a'.repeat(256)} TO *]`)).rejects.toMatchObject({
      code: 'INVALID_QUERY_STRING',
    });
  });
});
