import type { RowOutcome } from '#src/features/transfers/imports/applying/apply-rows';

/** What became of rows of imports in this process, for metrics. */
export interface ImportTally {
  add(outcomes: readonly RowOutcome[]): void;
  /** By outcome: inserted, updated, skipped, failed. */
  readonly rows: ReadonlyMap<string, number>;
  /** Rows that failed, by each of their codes. */
  readonly failures: ReadonlyMap<string, number>;
}

export function createImportTally(): ImportTally {
  const rows = new Map<string, number>();
  const failures = new Map<string, number>();
  const count = (counts: Map<string, number>, name: string): void =>
    void counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    rows,
    failures,
    add(outcomes) {
      for (const { outcome, errors } of outcomes) {
        count(rows, outcome);
        for (const code of new Set(errors.map((error) => error.code))) count(failures, code);
      }
    },
  };
}
