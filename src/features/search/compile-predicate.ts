import { escapeLike, type Dialect } from '#src/storage/dialect/dialect';
import { sql, type Sql } from '#src/storage/sql';
import type { Predicate, SearchBound, SearchTarget, SearchTest, UserColumn } from './predicate';

/** A target that belongs to a user without being a column of `users`. */
export type OwnedTarget = Exclude<SearchTarget, { of: 'user' }>;

/** Rows of another table, or of a join, that belong to users. */
export interface OwnedRows {
  /** The column that holds the user's id. */
  readonly owner: Sql;
  readonly from: Sql;
  /** For finding the users of given values. */
  readonly condition: Sql;
  /** The same for looking at the rows of one user. */
  readonly conditionOfOwner: Sql;
}

/** Says where in the database targets are. */
export interface SearchTables {
  readonly dialect: Dialect;
  userId(alias: string): Sql;
  users(alias: string): Sql;
  userColumn(column: UserColumn, alias: string): Sql;
  /** A user matches who owns one of these rows. */
  rows(target: OwnedTarget, test: SearchTest): readonly OwnedRows[];
}

/**
 * How a condition on owned rows is put: `lookUp` looks at the rows of each user in turn, which is right where few users are looked
 * at; `collect` first collects all users who own such a row.
 */
export type OwnedRowsMode = 'lookUp' | 'collect';

type Test = Predicate & { kind: 'test' };

/**
 * The condition on a row of `users` (alias `u`) that a predicate stands for; every value in it is bound. It is never NULL under
 * a negation: what a user does not have counts as not matching.
 */
export function compilePredicate(predicate: Predicate, tables: SearchTables, mode: OwnedRowsMode): Sql {
  switch (predicate.kind) {
    case 'true':
      return sql`TRUE`;
    case 'false':
      return sql`FALSE`;
    case 'and':
      return sql.and(predicate.operands.map((operand) => compilePredicate(operand, tables, mode)));
    case 'or':
      return sql.or(predicate.operands.map((operand) => compilePredicate(operand, tables, mode)));
    case 'not':
      return sql`(${compilePredicate(predicate.operand, tables, mode)}) IS NOT TRUE`;
    case 'test': {
      const { target } = predicate;
      if (target.of === 'user')
        return compileTest(predicate, tables.userColumn(target.column, 'u'), tables.dialect);
      if (mode === 'collect') return sql`${tables.userId('u')} IN (${compileIds([predicate], tables)})`;
      return sql.or(tables.rows(target, predicate).map((rows) => compileLookUp(rows, tables)));
    }
  }
}

/** The limit with its offset changes nothing but keeps the database from turning the look-up into a join of everything. */
function compileLookUp({ owner, from, conditionOfOwner }: OwnedRows, tables: SearchTables): Sql {
  const condition = sql.and([sql`${owner} = ${tables.userId('u')}`, conditionOfOwner]);
  return sql`EXISTS (SELECT 1 FROM ${from} WHERE ${condition} LIMIT 1 OFFSET 0)`;
}

/** A statement for the ids of all users for whom one of the tests holds; an id may come several times. */
export function compileIds(tests: readonly Test[], tables: SearchTables): Sql {
  const parts = tests.flatMap((test): Sql[] => {
    if (test.target.of === 'user') {
      const condition = compileTest(test, tables.userColumn(test.target.column, 'x'), tables.dialect);
      return [sql`SELECT ${tables.userId('x')} FROM ${tables.users('x')} WHERE ${condition}`];
    }
    return tables
      .rows(test.target, test)
      .map(({ owner, from, condition }) => sql`SELECT ${owner} FROM ${from} WHERE ${condition}`);
  });
  return sql.join(parts, ' UNION ALL ');
}

/** A test on one column. */
export function compileTest(test: SearchTest, column: Sql, dialect: Dialect): Sql {
  switch (test.test) {
    case 'exists':
      return sql`${column} IS NOT NULL`;
    case 'equals':
      return sql`${column} = ${test.value}`;
    case 'range':
      return sql.and([compare(column, '>', test.lower), compare(column, '<', test.upper)]);
    case 'pattern':
      return compilePattern(test.parts, column, dialect);
  }
}

/** A pattern that begins with a literal says so as a range as well, which an index serves. */
function compilePattern(parts: readonly string[], column: Sql, dialect: Dialect): Sql {
  const [first = '', ...rest] = parts;
  const prefix = first === '' ? null : dialect.prefix(column, first);
  if (prefix && rest.length === 1 && rest[0] === '') return prefix;
  return sql.and([prefix, dialect.like(column, parts.map(escapeLike).join('%'))]);
}

function compare(column: Sql, operator: '>' | '<', bound: SearchBound | null): Sql | null {
  if (!bound) return null;
  const { value } = bound;
  if (operator === '>') return bound.inclusive ? sql`${column} >= ${value}` : sql`${column} > ${value}`;
  return bound.inclusive ? sql`${column} <= ${value}` : sql`${column} < ${value}`;
}
