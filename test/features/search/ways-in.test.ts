import type { SearchTables } from '#src/features/search/compile-predicate';
import { allOf, testOf, type Predicate } from '#src/features/search/predicate';
import { keysOfMany, waysIn } from '#src/features/search/ways-in';
import { postgresDialect } from '#src/storage/dialect/postgres';
import { sqliteDialect } from '#src/storage/dialect/sqlite';
import { sql } from '#src/storage/sql';

const name = testOf({ of: 'user', column: 'nameFolded' }, { test: 'pattern', parts: ['a', ''] });
const city = testOf({ of: 'user', column: 'emailDomain' }, { test: 'equals', value: 'x.io' });
const role = testOf({ of: 'role', column: 'name' }, { test: 'equals', value: 'editor' });
const member = testOf({ of: 'organization' }, { test: 'equals', value: 'org_1' });

describe.each([postgresDialect, sqliteDialect])('ways in on $name', (dialect) => {
  const column = (of: string, alias: string) => sql.raw(`${alias}.${of}`);
  const tables = {
    dialect,
    userId: (alias: string) => column('id', alias),
    users: (alias: string) => sql.raw(`users ${alias}`),
    userColumn: column,
    rows: ({ of }: { of: string }) => [
      {
        owner: sql.raw('x.owner'),
        from: sql.raw(`${of}s x`),
        condition: sql`TRUE`,
        conditionOfOwner: sql`TRUE`,
      },
    ],
  } as unknown as SearchTables;
  const ways = (...operands: Predicate[]) => waysIn(allOf(operands), null, tables);

  it('leave nothing to be asked of users where one condition is all there is', () => {
    expect(ways(name)).toMatchObject([{ rest: null, ofId: null, partner: null }]);
    expect(ways(role)).toMatchObject([{ rest: null, ofId: null, partner: null }]);
  });

  it('ask the id what belongs to a user, and the user what stands in its row', () => {
    const [byRole, byName] = ways(name, role);
    expect(byRole).toMatchObject({ ofId: null, partner: null });
    expect(byRole?.rest?.texts.join('?')).toContain('nameFolded');
    expect(byName?.rest).toBeNull();
    expect(byName?.ofId?.texts.join('?')).toContain('roles x');
    expect(ways(name, city).every(({ ofId, rest }) => ofId === null && rest !== null)).toBe(true);
  });

  it('hold a long list against its partner where the database does that well, and ask each id for the rest', () => {
    const byName = ways(name, role, member).at(-1);
    const keys = keysOfMany(byName as NonNullable<typeof byName>, 8).texts.join('?');
    if (dialect === sqliteDialect) return expect(keys).not.toContain('INTERSECT');
    const [joined = '', asked = ''] = keys.split('UNION ALL');
    expect(joined).toMatch(/INTERSECT SELECT "key" FROM \(SELECT x\.owner AS "key" FROM roles x/);
    expect(joined.slice(joined.lastIndexOf('<='))).toContain('organizations x');
    expect(asked).toMatch(/NOT .*roles x.*roles x.*organizations x/s);
  });
});
