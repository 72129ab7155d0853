import type { Dialect } from '#src/storage/dialect/dialect';
import type { ColumnKind } from '#src/storage/store';

export type RawRow = Record<string, unknown>;

/** Turns the driver's rows into typed rows, in place: rows are fresh objects of the driver, and most columns need nothing. */
export type RowDecoder = (rows: RawRow[]) => void;

const nothing: RowDecoder = () => undefined;

/** A decoder for rows with these columns; what the driver gives right already is not touched. */
export function rowDecoder(dialect: Dialect, kinds: Readonly<Record<string, ColumnKind>>): RowDecoder {
  const columns: { property: string; decode: (value: unknown) => unknown }[] = [];
  for (const [property, kind] of Object.entries(kinds)) {
    const decode = dialect.decoder(kind);
    if (decode !== null) columns.push({ property, decode });
  }
  if (columns.length === 0) return nothing;
  return (rows) => {
    for (const { property, decode } of columns) {
      for (const row of rows) {
        const value = row[property];
        if (value !== null) row[property] = decode(value);
      }
    }
  };
}

/** A value of a row as it is stored: JSON columns become text, everything else stays. */
export function encodeValue(kind: ColumnKind, value: unknown): unknown {
  return kind === 'json' && value !== null ? JSON.stringify(value) : value;
}
