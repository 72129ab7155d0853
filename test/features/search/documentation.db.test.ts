/**
 * @jest-environment node
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SearchService } from '#src/features/search/search.service';
import { fieldNames } from '#src/features/search/searchable-fields';
import type { Storage } from '#src/storage/store';
import { callOn, declareUserAttributes } from '#test/features/search/support/calls';
import { insertUsers } from '#test/features/search/support/insert-users';
import { fixture } from '#test/features/search/support/population';
import { eachDatabase } from '#test/support/databases';

declareUserAttributes();
const service = new SearchService();
const letters = new Map(Object.entries(fixture).map(([letter, user]) => [user.user_id, letter]));
const page = readFileSync(resolve('docs/search.md'), 'utf8');

/** First and second cell of every row of the tables between the marks. */
const rows = page
  .slice(page.indexOf('<!-- examples -->'), page.indexOf('<!-- /examples -->'))
  .split('\n')
  .map((line) => /^\| `(.+?)` \| (.*?) \|/.exec(line))
  .filter((row) => row !== null)
  .map(([, query, answer]) => ({
    query: (query as string).replaceAll('\\|', '|'),
    answer: answer as string,
  }));

const refused = rows.filter(({ answer }) => answer.startsWith('`'));
const found = rows.filter(({ answer }) => !answer.startsWith('`'));

eachDatabase('the examples of the documentation', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
    await insertUsers(storage, Object.values(fixture));
  });
  const find = (q: string) =>
    service.users(callOn(storage), { q, sort: [{ field: 'CREATED_AT', direction: 'ASC' }] });

  test.each(found)('$query finds $answer', async ({ query, answer }) => {
    const { page: users } = await find(query);
    expect(users.rows.map(({ id }) => letters.get(id)).join(' ') || 'nobody').toBe(answer);
  });

  test.each(refused)('$query is refused with $answer', async ({ query, answer }) => {
    await expect(find(query)).rejects.toMatchObject({ code: answer.replaceAll('`', '') });
  });
});

test('there are examples of both kinds', () => {
  expect(found.length).toBeGreaterThan(40);
  expect(refused.length).toBeGreaterThan(5);
});

test.each(fieldNames)('%s stands in the list of fields', (name) => {
  const list = page.slice(page.indexOf('## Fields'), page.indexOf('## Typed filters'));
  expect(list).toContain(`\`${name}\``);
});
