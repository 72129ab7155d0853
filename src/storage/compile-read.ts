import type { DataSource, SelectQueryBuilder, ObjectLiteral } from 'typeorm';
import { columnInfo } from '#src/storage/columns';
import type { Dialect } from '#src/storage/dialect/dialect';
import { rowShape, type RowShape } from '#src/storage/row-codec';
import { Parameter } from '#src/storage/sql';
import type {
  ComposedRead,
  Composer,
  EntityClass,
  Kinds,
  Read,
  SelectContext,
  SelectedColumn,
  Selection,
  SelectionSql,
} from '#src/storage/store';

/** A read for one database: its constant text, the order of its parameters, and what its rows look like. */
export interface CompiledRead {
  readonly name: string;
  readonly text: string;
  /** For each placeholder the name of its parameter, or the constant that is bound there. */
  readonly parameters: readonly (string | Constant)[];
  readonly shape: RowShape;
}

export interface Constant {
  readonly value: unknown;
}

export function selectContext(dataSource: DataSource, dialect: Dialect): SelectContext {
  return {
    dialect,
    column(entity, property, alias) {
      const { kind } = columnInfo(entity, property);
      return { sql: `"${alias}"."${databaseName(dataSource, entity, property)}"`, kind };
    },
  };
}

/** Name of a property's column in the database, from TypeORM's metadata. */
export function databaseName(dataSource: DataSource, entity: EntityClass<object>, property: string): string {
  const found = dataSource.getMetadata(entity).findColumnWithPropertyName(property);
  if (found === undefined)
    throw new TypeError(`${entity.name} has no column for the property "${property}".`);
  return found.databaseName;
}

export function membersOf<Row>(selection: Selection<Row>): [string, SelectedColumn][] {
  return Object.entries(selection as Readonly<Record<string, SelectedColumn>>);
}

export function kindsOf<Row>(selection: Selection<Row>): Kinds<Row> {
  return Object.fromEntries(
    membersOf(selection).map(([property, { kind }]) => [property, kind]),
  ) as Kinds<Row>;
}

/** Builds the text of a read by TypeORM's query builder, so that tables and columns are checked against the entities. */
export function compileRead<Parameters extends object, Row extends object>(
  read: Read<Parameters, Row>,
  dataSource: DataSource,
  context: SelectContext,
): CompiledRead {
  let builder = dataSource.createQueryBuilder() as SelectQueryBuilder<ObjectLiteral>;
  for (const [property, selected] of membersOf(read.select)) {
    builder = builder.addSelect(selected.sql(context), property);
  }
  const finished = read.build(builder, context.dialect);
  const built = finished.getQuery();
  for (const { name, hasMetadata } of finished.expressionMap.aliases)
    if (hasMetadata) checkPaths(read.name, built, name);
  const text = read.limit === undefined ? built : `${built} LIMIT :${read.limit}`;
  return {
    name: read.name,
    ...positional(text, context.dialect),
    shape: rowShape(kindsOf(read.select), true),
  };
}

/** The same for a read that is composed. */
export function compileComposed<Parameters extends object, Row extends object>(
  { name, compose }: ComposedRead<Parameters, Row>,
  composer: Composer,
  { columns, kinds }: SelectionSql<Row>,
): CompiledRead {
  const { dialect } = composer;
  const composed = compose(composer, columns);
  return {
    name,
    text: composed.render((position) => dialect.placeholder(position)),
    parameters: composed.values.map((value) =>
      value instanceof Parameter ? value.name : { value: dialect.bind(value) },
    ),
    shape: rowShape(kinds, true),
  };
}

/** Property paths of known columns have become quoted names; one that is left over has no column. */
function checkPaths(read: string, text: string, alias: string): void {
  const withoutQuoted = text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '""');
  const left = new RegExp(`(?<![\\w.:])${alias}\\.\\w+`).exec(withoutQuoted);
  if (left !== null)
    throw new TypeError(`The read "${read}" names "${left[0]}", which is no property with a column.`);
}

/** Replaces `:name` by numbered placeholders; strings, quoted names and `::` casts stay as they are. */
function positional(text: string, dialect: Dialect): { text: string; parameters: string[] } {
  const parameters: string[] = [];
  const replaced = text.replace(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|::|:([A-Za-z_]\w*)/g,
    (found, name: string | undefined) => {
      if (name === undefined) return found;
      if (!parameters.includes(name)) parameters.push(name);
      return dialect.placeholder(parameters.indexOf(name) + 1);
    },
  );
  return { text: replaced, parameters };
}
