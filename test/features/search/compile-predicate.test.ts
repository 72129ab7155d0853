import { compileIds, compilePredicate, type SearchTables } from '#src/features/search/compile-predicate';
import { anyOf, testOf, type Predicate, type UserColumn } from '#src/features/search/predicate';
import type { PredicateTest } from '#src/features/search/search-strategy';
import { postgresDialect } from '#src/storage/dialect/postgres';
import { sqliteDialect } from '#src/storage/dialect/sqlite';
import { sql } from '#src/storage/sql';

const is = (column: UserColumn, value: string | boolean): Predicate =>
  testOf({ of: 'user', column }, { test: 'equals', value });
const hundred = Array.from({ length: 100 }, (_, index) => is('nameFolded', `n${index % 50}`));

describe.each([postgresDialect, sqliteDialect])('alternatives on $name', (dialect) => {
  const column = (name: string, alias: string) => sql.raw(`${alias}.${name}`);
  const tables = {
    dialect,
    userId: (alias: string) => column('id', alias),
    users: (alias: string) => sql.raw(`users ${alias}`),
    userColumn: column,
  } as unknown as SearchTables;

  it('in one column are one look-up of the different values', () => {
    const values = Array.from({ length: 50 }, (_, index) => `n${index}`);
    for (const made of [
      compilePredicate(anyOf(hundred), tables),
      compileIds(hundred as readonly PredicateTest[], tables),
    ]) {
      expect(made.values).toEqual([values]);
      expect(made.texts.join('').match(/nameFolded/g)).toHaveLength(1);
    }
  });

  it('are gathered out of lists within lists, each column for itself', () => {
    const nested = anyOf([
      anyOf([is('nameFolded', 'a'), is('emailFolded', 'b')]),
      anyOf([is('nameFolded', 'c')]),
    ]);
    const made = compilePredicate(nested, tables);
    expect(made.values).toEqual([['a', 'c'], 'b']);
    expect(made.texts.join('?')).toMatch(/nameFolded.* OR .*emailFolded = \?/);
  });

  it('leave what is no text, no equality or no column of users as it is', () => {
    const others = anyOf([
      is('blocked', true),
      is('blocked', true),
      testOf({ of: 'user', column: 'nameFolded' }, { test: 'pattern', parts: ['a', ''] }),
      is('nameFolded', 'b'),
    ]);
    const made = compilePredicate(others, tables);
    expect(made.texts.join('?').match(/blocked/g)).toHaveLength(2);
    expect(made.values).toEqual(['b', true, true, 'a', 'b']);
  });
});
