/**
 * @jest-environment node
 */
import { SearchService, searchLimits, type NumberedSearch } from '#src/features/search/search.service';
import type { Storage } from '#src/storage/store';
import { callOn, declareUserAttributes } from '#test/features/search/support/calls';
import { insertUsers } from '#test/features/search/support/insert-users';
import { fixture } from '#test/features/search/support/population';
import { eachDatabase } from '#test/support/databases';

declareUserAttributes();
const service = new SearchService();
const letters = new Map(Object.entries(fixture).map(([letter, user]) => [user.user_id, letter]));

eachDatabase('pages of users by number', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
    await insertUsers(storage, Object.values(fixture));
  });

  const usual = { page: 0, perPage: 50, includeTotals: false };
  const ask = (search: Partial<NumberedSearch>) => service.numbered(callOn(storage), { ...usual, ...search });
  const find = async (search: Partial<NumberedSearch>) =>
    (await ask(search)).users.map(({ id }) => letters.get(id)).join('');

  test('S1 sorted by creation', async () => {
    expect(await find({ sort: 'created_at:1' })).toBe('ABCDEF');
    expect(await find({})).toBe('FEDCBA');
  });

  test.each([
    ['user_id:1', 'ADFBEC'],
    ['email:-1', 'BDAFEC'],
    ['logins_count:1', 'CFDEAB'],
    ['updated_at:1,logins_count:-1', 'BAEDFC'],
  ])('sorted by %s', async (sort, expected) => {
    expect(await find({ sort })).toBe(expected);
    expect(await find({ sort, q: 'name:*' })).toBe(expected);
  });

  test.each([
    'user_metadata.age:1',
    'name:2',
    'name',
    'name:',
    'name:1:1',
    'name:1, email:1',
    'shoe:1',
    'password:1',
    'NAME:1',
    'name:1,name:-1',
    'name:1,email:1,username:1,nickname:1',
    'constructor:1',
  ])('S2 INVALID_SORT for %s', async (sort) => {
    await expect(ask({ sort })).rejects.toMatchObject({ code: 'INVALID_SORT' });
  });

  test('INVALID_SORT in the same words for a field that the caller may not sort by', async () => {
    const policy = {
      rules: [
        {
          id: 'atr_1',
          name: 'test',
          effect: 'DENY' as const,
          actions: ['READ' as const],
          paths: ['name'],
          subject: {},
          object: {},
          mask: null,
        },
      ],
    };
    const refusal = (sort: string) =>
      service
        .numbered(callOn(storage, { policy }), { ...usual, sort })
        .catch((error: Error) => error.message);
    expect(await refusal('name:1')).toBe(await refusal('shoe:1'));
  });

  test('S3 the second page of two, with totals', async () => {
    const page = await ask({ perPage: 2, page: 1, includeTotals: true, sort: 'created_at:1' });
    expect(page).toMatchObject({ start: 2, limit: 2, length: 2, total: 6, totalIsCapped: false });
    expect(page.users.map(({ id }) => letters.get(id))).toEqual(['C', 'D']);
  });

  test('a total that goes no further than its limit says so', async () => {
    const counting = new SearchService({ ...searchLimits, mostCounted: 4 });
    const count = async (q: string | null) => {
      const { total, totalIsCapped } = await counting.numbered(callOn(storage), {
        ...usual,
        q,
        includeTotals: true,
      });
      return { total, totalIsCapped };
    };
    for (const q of [null, 'name:*', 'NOT blocked:true', '_exists_:created_at'])
      expect(await count(q)).toEqual({ total: 4, totalIsCapped: true });
    expect(await count('email_verified:true')).toEqual({ total: 2, totalIsCapped: false });
    expect(await count('name:j*')).toEqual({ total: 4, totalIsCapped: false });
  });

  test('without totals nothing is counted', async () => {
    expect(await ask({ page: 3 })).toMatchObject({ start: 150, length: 0, total: null, totalIsCapped: null });
    expect(await ask({ page: 0, perPage: 2 })).toMatchObject({ length: 2, users: [{}, {}] });
  });

  test.each([
    { perPage: 101 },
    { perPage: 0 },
    { page: -1 },
    { perPage: 100, page: 10 },
    { perPage: 1, page: 1000 },
    { perPage: -5 },
  ])('S4 INVALID_PAGING for %j', async (window) => {
    await expect(ask(window)).rejects.toMatchObject({ code: 'INVALID_PAGING' });
  });

  test('the thousandth user is the last one that a number reaches', async () => {
    expect(await ask({ perPage: 100, page: 9 })).toMatchObject({ start: 900, length: 0 });
  });
});
