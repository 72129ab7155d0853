/**
 * @jest-environment node
 */
import type { UserSearch } from '#src/features/search/search.service';
import { SearchService } from '#src/features/search/search.service';
import type { Storage } from '#src/storage/store';
import { callOn, declareUserAttributes } from '#test/features/search/support/calls';
import { insertUsers } from '#test/features/search/support/insert-users';
import { fixture } from '#test/features/search/support/population';
import { furtherQueries, queryTable, refusedQueries } from '#test/features/search/support/query-table';
import { IdentityEntity } from '#src/features/identities/identity.entity';
import { ProfileLeafEntity } from '#src/features/identities/profile-leaf.entity';
import { profileLeafRows } from '#src/features/identities/profile-leaves';
import { migrate, revert } from '#src/storage/migrate';
import { storedProfileLeaves } from '#test/support/stale-profile-leaves';
import { eachDatabase } from '#test/support/databases';

declareUserAttributes();
const service = new SearchService();
const letters = new Map(Object.entries(fixture).map(([letter, user]) => [user.user_id, letter]));

eachDatabase('S12 the query table', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
    await insertUsers(storage, Object.values(fixture));
  });

  async function find(search: UserSearch): Promise<string> {
    const { page } = await service.users(callOn(storage), {
      sort: [{ field: 'CREATED_AT', direction: 'ASC' }],
      ...search,
    });
    return page.rows.map(({ id }) => letters.get(id)).join('');
  }

  test.each([...queryTable, ...furtherQueries])('$row $query finds "$finds"', async ({ query, finds }) => {
    expect(await find({ q: query })).toBe(finds);
  });

  test.each(furtherQueries)('the complement of $query is everyone else', async ({ query, finds }) => {
    const others = [...'ABCDEF'].filter((letter) => !finds.includes(letter)).join('');
    expect(await find({ q: `NOT (${query})` })).toBe(others);
  });

  test.each(refusedQueries.map((refused) => ({ ...refused, shown: refused.query.slice(0, 60) })))(
    '$row $shown is refused with $code',
    async ({ query, code }) => {
      await expect(find({ q: query })).rejects.toMatchObject({ code });
    },
  );

  test('profile data that was there before its index is found through it after the migration', async () => {
    const odd = {
      ...{ 'a.b': { 'c\\': ['x', 'x', -0, true, null, []] }, long: `${'😀'.repeat(300)}`, 'z\u0000': 'nul' },
      ...{ nul: 'a\u0000b', half: '\ud800', ['k'.repeat(600)]: 'a path too long' },
    };
    await storage.open().transaction(async (store) => {
      await store.update(IdentityEntity, { connection: 'corp' }, { profileData: odd });
      const owner = { id: 'idn_samlp|corp|e5_0', userId: 'samlp|corp|e5' };
      await store.insert(ProfileLeafEntity, profileLeafRows(owner, odd));
    });
    const before = await storedProfileLeaves(storage.open());
    expect(before).toHaveLength(8);
    while ((await revert(database.url())) !== 'CreateProfileDataLeaves0000000000025');
    await migrate(database.url());
    expect(await storedProfileLeaves(storage.open())).toEqual(before);
    expect(await find({ q: 'identities.profileData.a\\.b.c\\\\:x' })).toBe('E');
  });
});
