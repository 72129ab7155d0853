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
import { postgresBulkLoad } from '#src/storage/dialect/postgres-bulk-load';
import { Sql, sql } from '#src/storage/sql';
import type { ColumnKind } from '#src/storage/store';

function anyOf(column: string, parameter: string): string;
function anyOf(column: Sql, values: readonly (string | number)[]): Sql;
function anyOf(column: string | Sql, member: string | readonly (string | number)[]): string | Sql {
  return column instanceof Sql ? sql`${column} = ANY(${member})` : `${column} = ANY(${member as string})`;
}

const typeOf: Readonly<Record<ColumnKind, string>> = {
  ...{ text: 'text', json: 'text', boolean: 'boolean' },
  ...{ integer: 'bigint', instant: 'bigint', number: 'double precision' },
};

/** The rows as one array for each column. */
function rows(kinds: readonly ColumnKind[], values: readonly (readonly unknown[])[]): Sql {
  const arrays = kinds.map((kind, index) => sql`${arrayText(values, index)}::${sql.raw(typeOf[kind])}[]`);
  return sql`SELECT * FROM unnest(${sql.join(arrays)})`;
}

/** A column as the text of an array; the driver would take twice as long for a list. */
function arrayText(values: readonly (readonly unknown[])[], index: number): string {
  let text = '';
  for (const row of values) {
    const value = row[index] as string | number | boolean | null;
    checkValue(value);
    const member =
      value === null
        ? 'NULL'
        : typeof value === 'string'
          ? `"${value.replace(/["\\]/g, '\\$&')}"`
          : String(value);
    text += text === '' ? member : `,${member}`;
  }
  return `{${text}}`;
}

function prefix(column: Sql, text: string): Sql {
  const end = afterPrefix(text);
  return end === null ? sql`${column} >= ${text}` : sql`(${column} >= ${text} AND ${column} < ${end})`;
}

function firstPerKey({ keys, table, alias, parent, where, orderBy, limit }: FirstPerKey): Sql {
  const name = sql.raw(alias);
  return sql`unnest(${keys}::text[]) AS wanted(value) CROSS JOIN LATERAL (SELECT ${name}.* FROM ${table} AS ${name} WHERE ${sql.and(
    [sql`${parent} = wanted.value`, where],
  )} ORDER BY ${orderBy} LIMIT ${limit}) AS ${name}`;
}

/** Joined where the rows are counted, so that the other table is not looked into twice: a quarter of the statement's time. */
function joinedFirstPerKey({ columns, joined, ...options }: JoinedFirstPerKey): Sql {
  const { keys, table, alias, parent, where, orderBy, limit } = options;
  const other = sql` JOIN ${joined.table} AS ${sql.raw(joined.alias)} ON ${joined.on}`;
  return sql`SELECT found.* FROM unnest(${keys}::text[]) AS wanted(value) CROSS JOIN LATERAL (
    SELECT ${columns} FROM ${table} AS ${sql.raw(alias)}${other} WHERE ${sql.and([sql`${parent} = wanted.value`, where])}
    ORDER BY ${orderBy} LIMIT ${limit}) AS found`;
}

/** An index sorts NULL as the greatest value by default; the migrations declare NULLS FIRST where a nullable column leads an order. */
function nulls(direction: Direction, nullable: boolean): 'NULLS FIRST' | 'NULLS LAST' | undefined {
  if (!nullable) return undefined;
  return direction === 'asc' ? 'NULLS FIRST' : 'NULLS LAST';
}

function buildArray(columns: readonly FoldedColumn[]): string {
  const members = columns.map(({ sql: text, kind }) => (kind === 'json' ? `CAST( ${text} AS json)` : text));
  return `json_build_array( ${members.join(', ')} )`;
}

function aggregate(columns: readonly FoldedColumn[], orderBy?: string): string {
  const order = orderBy === undefined ? '' : ` ORDER BY ${orderBy}`;
  return `CAST(COALESCE(json_agg(${buildArray(columns)}${order}), CAST('[]' AS json)) AS text)`;
}

function usersWithText(column: TrigramColumn, parts: readonly string[]): Sql {
  const pattern = parts.map(escapeLike).join('%');
  return sql`SELECT t."user_id" AS "key" FROM "user_trigrams" t WHERE ${sql.raw(`t."${column}"`)} LIKE ${pattern}`;
}

function walk({ columns, table, alias, from, orderBy, most, condition, limit }: Walk): Sql {
  const name = sql.raw(`"${alias}"`);
  // Written out, the limit is known when the statement is planned.
  const passed = sql`SELECT * FROM ${table} AS ${name} WHERE ${from} ORDER BY ${orderBy} LIMIT ${sql.raw(String(most))}`;
  return sql`SELECT ${columns} FROM (${passed}) AS ${name} WHERE ${condition} ORDER BY ${orderBy} LIMIT ${limit}`;
}

/** A sub-query with an offset is not merged into the rest: it is run for each key, through the index. */
function rowsByKeys({ keys, table, alias, key }: RowsByKeys): Sql {
  const name = sql.raw(`"${alias}"`);
  return sql`(SELECT DISTINCT "key" FROM (${keys}) AS "found") AS "wanted" CROSS JOIN LATERAL (SELECT * FROM ${table} AS ${name} WHERE ${key} = "wanted"."key" OFFSET 0) AS ${name}`;
}

/** The database server: many writers, row locks. Its text columns are collated "C", so that order is by code point as in the embedded one. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  placeholder: (position) => `$${position}`,
  bind(value) {
    checkValue(value);
    return value;
  },
  rows,
  anyOf,
  // As IN it would be joined, and so be looked up again for each row.
  amongFound: (column, statement) => sql`${column} = ANY(ARRAY(${statement}))`,
  prefix,
  like: (column, pattern) => sql`${column} LIKE ${pattern}`,
  jsonArrayAggregate: aggregate,
  jsonTextAggregate: (column) =>
    `CAST(COALESCE(array_to_json(array_agg(${column})), CAST('[]' AS json)) AS text)`,
  jsonArray: (columns) => `CAST(${buildArray(columns)} AS text)`,
  firstPerKey,
  joinedFirstPerKey,
  order: (column, direction, nullable) =>
    [column, direction.toUpperCase(), nulls(direction, nullable)]
      .filter((word) => word !== undefined)
      .join(' '),
  nulls,
  joinsLists: true,
  hasOneWriter: false,
  forUpdate: sql` FOR UPDATE`,
  forShare: sql` FOR SHARE`,
  now: sql`CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)`,
  forUpdateOf: (alias) => sql` FOR UPDATE OF ${sql.raw(`"${alias}"`)}`,
  forUpdateOfFree: sql` FOR UPDATE SKIP LOCKED`,
  signal: (channel) => sql`SELECT pg_notify(${channel}, '')`,
  advisoryLock: (name) => sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`,
  commitLazily: sql`SET LOCAL synchronous_commit = off`,
  usersWithText,
  rowsByKeys,
  walk,
  bulkLoad: postgresBulkLoad,
};
