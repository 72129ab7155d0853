import type { Selection } from '#src/storage/store';

/** A read of one user, under the alias `u`. */
export interface OwnRead {
  /** The same for the same columns. */
  readonly key: string;
  readonly select: Selection<object>;
}

/** Kept with a query: how it read the user who asked it, the last time. */
export interface OwnReadMemory {
  last: OwnRead | null;
}

/**
 * The signed-in user as the running query reads him. The statement that recognises the caller brings along what the same query took the
 * last time; where that is what it takes now, no other statement is needed. What is asked is decided as ever: this is but a row.
 */
export class OwnUser {
  constructor(
    private readonly memory: OwnReadMemory,
    private readonly read: OwnRead | null,
    private readonly row: object | null,
  ) {}

  /** The row, if it was read like this; undefined: it has to be read. */
  take(read: OwnRead): object | undefined {
    this.memory.last = read;
    return this.read?.key === read.key ? (this.row ?? undefined) : undefined;
  }
}
