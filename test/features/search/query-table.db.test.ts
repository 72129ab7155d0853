import type { UserSearch } from '#src/features/search/search.service';
import { SearchService } from '#src/features/search/search.service';
import type { Storage } from '#src/storage/store';
import { callOn, declareUserAttributes } from '#test/features/search/support/calls';
import { insertUsers } from '#test/features/search/support/insert-users';
import { fixture } from '#test/features/search/support/population';
import { furtherQueries, queryTable, refusedQueries } from '#test/features/search/support/query-table';
import { eachDatabase } from '#test/support/databases';

declareUserAttributes();
const service = new SearchService();
const letters = new Map(Object.entries(fixture).map(([letter, user]) => [user.user_id, letter]));

eachDatabase('the query table', (database) => {
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
});
