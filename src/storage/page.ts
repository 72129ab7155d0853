import { commonErrors } from '#src/shared/errors';
import type { CursorValue, Page, PageArguments } from '#src/shared/page';
import type { Direction } from '#src/storage/dialect/dialect';
import { rowsAfter, type PlacedKey } from '#src/storage/keyset';
import { type Sql, sql } from '#src/storage/sql';
import type { PageLimits, Read, Store } from '#src/storage/store';

/** One member of an order. The last one, or all together, must be unique: usually the id comes last. */
export interface OrderKey<Row, Column> {
  readonly column: Column;
  readonly direction: Direction;
  /** Rows without a value stand where the smallest value would. */
  readonly nullable?: boolean;
  /** The row's value in this column, as it was read. */
  readonly of: (row: Row) => CursorValue;
}

export interface KeysetOptions<Row> {
  /** Names list and order, for example `users:createdAt:desc`: cursors of any other order are refused. */
  readonly order: string;
  readonly keys: readonly OrderKey<Row, Sql>[];
  readonly arguments: PageArguments;
}

/** What a statement needs to read a part of a page: a condition, the text behind ORDER BY, and the most rows to read. */
export interface KeysetPart {
  readonly where: Sql;
  readonly orderBy: Sql;
  readonly limit: number;
}

/**
 * Reads one page of any ordered statement. `select` gets a condition, an order and a limit to put into its statement; it is
 * called a second time only where a page crosses from values to missing values.
 */
export async function keysetPage<Row>(
  store: Store,
  options: KeysetOptions<Row>,
  select: (part: KeysetPart) => Promise<Row[]>,
): Promise<Page<Row>> {
  const place = placeOf(store, options, options.keys.length);
  const keys = options.keys.map((key, index) => scanned(key, place, index));
  const orderBy = sql.join(
    options.keys.map(({ column, nullable }, index) => {
      const direction = (keys[index] as { direction: Direction }).direction;
      return sql`${column}${sql.raw(store.dialect.order('', direction, nullable === true))}`;
    }),
  );
  const conditions =
    place.values === null
      ? [sql.and([])]
      : rowsAfter(keys.map((key, index) => ({ ...key, value: valueAt(place, index) })));
  return collect(options, place, conditions, (where, limit) =>
    select({ where: sql`(${where})`, orderBy, limit }),
  );
}

/** A list with constant text: the first page, the page after a cursor and the page before one are prepared statements. */
export interface PageRead<Parameters extends object, Row extends object> extends Pick<
  Read<Parameters, Row>,
  'name' | 'build' | 'select' | 'parameters'
> {
  readonly order: string;
  /** Columns by property, as in `build`: `u.createdAt`. */
  readonly keys: readonly OrderKey<Row, string>[];
}

/** Reads one page of a constant list; `only` as in `Store.read`, with the columns that the order is made of. */
export async function readPage<Parameters extends object, Row extends object>(
  store: Store,
  list: PageRead<Parameters, Row>,
  parameters: Parameters,
  page: PageArguments,
  only?: readonly string[],
): Promise<Page<Row>> {
  const options = { order: list.order, keys: list.keys, arguments: page };
  const place = placeOf(store, options, list.keys.length);
  const keys = list.keys.map((key, index) => scanned({ ...key, column: sql.raw(key.column) }, place, index));
  const all: Record<string, unknown> = {};
  Object.assign(all, parameters);
  place.values?.forEach((value, index) => (all[`key${index}`] = value));
  const conditions =
    place.values === null
      ? [sql.empty]
      : rowsAfter(keys.map((key, index) => ({ ...key, value: key.isNull ? null : sql.raw(`:key${index}`) })));
  return collect(options, place, conditions, (where, limit) =>
    store.read(variant<Row>(list, where.texts[0] as string, keys), { ...all, rowLimit: limit }, only),
  );
}

/** Reads made of lists, by the condition's text: a handful for each list. */
const variants = new WeakMap<object, Map<string, Read<Record<string, unknown>, never>>>();

function variant<Row extends object>(
  list: Omit<PageRead<object, Row>, 'parameters'>,
  where: string,
  keys: readonly { readonly direction: Direction }[],
): Read<Record<string, unknown>, Row> {
  const known = variants.get(list) ?? new Map<string, Read<Record<string, unknown>, never>>();
  variants.set(list, known);
  const shape = `${keys.map((key) => key.direction).join(',')}|${where}`;
  let read = known.get(shape) as Read<Record<string, unknown>, Row> | undefined;
  if (read === undefined) {
    read = {
      name: `${list.name}#${known.size}`,
      select: list.select,
      limit: 'rowLimit',
      build(builder, dialect) {
        let built = list.build(builder, dialect);
        if (where !== '') built = built.andWhere(`(${where})`);
        list.keys.forEach(({ column, nullable }, index) => {
          const { direction } = keys[index] as { direction: Direction };
          built = built.addOrderBy(
            column,
            direction === 'asc' ? 'ASC' : 'DESC',
            dialect.nulls(direction, nullable === true),
          );
        });
        return built;
      },
    };
    known.set(shape, read as never);
  }
  return read;
}

/** Where a page begins and which way it is read. */
interface Place {
  readonly isForward: boolean;
  readonly size: number;
  readonly values: readonly CursorValue[] | null;
}

interface PlaceOptions {
  readonly order: string;
  readonly arguments: PageArguments;
}

function placeOf(store: Store, options: PlaceOptions, keyCount: number): Place {
  const { first = null, after = null, last = null, before = null } = options.arguments;
  if ((first !== null && last !== null) || (after !== null && before !== null)) {
    throw invalid('Use "first" with "after" or "last" with "before", not both.');
  }
  if ((first !== null && before !== null) || (last !== null && after !== null)) {
    throw invalid('"first" goes with "after" and "last" goes with "before".');
  }
  const isForward = last === null && before === null;
  const size = sizeOf(isForward ? 'first' : 'last', first ?? last, store.pageLimits);
  const cursor = after ?? before;
  if (cursor === null) return { isForward, size, values: null };
  const argument = isForward ? 'after' : 'before';
  const values = store.cursors.decode(options.order, cursor, argument);
  if (values.length !== keyCount)
    throw invalid(`The cursor in "${argument}" is of an older version. Start again without it.`);
  return { isForward, size, values };
}

function sizeOf(argument: string, given: number | null, { maximum, usual }: PageLimits): number {
  if (given === null) return Math.min(usual, maximum);
  if (given < 0) throw invalid(`"${argument}" must not be negative.`, { argument });
  if (given > maximum)
    throw invalid(`"${argument}" must be at most ${maximum}.`, { argument, limit: maximum });
  return given;
}

function invalid(message: string, extensions: Readonly<Record<string, unknown>> = {}): Error {
  return commonErrors.INVALID_PAGING({ message, extensions });
}

/** Bound; null for a missing value and where there is no cursor. */
function valueAt({ values }: Place, index: number): Sql | null {
  const value = values?.[index] ?? null;
  return value === null ? null : sql`${value}`;
}

type ScannedKey = Omit<PlacedKey, 'value'> & { readonly isNull: boolean };

/** The key as it is scanned: a page before a cursor is read backwards. */
function scanned<Row>(key: OrderKey<Row, Sql>, { isForward, values }: Place, index: number): ScannedKey {
  const opposite = key.direction === 'asc' ? 'desc' : 'asc';
  return {
    column: key.column,
    direction: isForward ? key.direction : opposite,
    nullable: key.nullable === true,
    isNull: values?.[index] === null,
  };
}

async function collect<Row>(
  { order, keys }: { readonly order: string; readonly keys: readonly OrderKey<Row, unknown>[] },
  { isForward, size, values }: Place,
  conditions: readonly Sql[],
  select: (where: Sql, limit: number) => Promise<Row[]>,
): Promise<Page<Row>> {
  // One row more than asked for tells whether there is a next page.
  const found: Row[] = [];
  for (const condition of conditions) {
    if (found.length > size) break;
    found.push(...(await select(condition, size + 1 - found.length)));
  }
  const hasMore = found.length > size;
  const rows = hasMore ? found.slice(0, size) : found;
  if (!isForward) rows.reverse();
  return {
    rows,
    hasNextPage: isForward ? hasMore : values !== null,
    hasPreviousPage: isForward ? values !== null : hasMore,
    order,
    keyOf: (row) => keys.map((key) => key.of(row)),
  };
}
