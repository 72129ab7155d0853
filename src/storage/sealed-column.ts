import type { DerivedKey } from '#src/config/open-secrets';
import { sql, type Sql } from './sql';
import type { EntityClass, Store } from './store';

/** A column whose values are sealed with a key of the secrets file and bound to their row; see `config/seal-text.ts`. */
export interface SealedColumn {
  readonly entity: EntityClass<object>;
  /** The properties of the primary key. */
  readonly keys: readonly string[];
  readonly value: string;
  /** Of the key ring. */
  readonly purpose: string;
  /** What a value is bound to, by its primary key. */
  readonly boundTo: (keys: readonly string[]) => string;
  /** Where a column holds other values too: what stands before a sealed text, and how many characters behind it. */
  readonly frame?: { readonly before: string; readonly after: number };
  /** Where rows from before hold values that are not sealed: how such a value begins, and how it is sealed for its row. */
  readonly clear?: {
    readonly begins: string;
    readonly seal: (ring: readonly DerivedKey[], place: string, text: string) => string;
  };
}

export interface SealedValue {
  readonly keys: readonly string[];
  readonly sealed: string;
}

/** Declares a column, for a feature's parts. */
export function sealedColumn<Entity extends object>(
  entity: EntityClass<Entity>,
  keys: readonly (keyof Entity & string)[],
  value: keyof Entity & string,
  purpose: string,
  boundTo: SealedColumn['boundTo'] = ([id = '']) => id,
): SealedColumn {
  return { entity, keys, value, purpose, boundTo };
}

/** Some values that another key than this one has sealed, in the order of their primary keys behind `after`. */
export async function findSealedByOthers(
  store: Store,
  column: SealedColumn,
  {
    kid,
    after,
    limit,
  }: { readonly kid: string; readonly after: readonly string[] | null; readonly limit: number },
): Promise<readonly SealedValue[]> {
  const at = (property: string): Sql => store.column(column.entity, property as never, 't');
  const keys = sql.join(column.keys.map(at));
  const { before = '' } = column.frame ?? {};
  const mark = `${before}${kid}.`;
  const begins = (text: string): Sql => beginsWith(at(column.value), text);
  const condition = sql.and([
    sql`NOT ${begins(mark)}`,
    before === '' ? null : sql`(${sql.join([before, column.clear?.begins ?? before].map(begins), ' OR ')})`,
    // Where nothing is kept any more there is nothing to seal.
    sql`${at(column.value)} <> ''`,
    after === null ? null : sql`(${keys}) > (${sql.join(after.map((key) => sql`${key}`))})`,
  ]);
  const named = column.keys.map((key, index) => sql`${at(key)} AS ${sql.raw(`k${index}`)}`);
  const kinds = Object.fromEntries(column.keys.map((_, index) => [`k${index}`, 'text' as const]));
  const rows = await store.query<Record<string, string>>(
    sql`SELECT ${sql.join(named)}, ${at(column.value)} AS sealed FROM ${store.table(column.entity)} AS t
      WHERE ${condition} ORDER BY ${keys} LIMIT ${limit}`,
    { ...kinds, sealed: 'text' },
  );
  return rows.map(({ sealed = '', ...row }) => ({
    keys: column.keys.map((_, index) => row[`k${index}`] ?? ''),
    sealed,
  }));
}

function beginsWith(column: Sql, text: string): Sql {
  return sql`substr(${column}, 1, ${sql.raw(String(text.length))}) = ${text}`;
}

/** Whether a column has values that are not sealed; reads the whole column where it has none. */
export async function hasClearValues(store: Store, { entity, value, clear }: SealedColumn): Promise<boolean> {
  if (clear === undefined) return false;
  const found = beginsWith(store.column(entity, value as never, 't'), clear.begins);
  const rows = await store.query(
    sql`SELECT 1 AS "one" FROM ${store.table(entity)} AS t WHERE ${found} LIMIT 1`,
    { one: 'integer' },
  );
  return rows.length > 0;
}

/** What of a stored value is sealed, and the same value with another sealed text in it. */
export function framed(
  { frame }: Pick<SealedColumn, 'frame'>,
  value: string,
): {
  readonly sealed: string;
  readonly with: (sealed: string) => string;
} {
  const begin = frame?.before.length ?? 0;
  const end = value.length - (frame?.after ?? 0);
  return {
    sealed: value.slice(begin, end),
    with: (sealed) => `${value.slice(0, begin)}${sealed}${value.slice(end)}`,
  };
}

/** Puts another sealed text in the place of one, unless somebody has changed it since. */
export async function replaceSealed(
  store: Store,
  { entity, keys, value }: SealedColumn,
  before: SealedValue,
  sealed: string,
): Promise<boolean> {
  const key = Object.fromEntries(keys.map((property, index) => [property, before.keys[index]]));
  return (await store.update(entity, { ...key, [value]: before.sealed }, { [value]: sealed })) === 1;
}
