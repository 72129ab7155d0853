/**
 * @jest-environment node
 */
import { SearchService, searchLimits, type UserSearch } from '#src/features/search/search.service';
import type { SortInput } from '#src/features/search/user-sort';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { UserEntity } from '#src/features/users/user.entity';
import type { UserRow } from '#src/features/users/user-row';
import { sql } from '#src/storage/sql';
import type { Storage } from '#src/storage/store';
import { callOn, declareUserAttributes } from '#test/features/search/support/calls';
import { insertUser, insertUsers, userRow } from '#test/features/search/support/insert-users';
import { fixture, type PlainUser } from '#test/features/search/support/population';
import { population } from '#test/features/search/support/random-search';
import { eachDatabase } from '#test/support/databases';

declareUserAttributes();
const service = new SearchService();

eachDatabase('walking through users', (database) => {
  const sorts: (readonly SortInput[])[] = [
    [],
    [{ field: 'NAME', direction: 'ASC' }],
    [{ field: 'LAST_LOGIN', direction: 'DESC' }],
    [
      { field: 'GIVEN_NAME', direction: 'DESC' },
      { field: 'LOGINS_COUNT', direction: 'ASC' },
    ],
  ];
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
    await insertUsers(storage, population);
  });

  async function walk(search: UserSearch, forward: boolean): Promise<string[]> {
    const found: string[] = [];
    let cursor: string | null = null;
    for (;;) {
      const place: UserSearch = forward ? { first: 7, after: cursor } : { last: 7, before: cursor };
      const { page } = await service.users(callOn(storage), { ...search, ...place });
      const ids = page.rows.map(({ id }) => id);
      if (forward) found.push(...ids);
      else found.unshift(...ids);
      const edge = page.rows.at(forward ? -1 : 0);
      if (!edge || !(forward ? page.hasNextPage : page.hasPreviousPage)) return found;
      cursor = storage.cursors.encode(page.order, page.keyOf(edge));
    }
  }

  test.each(sorts.map((sort) => ({ sort })))(
    '$sort meets every user once, forwards and backwards',
    async ({ sort }) => {
      for (const q of [null, '_exists_:created_at']) {
        const forward = await walk({ sort, q }, true);
        expect([...forward].sort()).toEqual(population.map((user) => user.user_id).sort());
        expect(await walk({ sort, q }, false)).toEqual(forward);
      }
    },
  );

  test('S5 2,500 users are met once each, and insertions on the way make no double', async () => {
    const many = Array.from({ length: 2500 }, (_, index): PlainUser => {
      const id = `many|${String((index * 7919) % 2500).padStart(4, '0')}`;
      return {
        ...fixture.F,
        identities: [],
        user_id: id,
        name: 'many',
        created_at: new Date(index % 50).toISOString(),
      };
    });
    await storage.open().transaction((store) => store.insert(UserEntity, many.map(userRow)));
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let inserted = 0; ; inserted += 1) {
      const { page } = await service.users(callOn(storage), { q: 'name:many', first: 100, after: cursor });
      seen.push(...page.rows.map(({ id }) => id));
      if (!page.hasNextPage) break;
      cursor = storage.cursors.encode(page.order, page.keyOf(page.rows.at(-1) as UserRow));
      const newer: PlainUser = { ...fixture.F, identities: [], user_id: `many|new${inserted}`, name: 'many' };
      await storage.open().transaction((store) => insertUser(store, newer));
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => !id.includes('new')).sort()).toEqual(many.map((user) => user.user_id).sort());
  });

  test('a list with a condition on roles is the same whether few or most hold the role', async () => {
    const named = await storage
      .open()
      .query<{ id: string }>(sql`SELECT id FROM users WHERE name = ${'many'} ORDER BY id LIMIT 2000`, {
        id: 'text',
      });
    const ids = named.map(({ id }) => id);
    const hold = (roleId: string, userIds: readonly string[]) =>
      storage.open().transaction((store) =>
        store.insert(
          UserRoleEntity,
          userIds.map((userId) => ({ userId, roleId, createdAt: 0 })),
        ),
      );
    // A hundred ids, of which ten have the one role and all the other; more users than those have either.
    const hundred = ids.filter((id) => id.startsWith('many|00'));
    expect(hundred).toHaveLength(100);
    const few = hundred.filter((_, index) => index % 10 === 0);
    await hold('rol_editor', [...few, ...ids.slice(500, 900)]);
    await hold('rol_viewer', ids);
    // The ids lead to more than are collected at once, so that the role is asked of all of them.
    const narrow = new SearchService({ ...searchLimits, mostCollected: 8 });
    for (const [role, holders] of [
      ['editor', few],
      ['viewer', hundred],
    ] as const) {
      const query = { q: `role:${role} AND user_id:many\\|00*`, first: 80 };
      const { page, count } = await narrow.users(callOn(storage), query);
      expect(await count()).toEqual({ total: holders.length, isCapped: false });
      expect(page.rows).toHaveLength(Math.min(80, holders.length));
      expect(page.rows.every(({ id }) => holders.includes(id))).toBe(true);
    }
  });
});
