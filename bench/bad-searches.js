'use strict';

const clauses = (count) => Array.from({ length: count }, () => 'name:x').join(' OR ');

/**
 * Searches that are wrong or hostile, each with the code of its refusal, or null for an honest empty answer. The tests know more of
 * them (`test/features/search/bad-input.db.test.ts`); here they are asked how long they take.
 */
const badSearches = [
  ['4,097 characters', 'a'.repeat(4097), 'QUERY_TOO_LONG'],
  ['4,096 characters', 'a'.repeat(4096), null],
  ['101 clauses', clauses(101), 'QUERY_TOO_LONG'],
  ['100 clauses', clauses(100), null],
  ['200 parentheses', `${'('.repeat(200)}name:x${')'.repeat(200)}`, 'QUERY_TOO_LONG'],
  ['200 closing parentheses', `name:x${')'.repeat(200)}`, 'INVALID_QUERY_STRING'],
  ['2,000 negations', '!'.repeat(2000), 'INVALID_QUERY_STRING'],
  ['an open parenthesis', '(name:x', 'INVALID_QUERY_STRING'],
  ['an open quote', 'name:"x', 'INVALID_QUERY_STRING'],
  ['an open range', 'logins_count:[1 TO 2', 'INVALID_QUERY_STRING'],
  ['an empty field value', 'name:', 'INVALID_QUERY_STRING'],
  ['a dangling operator', 'name:jane AND', 'INVALID_QUERY_STRING'],
  ['a regular expression', 'name:/joh?n/', 'INVALID_QUERY_STRING'],
  ['a suffix of two', 'name:*sa', 'INVALID_QUERY_STRING'],
  ['a wrong type', 'logins_count:many', 'INVALID_QUERY_STRING'],
  ['a day that does not exist', 'created_at:2026-02-30', 'INVALID_QUERY_STRING'],
  ['a Cyrillic letter in a field name', 'n\u0430me:x', 'UNKNOWN_FIELD'],
  ['a field name of a thousand characters', `${'n'.repeat(1000)}:x`, 'UNKNOWN_FIELD'],
  ['a name of every object', 'constructor:x', 'UNKNOWN_FIELD'],
  ['a secret', 'password:x', 'FIELD_NOT_SEARCHABLE'],
  ['an injection in a phrase', `name:"x' OR 1=1 --"`, null],
  ['an injection that closes', `name:"x'); DROP TABLE users; --"`, null],
  ['a percent sign', 'name:%', null],
  ['percent signs around', 'name:%an%', null],
  ['an underscore for a letter', 'name:j_ne', null],
  ['GLOB brackets', 'name:\\[a-z\\]*', null],
  ['a path with quotes', `user_metadata.a'b\\"c:1`, null],
  ['a path with an escaped dot', 'user_metadata.a\\.b:1', null],
  ['a path with brackets', 'user_metadata.a[0]:1', 'INVALID_QUERY_STRING'],
  ['a path of a thousand characters', `user_metadata.${'a'.repeat(1000)}:1`, 'FIELD_NOT_SEARCHABLE'],
  ['a path of a thousand keys', `user_metadata${'.a'.repeat(1000)}:1`, 'FIELD_NOT_SEARCHABLE'],
  ['a number of a thousand digits', `logins_count:${'9'.repeat(1000)}`, null],
  ['500 stars between three letters', `name:${'*abc'.repeat(500)}*`, null],
  ['a pattern of three thousand characters', `email:*${'abcdef'.repeat(500)}*`, null],
];

module.exports = { badSearches };
