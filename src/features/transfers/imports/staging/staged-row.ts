import type { Finding, NativeObject } from '#src/features/transfers/formats/import-format';

/** A row as it waits for its job: mapped to the native form, not checked yet. */
export interface StagedRow {
  readonly index: number;
  readonly line: number | null;
  /** Null: not imported; `errors` say why, or it was left out on purpose. */
  readonly row: NativeObject | null;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** Rows in one part. */
export const rowsPerPart = 500;

/** A part as text: one row on each line. */
export function writeRows(rows: readonly StagedRow[]): string {
  return rows
    .map((row) => {
      const { index, line, errors, warnings } = row;
      const findings = errors.length > 0 || warnings.length > 0 ? [errors, warnings] : [];
      return JSON.stringify([index, line, row.row, ...findings]);
    })
    .join('\n');
}

export function* readRows(text: string): Generator<StagedRow> {
  for (const record of text.split('\n')) {
    const [index, line, row, errors = [], warnings = []] = JSON.parse(record) as [
      number,
      number | null,
      NativeObject | null,
      Finding[]?,
      Finding[]?,
    ];
    yield { index, line, row, errors, warnings };
  }
}
