/** One record of a file before it is mapped. */
export interface SourceRecord {
  /** From zero. */
  readonly index: number;
  /** Line at which it begins, from one. */
  readonly line: number;
  readonly value: unknown;
  /** Why the record could not be read by itself; others can. */
  readonly problem?: { readonly code: string; readonly message: string };
}

/** Where a file is broken. */
export interface FilePosition {
  readonly line: number;
  readonly column: number;
}

export interface RecordLimits {
  readonly maxRowBytes: number;
  /** Deepest nesting of a record. */
  readonly maxDepth: number;
}
