import type { DataSource } from 'typeorm';
import { columnInfo } from '#src/storage/columns';
import { databaseName } from '#src/storage/compile-read';
import type { Dialect } from '#src/storage/dialect/dialect';
import { encodeValue, rowReader } from '#src/storage/row-codec';
import { type Sql, sql } from '#src/storage/sql';
import type { ColumnKind, EntityClass, Where } from '#src/storage/store';

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
  if (value === undefined) throw undefinedValue(entity, property);
  return encodeValue(columnInfo(entity, property).kind, value);
}

/** From so many rows on they are bound together, a few values for all. */
const manyRows = 8;
const mostTogether = 10_000;

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
  const into = sql`INSERT INTO ${tableOf(context, entity)} (${columns})`;
  const statements: Sql[] = [];
  let single = rows;
  if (rows.length >= manyRows) {
    const plan = manyRowsPlan(entity, properties);
    const whole = plan.numbers.length === 0 ? rows : rows.filter((row) => !hasFraction(row, plan.numbers));
    for (let start = 0; start < whole.length; start += mostTogether) {
      const values = whole.slice(start, start + mostTogether).map((row) => encodedRow(entity, plan, row));
      statements.push(sql`${into} ${context.dialect.rows(plan.kinds, values)}${conflict}`);
    }
    if (whole.length === rows.length) return statements;
    single = rows.filter((row) => hasFraction(row, plan.numbers));
  }
  const chunk = Math.floor(mostVariables / properties.length);
  for (let start = 0; start < single.length; start += chunk) {
    const values = single.slice(start, start + chunk).map((row) => rowValues(entity, properties, row));
    statements.push(sql`${into} VALUES ${sql.join(values)}${conflict}`);
  }
  return statements;
}

/** Inserts one row if `from`, which follows a FROM, gives a row. */
export function insertFrom(context: WriteContext, entity: Entity, row: object, from: Sql): Sql {
  const entries = Object.entries(row);
  const columns = sql.join(entries.map(([property]) => bare(context, entity, property)));
  const values = sql.join(entries.map(([property, value]) => sql`${encode(entity, property, value)}`));
  return sql`INSERT INTO ${tableOf(context, entity)} (${columns}) SELECT ${values} FROM ${from}`;
}

/** Whether the decimal form of a number of the row might not be read back to the last bit. */
function hasFraction(row: Values, numbers: readonly string[]): boolean {
  return numbers.some((property) => {
    const value = row[property];
    return typeof value === 'number' && !Number.isSafeInteger(value);
  });
}

function encodedRow(entity: Entity, { properties, kinds, read }: ManyRowsPlan, row: Values): unknown[] {
  if (Object.keys(row).length !== properties.length) throw unlike(entity);
  const values = read(row);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (value === undefined) throw undefinedValue(entity, properties[index] as string);
    if (kinds[index] === 'json') values[index] = encodeValue('json', value);
  }
  return values;
}

/** How rows with these properties are bound together; made once, because a column of an import has a million values. */
interface ManyRowsPlan {
  readonly properties: readonly string[];
  readonly kinds: readonly ColumnKind[];
  /** Properties whose values may have a fraction. */
  readonly numbers: readonly string[];
  readonly read: (row: Values) => unknown[];
}

const plans = new WeakMap<Entity, Map<string, ManyRowsPlan>>();

function manyRowsPlan(entity: Entity, properties: readonly string[]): ManyRowsPlan {
  const known = plans.get(entity) ?? new Map<string, ManyRowsPlan>();
  plans.set(entity, known);
  const key = properties.join();
  const plan = known.get(key) ?? makePlan(entity, properties);
  known.set(key, plan);
  return plan;
}

function makePlan(entity: Entity, properties: readonly string[]): ManyRowsPlan {
  const kinds = properties.map((property) => columnInfo(entity, property).kind);
  const numbers = properties.filter((_, index) => kinds[index] === 'number');
  return { properties, kinds, numbers, read: rowReader(properties) };
}

function unlike(entity: Entity): TypeError {
  return new TypeError(`All rows of one insert into ${entity.name} must have the same properties.`);
}

function undefinedValue(entity: Entity, property: string): TypeError {
  return new TypeError(`${entity.name}.${property} is undefined: use null or leave it out.`);
}

function rowValues(entity: Entity, properties: readonly string[], row: Values): Sql {
  if (Object.keys(row).length !== properties.length) throw unlike(entity);
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
