/**
 * @jest-environment node
 */
import { SearchService } from '#src/features/search/search.service';
import type { GatehouseError } from '#src/shared/errors';
import type { Storage } from '#src/storage/store';
import { callOn, declareUserAttributes } from '#test/features/search/support/calls';
import { insertUsers } from '#test/features/search/support/insert-users';
import { fixture } from '#test/features/search/support/population';
import { eachDatabase } from '#test/support/databases';

declareUserAttributes();
const service = new SearchService();

const clauses = (count: number): string => Array.from({ length: count }, () => 'name:x').join(' OR ');

/** What may be sent and what comes of it: an error code, or nobody. */
const inputs: readonly (readonly [what: string, query: string, outcome: string])[] = [
  ['S10 5,000 characters', 'a'.repeat(5000), 'QUERY_TOO_LONG'],
  ['4,097 characters', 'a'.repeat(4097), 'QUERY_TOO_LONG'],
  ['4,096 characters', 'a'.repeat(4096), 'nobody'],
  ['101 clauses', clauses(101), 'QUERY_TOO_LONG'],
  ['100 clauses', clauses(100), 'nobody'],
  ['S10 200 nested parentheses', `${'('.repeat(200)}name:x${')'.repeat(200)}`, 'QUERY_TOO_LONG'],
  ['16 nested parentheses', `${'('.repeat(16)}name:x${')'.repeat(16)}`, 'nobody'],
  ['200 closing parentheses', `name:x${')'.repeat(200)}`, 'INVALID_QUERY_STRING'],
  ['2,000 negations', '!'.repeat(2000), 'INVALID_QUERY_STRING'],
  ['an open parenthesis', '(name:x', 'INVALID_QUERY_STRING'],
  ['an open quote', 'name:"x', 'INVALID_QUERY_STRING'],
  ['an open range', 'logins_count:[1 TO 2', 'INVALID_QUERY_STRING'],
  ['an open exclusive range', 'logins_count:{1 TO 2', 'INVALID_QUERY_STRING'],
  ['a closed range that was not open', 'logins_count:1 TO 2]', 'INVALID_QUERY_STRING'],
  ['brackets that cross', '(name:(x) OR name:y', 'INVALID_QUERY_STRING'],
  ['a backslash at the end', 'name:x\\', 'INVALID_QUERY_STRING'],
  ['an empty field value', 'name:', 'INVALID_QUERY_STRING'],
  ['an empty field name', ':x', 'INVALID_QUERY_STRING'],
  ['only an operator', 'AND', 'INVALID_QUERY_STRING'],
  ['a NUL', 'name:"a\0b"', 'INVALID_QUERY_STRING'],
  ['half a character', 'name:\ud800', 'INVALID_QUERY_STRING'],
  ['a Cyrillic letter in a field name', 'nаme:x', 'UNKNOWN_FIELD'],
  ['full-width letters in a field name', 'ｎａｍｅ:x', 'UNKNOWN_FIELD'],
  ['a combining accent in a field name', 'nam\u0301e:x', 'UNKNOWN_FIELD'],
  ['a zero-width space in a field name', 'name\u200b:x', 'UNKNOWN_FIELD'],
  ['a Turkish dotless i in a field name', 'gıven_name:x', 'UNKNOWN_FIELD'],
  ['a no-break space before a field name', '\u00a0name:x', 'UNKNOWN_FIELD'],
  ['a field name of a thousand characters', `${'n'.repeat(1000)}:x`, 'UNKNOWN_FIELD'],
  ['a name of every object', 'constructor:x', 'UNKNOWN_FIELD'],
  ['the prototype', '__proto__:x', 'UNKNOWN_FIELD'],
  ['a column of the table', 'email_folded:x', 'UNKNOWN_FIELD'],
  ['a secret', 'password:x', 'FIELD_NOT_SEARCHABLE'],
  ['S11 an injection in a phrase', `name:"x' OR 1=1 --"`, 'nobody'],
  ['an injection that closes', `name:"x'); DROP TABLE users; --"`, 'nobody'],
  ['an injection in a bare phrase', `"' UNION SELECT * FROM users --"`, 'nobody'],
  ['a percent sign', 'name:%', 'nobody'],
  ['percent signs around', 'name:%an%', 'nobody'],
  ['an underscore for a letter', 'name:j_ne', 'nobody'],
  ['GLOB brackets', 'name:\\[a-z\\]*', 'nobody'],
  ['a negated GLOB bracket inside stars', 'name:*\\[\\^a\\]*', 'nobody'],
  ['trigram syntax with quotes', 'name:*a\\"b OR\\"c*'.replace(' ', '\\ '), 'nobody'],
  ['trigram syntax with a column', 'name:*\\}\\ \\:\\ x*', 'nobody'],
  ['a placeholder', 'name:\\?1', 'nobody'],
  ['another placeholder', 'name:$1', 'nobody'],
  ['a path with quotes', `user_metadata.a'b\\"c:1`, 'nobody'],
  ['a path with an escaped dot', 'user_metadata.a\\.b:1', 'nobody'],
  ['a path with escaped brackets', 'user_metadata.a\\[0\\].b:1', 'nobody'],
  ['a path with brackets', 'user_metadata.a[0]:1', 'INVALID_QUERY_STRING'],
  ['a path of a thousand characters', `user_metadata.${'a'.repeat(1000)}:1`, 'FIELD_NOT_SEARCHABLE'],
  ['a path of a thousand keys', `user_metadata${'.a'.repeat(1000)}:1`, 'FIELD_NOT_SEARCHABLE'],
  ['a path with a percent sign', '_exists_:app_metadata.%', 'nobody'],
  ['a path with an empty key', 'user_metadata..a:1', 'INVALID_QUERY_STRING'],
  ['a path that ends in a dot', 'user_metadata.a.:1', 'INVALID_QUERY_STRING'],
  ['a number beyond all columns', 'logins_count:99999999999', 'nobody'],
  ['a number of a thousand digits', `logins_count:${'9'.repeat(1000)}`, 'nobody'],
  ['a range beyond 32 bits', 'logins_count:[3000000000 TO *]', 'nobody'],
  ['a year with five digits', 'created_at:12026', 'INVALID_QUERY_STRING'],
  ['a day that does not exist', 'created_at:2026-02-30', 'INVALID_QUERY_STRING'],
  ['a date of a thousand characters', `created_at:${'2'.repeat(1000)}`, 'INVALID_QUERY_STRING'],
  ['a suffix of two', 'name:*sa', 'INVALID_QUERY_STRING'],
  ['500 stars', `name:${'*a'.repeat(500)}`, 'INVALID_QUERY_STRING'],
  ['500 stars between three letters', `name:${'*abc'.repeat(500)}*`, 'nobody'],
  ['a pattern of three thousand characters', `email:*${'abcdef'.repeat(500)}*`, 'nobody'],
  ['emoji without trigrams', 'name:*😀😀😀*', 'nobody'],
];

eachDatabase('input that nobody should send', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
    await insertUsers(storage, Object.values(fixture));
  });

  test.each(inputs)('%s', async (_, q, outcome) => {
    const call = callOn(storage);
    const answer = await service.users(call, { q }).then(
      async ({ page, count }) =>
        page.rows.length === 0 && (await count()).total === 0 ? 'nobody' : 'somebody',
      (error: GatehouseError) => error.code,
    );
    expect(answer).toBe(outcome);
    if (outcome !== 'nobody') expect(call.store.statements).toBe(0);
  });

  test('INVALID_QUERY_STRING carries position, token and hint', async () => {
    await expect(service.users(callOn(storage), { q: 'name:jane AND name:[a b]' })).rejects.toMatchObject({
      code: 'INVALID_QUERY_STRING',
      extensions: { position: expect.any(Number), token: expect.any(String), hint: expect.any(String) },
    });
  });
});
