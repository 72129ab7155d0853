import { escapeLike, type Dialect } from '#src/storage/dialect/dialect';
import { sql, type Sql } from '#src/storage/sql';
import type { Predicate, SearchBound, SearchTarget, SearchTest } from './predicate';

/** Says where in the database a target is. Its statements speak of one row of `users`. */
export interface SearchTables {
  readonly dialect: Dialect;
  /** The condition that a user has a value at the target for which the test holds. */
  condition(target: SearchTarget, test: SearchTest): Sql;
}

/**
 * The condition on a row of `users` that a predicate stands for; every value in it is bound. It is never NULL under a negation:
 * what a user does not have counts as not matching.
 */
export function compilePredicate(predicate: Predicate, tables: SearchTables): Sql {
  switch (predicate.kind) {
    case 'true':
      return sql`TRUE`;
    case 'false':
      return sql`FALSE`;
    case 'and':
      return sql.and(predicate.operands.map((operand) => compilePredicate(operand, tables)));
    case 'or':
      return sql.or(predicate.operands.map((operand) => compilePredicate(operand, tables)));
    case 'not':
      return sql`(${compilePredicate(predicate.operand, tables)}) IS NOT TRUE`;
    case 'test':
      return tables.condition(predicate.target, predicate);
  }
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
  if (operator === '>')
    return bound.inclusive ? sql`${column} >= ${bound.value}` : sql`${column} > ${bound.value}`;
  return bound.inclusive ? sql`${column} <= ${bound.value}` : sql`${column} < ${bound.value}`;
}
