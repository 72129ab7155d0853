/** One page of an ordered list. The values that place a row in the order are kept, so that a cursor is made only when asked for. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** The row's place in the order: what its cursor holds. */
  readonly keyOf: (row: Row) => readonly CursorValue[];
  /** Name of list and order; a cursor of another list or order is refused. */
  readonly order: string;
}

export type CursorValue = string | number | boolean | null;

/** Relay arguments as a caller sends them. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}
