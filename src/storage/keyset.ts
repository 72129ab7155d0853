import type { Direction } from '#src/storage/dialect/dialect';
import { type Sql, sql } from '#src/storage/sql';

/** A member of an order, with the value from which to go on: null stands for a missing value. */
export interface PlacedKey {
  readonly column: Sql;
  readonly direction: Direction;
  readonly nullable: boolean;
  readonly value: Sql | null;
}

/**
 * Conditions for the rows strictly after a place, each served by a range of one index, to be read one after the other: all
 * rows of the first come before all rows of the second. There are two only where missing values of the first key are ahead
 * or behind. NULL counts as smaller than every value.
 */
export function rowsAfter(keys: readonly PlacedKey[]): Sql[] {
  const [key, ...rest] = keys as [PlacedKey, ...PlacedKey[]];
  if (key.value === null) {
    const within = rest.length === 0 ? [] : [sql`${key.column} IS NULL AND (${after(rest)})`];
    return key.direction === 'asc' ? [...within, sql`${key.column} IS NOT NULL`] : within;
  }
  const parts = [after([{ ...key, nullable: false }, ...rest])];
  return key.nullable && key.direction === 'desc' ? [...parts, sql`${key.column} IS NULL`] : parts;
}

/** One condition for the rows strictly after a place. */
function after(keys: readonly PlacedKey[]): Sql {
  if (isOneRange(keys)) {
    const columns = sql.join(keys.map((key) => key.column));
    const values = sql.join(keys.map((key) => key.value as Sql));
    return keys.length === 1
      ? sql`${columns} ${beyond(keys)} ${values}`
      : sql`(${columns}) ${beyond(keys)} (${values})`;
  }
  const [key, ...rest] = keys as [PlacedKey, ...PlacedKey[]];
  if (rest.length === 0) return strictlyAfter(key);
  const ties = sql`${equal(key)} AND (${after(rest)})`;
  const either = sql`(${strictlyAfter(key)}) OR (${ties})`;
  // The bound is implied by the rest; it is what an index can use.
  return key.value === null || key.nullable
    ? either
    : sql`${key.column} ${beyond([key])}= ${key.value} AND (${either})`;
}

/** One direction, no NULL to step over: a comparison of row values says it, and both databases turn it into an index range. */
function isOneRange(keys: readonly PlacedKey[]): boolean {
  return keys.every(
    (key) =>
      key.direction === keys[0]?.direction &&
      key.value !== null &&
      (!key.nullable || key.direction === 'asc'),
  );
}

function beyond(keys: readonly PlacedKey[]): Sql {
  return keys[0]?.direction === 'asc' ? sql`>` : sql`<`;
}

function strictlyAfter(key: PlacedKey): Sql {
  if (key.value === null) return key.direction === 'asc' ? sql`${key.column} IS NOT NULL` : sql`FALSE`;
  const compared = sql`${key.column} ${beyond([key])} ${key.value}`;
  return key.nullable && key.direction === 'desc' ? sql`${compared} OR ${key.column} IS NULL` : compared;
}

function equal(key: PlacedKey): Sql {
  return key.value === null ? sql`${key.column} IS NULL` : sql`${key.column} = ${key.value}`;
}
