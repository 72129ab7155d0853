import { escapeLike, type Dialect, type TrigramColumn, type Walk } from '#src/storage/dialect/dialect';
import { sql, type Sql } from '#src/storage/sql';
import {
  flatten,
  type Predicate,
  type SearchBound,
  type SearchTarget,
  type SearchTest,
  type UserColumn,
} from './predicate';

/** A target that belongs to a user without being a column of `users`. */
export type OwnedTarget = Exclude<SearchTarget, { of: 'user' }>;

/** Rows of another table, or of a join, that belong to users. */
export interface OwnedRows {
  /** The column that holds the user's id. */
  readonly owner: Sql;
  readonly from: Sql;
  /** For finding the users of given values. */
  readonly condition: Sql;
  /** The same in parts, where each part has an index of its own. */
  readonly conditions?: readonly Sql[];
  /** The same for looking at the rows of one user. */
  readonly conditionOfOwner: Sql;
  /** A quicker condition that some of the rows of one user fulfil, and whether there may be others that do not. */
  readonly first?: { readonly condition: Sql; readonly isNotAll: Sql };
}

/** Says where in the database targets are. */
export interface SearchTables {
  readonly dialect: Dialect;
  userId(alias: string): Sql;
  users(alias: string): Sql;
  userColumn(column: UserColumn, alias: string): Sql;
  /** For `FROM`: the users (alias `u`) among the keys. */
  usersByKeys(keys: Sql): Sql;
  walkUsers(walk: Omit<Walk, 'table' | 'alias'>): Sql;
  /** A user matches who owns one of these rows. */
  rows(target: OwnedTarget, test: SearchTest): readonly OwnedRows[];
}

type Test = Predicate & { kind: 'test' };

/**
 * The condition on a row of `users` (alias `u`) that a predicate stands for; every value in it is bound. It is never NULL under
 * a negation: what a user does not have counts as not matching.
 */
export function compilePredicate(predicate: Predicate, tables: SearchTables): Sql {
  switch (predicate.kind) {
    case 'true':
      return sql`TRUE`;
    case 'false':
      return sql`FALSE`;
    case 'and':
      return sql.and(predicate.operands.map((operand) => compilePredicate(operand, tables)));
    case 'or': {
      const { values, others } = gatherValues(flatten(predicate, 'or'));
      return sql.or([
        ...[...values].map(([column, set]) => isAmong(tables.userColumn(column, 'u'), set, tables.dialect)),
        ...others.map((operand) => compilePredicate(operand, tables)),
      ]);
    }
    case 'not':
      // Said so, an index finds them.
      if (isExistence(predicate.operand))
        return sql`${tables.userColumn(predicate.operand.target.column, 'u')} IS NULL`;
      return sql`(${compilePredicate(predicate.operand, tables)}) IS NOT TRUE`;
    case 'test': {
      const { target } = predicate;
      if (target.of === 'user')
        return compileTest(predicate, tables.userColumn(target.column, 'u'), tables.dialect);
      return sql.or(tables.rows(target, predicate).map((rows) => compileLookUp(rows, tables)));
    }
  }
}

/** The limit with its offset changes nothing but keeps the database from turning the look-up into a join of everything. */
function compileLookUp({ owner, from, conditionOfOwner, first }: OwnedRows, tables: SearchTables): Sql {
  const isOwned = sql`${owner} = ${tables.userId('u')}`;
  const exists = (condition: Sql): Sql =>
    sql`EXISTS (SELECT 1 FROM ${from} WHERE ${sql.and([isOwned, condition])} LIMIT 1 OFFSET 0)`;
  if (!first) return exists(conditionOfOwner);
  return sql`(${exists(first.condition)} OR (${first.isNotAll} AND ${exists(conditionOfOwner)}))`;
}

function isExistence(
  predicate: Predicate,
): predicate is Test & { readonly target: { readonly of: 'user'; readonly column: UserColumn } } {
  return predicate.kind === 'test' && predicate.test === 'exists' && predicate.target.of === 'user';
}

interface Gathered<Member> {
  readonly values: ReadonlyMap<UserColumn, ReadonlySet<string>>;
  readonly others: readonly Member[];
}

/** Alternatives that are texts in one column of users, by column: one look-up for all of them is planned faster than a hundred. */
function gatherValues<Member extends Predicate>(alternatives: readonly Member[]): Gathered<Member> {
  const values = new Map<UserColumn, Set<string>>();
  const others: Member[] = [];
  for (const member of alternatives) {
    const { kind } = member;
    if (kind === 'test' && member.target.of === 'user' && isText(member)) {
      const { column } = member.target;
      values.set(column, (values.get(column) ?? new Set()).add(member.value));
    } else others.push(member);
  }
  return { values, others };
}

function isText(test: SearchTest): test is { readonly test: 'equals'; readonly value: string } {
  return test.test === 'equals' && typeof test.value === 'string';
}

function isAmong(column: Sql, values: ReadonlySet<string>, dialect: Dialect): Sql {
  const [value] = values;
  return values.size === 1 ? sql`${column} = ${value}` : dialect.anyOf(column, [...values]);
}

/** A statement for the ids (`key`) of all users for whom one of the tests holds; an id may come several times. */
export function compileIds(tests: readonly Test[], tables: SearchTables): Sql {
  const { values, others } = gatherValues(tests);
  const byValue = [...values].map(([column, set]) =>
    idsWhere(isAmong(tables.userColumn(column, 'x'), set, tables.dialect), tables),
  );
  const parts = others.flatMap((test): Sql[] => {
    if (test.target.of === 'user') return [idsByColumn(test, test.target.column, tables)];
    return tables
      .rows(test.target, test)
      .flatMap(({ owner, from, condition, conditions = [condition] }) =>
        conditions.map((part) => sql`SELECT ${owner} AS "key" FROM ${from} WHERE ${part}`),
      );
  });
  return sql.join([...byValue, ...parts], ' UNION ALL ');
}

function idsWhere(condition: Sql, tables: SearchTables): Sql {
  return sql`SELECT ${tables.userId('x')} AS "key" FROM ${tables.users('x')} WHERE ${condition}`;
}

function idsByColumn(test: Test, column: UserColumn, tables: SearchTables): Sql {
  const name = tables.userColumn(column, 'x');
  const trigrams = trigramColumns[column];
  if (trigrams !== undefined && test.test === 'pattern' && test.parts[0] === '')
    return tables.dialect.usersWithText(trigrams, test.parts);
  return idsWhere(indexCondition(test, column, name, tables.dialect), tables);
}

/** A test said in the way that an index understands. */
function indexCondition(test: Test, column: UserColumn, name: Sql, dialect: Dialect): Sql {
  if (test.test === 'equals' && typeof test.value === 'boolean') return test.value ? name : sql`NOT ${name}`;
  if (test.test !== 'exists') return compileTest(test, name, dialect);
  const least = smallest[column] ?? '';
  return sql`${name} >= ${least}`;
}

/** No value is smaller; of a text, the empty one. */
const smallest: { readonly [column in UserColumn]?: number } = {
  lastLogin: Number.MIN_SAFE_INTEGER,
  loginsCount: -2_147_483_648,
};

const trigramColumns: { readonly [column in UserColumn]?: TrigramColumn } = {
  emailFolded: 'email_folded',
  username: 'username',
  phoneNumber: 'phone_number',
  nameFolded: 'name_folded',
  givenNameFolded: 'given_name_folded',
  familyNameFolded: 'family_name_folded',
  nicknameFolded: 'nickname_folded',
};

/** A test on one column. */
export function compileTest(test: SearchTest, column: Sql, dialect: Dialect): Sql {
  switch (test.test) {
    case 'exists':
      return sql`${column} IS NOT NULL`;
    case 'equals':
      return sql`${column} = ${test.value}`;
    case 'ofUser':
      return dialect.amongFound(
        column,
        // Only the beginning of a long text is indexed, so that nothing equals one and a shorter one equals nothing but itself.
        sql`SELECT "mine"."text_value" FROM "metadata_leaves" "mine" WHERE "mine"."user_id" = ${test.userId}
          AND "mine"."store" = 'app' AND "mine"."path" = ${test.path} AND LENGTH("mine"."text_value") < 256`,
      );
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
