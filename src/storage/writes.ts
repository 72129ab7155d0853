import type { DataSource } from 'typeorm';
import { columnInfo } from '#src/storage/columns';
import { databaseName } from '#src/storage/compile-read';
import type { Dialect } from '#src/storage/dialect/dialect';
import { encodeValue } from '#src/storage/row-codec';
import { type Sql, sql } from '#src/storage/sql';
import type { EntityClass, Where } from '#src/storage/store';

type Entity = EntityClass<object>;
type Values = Readonly<Record<string, unknown>>;

/** Far below the number of variables that any database takes in one statement. */
const mostVariables = 30_000;

export interface WriteContext {
  readonly dataSource: DataSource;
  readonly dialect: Dialect;
}

/** Quoted, without an alias. */
function bare({ dataSource }: WriteContext, entity: Entity, property: string): Sql {
  return sql.raw(`"${databaseName(dataSource, entity, property)}"`);
}

export function tableOf({ dataSource }: WriteContext, entity: Entity): Sql {
  return sql.raw(`"${dataSource.getMetadata(entity).tableName}"`);
}

function encode(entity: Entity, property: string, value: unknown): unknown {
  if (value === undefined)
    throw new TypeError(`${entity.name}.${property} is undefined: use null or leave it out.`);
  return encodeValue(columnInfo(entity, property).kind, value);
}

/** One statement for each chunk of rows; all rows have the properties of the first. */
export function insertStatements(
  context: WriteContext,
  entity: Entity,
  rows: readonly Values[],
  conflict: Sql = sql.empty,
): Sql[] {
  const properties = Object.keys(rows[0] ?? {});
  if (properties.length === 0) return [];
  const columns = sql.join(properties.map((property) => bare(context, entity, property)));
  const chunk = Math.floor(mostVariables / properties.length);
  const statements: Sql[] = [];
  for (let start = 0; start < rows.length; start += chunk) {
    const values = rows.slice(start, start + chunk).map((row) => rowValues(entity, properties, row));
    statements.push(
      sql`INSERT INTO ${tableOf(context, entity)} (${columns}) VALUES ${sql.join(values)}${conflict}`,
    );
  }
  return statements;
}

function rowValues(entity: Entity, properties: readonly string[], row: Values): Sql {
  if (Object.keys(row).length !== properties.length) {
    throw new TypeError(`All rows of one insert into ${entity.name} must have the same properties.`);
  }
  return sql`(${sql.join(properties.map((property) => sql`${encode(entity, property, row[property])}`))})`;
}

export const ignoreConflicts = sql` ON CONFLICT DO NOTHING`;

export function replaceOnConflict(
  context: WriteContext,
  entity: Entity,
  row: Values,
  key: readonly string[],
): Sql {
  const target = sql.join(key.map((property) => bare(context, entity, property)));
  const others = Object.keys(row).filter((property) => !key.includes(property));
  if (others.length === 0) return sql` ON CONFLICT (${target}) DO NOTHING`;
  const columns = others.map((property) => bare(context, entity, property));
  return sql` ON CONFLICT (${target}) DO UPDATE SET ${sql.join(columns.map((name) => sql`${name} = excluded.${name}`))}`;
}

export function updateStatement<Row extends object>(
  context: WriteContext,
  entity: EntityClass<Row>,
  where: Where<Row>,
  set: Partial<Row>,
): Sql | null {
  const assignments = Object.entries(set).map(
    ([property, value]) => sql`${bare(context, entity, property)} = ${encode(entity, property, value)}`,
  );
  if (assignments.length === 0) return null;
  return sql`UPDATE ${tableOf(context, entity)} SET ${sql.join(assignments)} WHERE ${condition(context, entity, where)}`;
}

export function deleteStatement<Row extends object>(
  context: WriteContext,
  entity: EntityClass<Row>,
  where: Where<Row>,
): Sql {
  return sql`DELETE FROM ${tableOf(context, entity)} WHERE ${condition(context, entity, where)}`;
}

/**
 * SECURITY: an undefined value, or no condition at all, would silently mean "every row": both are refused. To write every
 * row is said with `execute`.
 */
function condition<Row extends object>(
  context: WriteContext,
  entity: EntityClass<Row>,
  where: Where<Row>,
): Sql {
  const parts = Object.entries(where).map(([property, value]) => {
    const name = bare(context, entity, property);
    if (value === undefined) throw new TypeError(`The condition on ${entity.name}.${property} is undefined.`);
    if (value === null) return sql`${name} IS NULL`;
    if (Array.isArray(value)) return context.dialect.anyOf(name, value as string[]);
    return sql`${name} = ${encode(entity, property, value)}`;
  });
  if (parts.length === 0) throw new TypeError(`A write to ${entity.name} needs a condition.`);
  return sql.join(parts, ' AND ');
}
