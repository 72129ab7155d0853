import { afterPrefix, checkValue } from '#src/storage/dialect/bind-value';
import {
  escapeLike,
  type Dialect,
  type Direction,
  type FirstPerKey,
  type FoldedColumn,
  type JoinedFirstPerKey,
  type RowsByKeys,
  type TrigramColumn,
  type Walk,
} from '#src/storage/dialect/dialect';
import { sqliteBulkLoad } from '#src/storage/dialect/sqlite-bulk-load';
import { Sql, sql } from '#src/storage/sql';
import type { ColumnKind } from '#src/storage/store';

function anyOf(column: string, parameter: string): string;
function anyOf(column: Sql, values: readonly (string | number)[]): Sql;
function anyOf(column: string | Sql, member: string | readonly (string | number)[]): string | Sql {
  return column instanceof Sql
    ? sql`${column} IN (SELECT value FROM json_each(${member}))`
    : `${column} IN (SELECT value FROM json_each(${member as string}))`;
}

function prefix(column: Sql, text: string): Sql {
  const end = afterPrefix(text);
  return end === null ? sql`${column} >= ${text}` : sql`(${column} >= ${text} AND ${column} < ${end})`;
}

/**
 * The rows as one JSON text: a condition keeps `ON CONFLICT` from being read as part of a join. `json_each` would write each row as text and
 * read it again for each of its members; the binary form is looked into as it is, in a third of the time for a row of thirty.
 */
function rows(kinds: readonly ColumnKind[], values: readonly (readonly unknown[])[]): Sql {
  for (const row of values) for (const value of row) checkValue(value);
  const members = kinds.map((_, index) => `value ->> ${index}`).join(', ');
  return sql`SELECT ${sql.raw(members)} FROM jsonb_each(${JSON.stringify(values)}) WHERE TRUE`;
}

/** LIKE of this database ignores the case of ASCII letters, GLOB does not: the pattern is rewritten. */
function globOf(pattern: string): string {
  return pattern.replace(/\\([\s\S])|[%_*?[]/gu, (found, escaped: string | undefined) => {
    if (escaped === undefined && found === '%') return '*';
    if (escaped === undefined && found === '_') return '?';
    const literal = escaped ?? found;
    return /[*?[]/.test(literal) ? `[${literal}]` : literal;
  });
}

function jsonMember({ sql: text, kind }: FoldedColumn): string {
  if (kind === 'boolean') return `json(CASE ${text} WHEN 0 THEN 'false' WHEN 1 THEN 'true' END)`;
  return kind === 'json' ? `json( ${text} )` : text;
}

function jsonArray(columns: readonly FoldedColumn[]): string {
  return `json_array( ${columns.map(jsonMember).join(', ')} )`;
}

function firstPerKey(options: FirstPerKey): Sql {
  const { keys, table, alias, parent, id, where, orderBy, limit } = options;
  const name = sql.raw(alias);
  // Beginning anew for each key costs more than looking at some more rows.
  if (options.isRare) {
    const place = sql`row_number() OVER (PARTITION BY ${parent} ORDER BY ${orderBy}) AS place`;
    const rows = sql`SELECT ${name}.*, ${place} FROM ${table} AS ${name} WHERE ${sql.and([
      sql`${parent} IN (SELECT value FROM json_each(${keys}))`,
      where,
    ])}`;
    return sql`(SELECT * FROM (${rows}) AS ${name} WHERE ${name}.place <= ${limit}) AS ${name}`;
  }
  return sql`json_each(${keys}) AS wanted JOIN ${table} AS ${name} ON ${id} IN (SELECT ${id} FROM ${table} AS ${name} WHERE ${sql.and(
    [sql`${parent} = wanted.value`, where],
  )} ORDER BY ${orderBy} LIMIT ${limit})`;
}

function joinedFirstPerKey({ columns, joined, ...options }: JoinedFirstPerKey): Sql {
  const other = sql`${joined.table} AS ${sql.raw(joined.alias)}`;
  const where = sql.and([options.where, sql`EXISTS (SELECT 1 FROM ${other} WHERE ${joined.on})`]);
  return sql`SELECT ${columns} FROM ${firstPerKey({ ...options, where })} JOIN ${other} ON ${joined.on}`;
}

/** Each trigram of the text once, as terms that must all occur in the column; the text itself is compared afterwards. */
function trigramsOf(column: TrigramColumn, parts: readonly string[]): string | null {
  const grams = new Set<string>();
  for (const part of parts) {
    const points = [...part];
    for (let end = 3; end <= points.length; end += 1) grams.add(points.slice(end - 3, end).join(''));
  }
  if (grams.size === 0) return null;
  const terms = [...grams].slice(0, mostTrigrams).map((gram) => `"${gram.replaceAll('"', '""')}"`);
  return `${column} : (${terms.join(' AND ')})`;
}

/** More would not narrow the search. */
const mostTrigrams = 24;

function usersWithText(column: TrigramColumn, parts: readonly string[]): Sql {
  const name = sql.raw(`x."${column}"`);
  const same = sql`${name} GLOB ${globOf(parts.map(escapeLike).join('%'))}`;
  const terms = trigramsOf(column, parts);
  if (terms === null) return sql`SELECT x."id" AS "key" FROM "users" x WHERE ${same}`;
  return sql`SELECT x."id" AS "key" FROM "user_trigrams" t CROSS JOIN "users" x ON x."number" = t."rowid" WHERE t."user_trigrams" MATCH ${terms} AND ${same}`;
}

/**
 * Rows come out in the order of the inner statement; asked for again outside, it would sort all that the walk passes. The inner one takes
 * nothing but the place of a row, since whatever else it selects is copied for each row that is passed.
 */
function walk({ columns, table, alias, from, orderBy, most, condition, limit }: Walk): Sql {
  const name = sql.raw(`"${alias}"`);
  const passed = sql`SELECT ${name}.rowid AS "place" FROM ${table} AS ${name} WHERE ${from} ORDER BY ${orderBy} LIMIT ${most}`;
  const found = sql`(${passed}) AS "passed" CROSS JOIN ${table} AS ${name} ON ${name}.rowid = "passed"."place"`;
  return sql`SELECT ${columns} FROM ${found} WHERE ${condition} LIMIT ${limit}`;
}

/** CROSS JOIN keeps the order of the tables. */
function rowsByKeys({ keys, table, alias, key }: RowsByKeys): Sql {
  return sql`(SELECT DISTINCT "key" FROM (${keys})) AS "wanted" CROSS JOIN ${table} AS ${sql.raw(`"${alias}"`)} ON ${key} = "wanted"."key"`;
}

/** The embedded database: one file, one writer at a time. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  placeholder: (position) => `?${position}`,
  bind(value) {
    checkValue(value);
    return Array.isArray(value) ? JSON.stringify(value) : value;
  },
  rows,
  anyOf,
  amongFound: (column, statement) => sql`${column} IN (${statement})`,
  prefix,
  like: (column, pattern) => sql`${column} GLOB ${globOf(pattern)}`,
  jsonArrayAggregate: (columns, orderBy) =>
    `json_group_array(${jsonArray(columns)}${orderBy === undefined ? '' : ` ORDER BY ${orderBy}`})`,
  jsonTextAggregate: (column) => `json_group_array(${column})`,
  jsonArray,
  firstPerKey,
  joinedFirstPerKey,
  order: (column: string, direction: Direction) => `${column} ${direction.toUpperCase()}`,
  nulls: () => undefined,
  joinsLists: false,
  hasOneWriter: true,
  forUpdate: sql.empty,
  forShare: sql.empty,
  now: sql`CAST(unixepoch('subsec') * 1000 AS INTEGER)`,
  forUpdateOf: () => sql.empty,
  forUpdateOfFree: sql.empty,
  signal: () => sql`SELECT 1`,
  advisoryLock: () => sql`SELECT 1`,
  // It cannot be chosen inside a transaction.
  commitLazily: sql`SELECT 1`,
  usersWithText,
  rowsByKeys,
  walk,
  bulkLoad: sqliteBulkLoad,
};
