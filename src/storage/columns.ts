import { Column, PrimaryColumn, type ColumnOptions, type ColumnType } from 'typeorm';
import type { ColumnKind, EntityClass, SelectContext, SelectedColumn } from '#src/storage/store';

export interface ColumnInfo {
  readonly kind: ColumnKind;
  readonly isSecret: boolean;
}

interface ColumnSettings {
  readonly primary?: boolean;
  readonly nullable?: boolean;
}

const secret = Symbol('secret');

/** Text that queries may compare with and that no row contains; any string may be written to it. */
export type SecretText = string & { readonly [secret]?: true };

type IsSecret<Value> = typeof secret extends keyof NonNullable<Value> ? true : false;

/** The properties of an entity that a row may contain: all but its secret columns. */
export type ReadableKey<Entity> = {
  [property in keyof Entity]-?: IsSecret<Entity[property]> extends true ? never : property;
}[keyof Entity] &
  string;

/** Physical types come from the migrations; these only have to be known to TypeORM on every database. */
const types: Record<ColumnKind, ColumnType> = {
  text: 'text',
  integer: 'bigint',
  number: 'double precision',
  boolean: 'boolean',
  instant: 'bigint',
  json: 'text',
};

const registry = new Map<object, Map<string, ColumnInfo>>();

function define(kind: ColumnKind, settings: ColumnSettings, isSecret = false): PropertyDecorator {
  return (target, property) => {
    const owner = target.constructor;
    const columns = registry.get(owner) ?? new Map<string, ColumnInfo>();
    registry.set(owner, columns.set(String(property), { kind, isSecret }));
    const options: ColumnOptions = {
      name: snakeCase(String(property)),
      type: types[kind],
      nullable: settings.nullable ?? false,
    };
    const decorator =
      settings.primary === true ? PrimaryColumn({ ...options, nullable: false }) : Column(options);
    decorator(target, property);
  };
}

/** `loginsCount` is stored in column `logins_count`. */
export function snakeCase(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function camelCase(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The primary key. */
export const idColumn = (): PropertyDecorator => define('text', { primary: true });
export const textColumn = (settings: ColumnSettings = {}): PropertyDecorator => define('text', settings);
export const integerColumn = (settings: ColumnSettings = {}): PropertyDecorator =>
  define('integer', settings);
export const numberColumn = (settings: ColumnSettings = {}): PropertyDecorator => define('number', settings);
export const booleanColumn = (settings: ColumnSettings = {}): PropertyDecorator =>
  define('boolean', settings);
/** Milliseconds since 1970-01-01T00:00:00Z. */
export const instantColumn = (settings: ColumnSettings = {}): PropertyDecorator =>
  define('instant', settings);
/** Any JSON value, kept as text so that both databases give back exactly what was stored, in the same order of keys. */
export const jsonColumn = (settings: ColumnSettings = {}): PropertyDecorator => define('json', settings);
/** A secret beside ordinary columns: declare the property as `SecretText`. */
export const secretColumn = (settings: ColumnSettings = {}): PropertyDecorator =>
  define('text', settings, true);

/** What the decorators said about a property; an unknown one is a mistake of the programmer. */
export function columnInfo(entity: EntityClass<object>, property: string): ColumnInfo {
  const info = registry.get(entity)?.get(property);
  if (info === undefined) throw new TypeError(`${entity.name} has no column for the property "${property}".`);
  return info;
}

/** All properties of an entity that have a column, in the order of declaration. */
export function columnProperties(entity: EntityClass<object>): readonly string[] {
  return [...(registry.get(entity)?.keys() ?? [])];
}

/** One column as a member of a selection: `roleName: column(RoleEntity, 'r', 'name')`. Refuses secret columns. */
export function column<Entity extends object, Key extends ReadableKey<Entity>>(
  entity: EntityClass<Entity>,
  alias: string,
  property: Key,
): SelectedColumn<Entity[Key]> {
  const info = columnInfo(entity, property);
  if (info.isSecret) throw new TypeError(`${entity.name}.${property} is secret: a row cannot contain it.`);
  return { sql: (context) => context.column(entity, property, alias).sql, kind: info.kind };
}

/** Several columns of an entity, each under its own property name: spread the result into a selection. */
export function columnsOf<Entity extends object, Key extends ReadableKey<Entity>>(
  entity: EntityClass<Entity>,
  alias: string,
  properties: readonly Key[],
): { readonly [property in Key]: SelectedColumn<Entity[property]> } {
  const entries = properties.map((property) => [property, column(entity, alias, property)]);
  return Object.fromEntries(entries) as { readonly [property in Key]: SelectedColumn<Entity[property]> };
}

/** A JSON column as the text that is stored. */
export function storedText<Entity extends object, Key extends ReadableKey<Entity>>(
  entity: EntityClass<Entity>,
  alias: string,
  property: Key,
): SelectedColumn<string> {
  return { sql: column(entity, alias, property).sql, kind: 'text' };
}

/** A computed member of a selection. `sql` is SQL text, or makes it from the context where databases differ. */
export function expression<Value>(
  sql: string | ((context: SelectContext) => string),
  kind: ColumnKind,
): SelectedColumn<Value> {
  return { sql: typeof sql === 'string' ? () => sql : sql, kind };
}

/** The version of settings as a member of a selection, for `store.settingsAre`. */
export const settingsVersion: SelectedColumn<string> = {
  sql: () => '(SELECT "version" FROM "settings_state")',
  kind: 'text',
};
