/**
 * @jest-environment node
 */
import fc from 'fast-check';
import { printQuery } from '#src/features/search/lucene/print';
import { parseQuery } from '#src/features/search/lucene/parse';
import { SearchService, searchLimits } from '#src/features/search/search.service';
import type { Storage } from '#src/storage/store';
import { callOn, declareUserAttributes } from '#test/features/search/support/calls';
import { insertUsers } from '#test/features/search/support/insert-users';
import { population, randomQuery } from '#test/features/search/support/random-search';
import { matches } from '#test/features/search/support/reference';
import { withoutPlaces } from '#test/features/search/support/trees';
import { eachDatabase } from '#test/support/databases';

declareUserAttributes();
/** With few users allowed to be collected, every way into the data is taken. */
const service = new SearchService({ ...searchLimits, timeoutMs: 10_000, mostCollected: 8 });
/** Trees for each seed; `GATEHOUSE_TEST_QUERIES=10000` runs the long test. */
const runs = Number(process.env['GATEHOUSE_TEST_QUERIES'] ?? 120);
const seeds = (process.env['GATEHOUSE_TEST_SEEDS'] ?? '1,20260101,4093082899').split(',').map(Number);

eachDatabase('random queries', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
    await insertUsers(storage, population);
  });

  test.each(seeds)(
    `${runs} random queries of seed %i find what the reference finds`,
    async (seed) => {
      await fc.assert(
        fc.asyncProperty(randomQuery, async (tree) => {
          const query = printQuery(tree);
          fc.pre(query.length <= 4096);
          expect(withoutPlaces(parseQuery(query))).toEqual(withoutPlaces(tree));
          const expected = population.filter((user) => matches(tree, user)).map((user) => user.user_id);
          const { page, count } = await service.users(callOn(storage), { q: query, first: 100 });
          expect(page.rows.map(({ id }) => id).sort()).toEqual(expected.sort());
          expect(await count()).toEqual({ total: expected.length, isCapped: false });
        }),
        { numRuns: runs, seed },
      );
    },
    60_000 + runs * 200,
  );
});
