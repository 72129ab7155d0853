import type { ColumnKind } from '#src/storage/store';

export type RawRow = Record<string, unknown>;

/** What the rows of a statement look like. One object for each selection, so that drivers keep what they derive from it. */
export interface RowShape {
  /** Different for different shapes. */
  readonly id: number;
  readonly kinds: Readonly<Record<string, ColumnKind>>;
  readonly properties: readonly string[];
  /** True when the statement's columns are exactly these, in this order; else columns are found by their names. */
  readonly isOrdered: boolean;
}

export type Decode = (value: unknown) => unknown;

/** How the value of a column becomes the value of a row, by kind; a kind that is not named needs nothing. NULL is not passed in. */
export type Decoders = Partial<Readonly<Record<ColumnKind, Decode>>>;

let shapes = 0;

export function rowShape(kinds: Readonly<Record<string, ColumnKind>>, isOrdered: boolean): RowShape {
  shapes += 1;
  return { id: shapes, kinds, properties: Object.keys(kinds), isOrdered };
}

/**
 * A function that makes a row of the values of its columns. Written out as code, because rows are the hot path: one object
 * literal makes all rows alike to the engine and costs a third of filling objects property by property.
 */
export function rowMaker(shape: RowShape, decoders: Decoders): (values: readonly unknown[]) => RawRow {
  const decode = shape.properties.map((property) => decoders[shape.kinds[property] as ColumnKind]);
  const members = shape.properties.map((property, index) => {
    const value = `values[${index}]`;
    // SECURITY: names come from selections in the source, never from a caller; quoted all the same, so that none can be code.
    const name = `[${JSON.stringify(property)}]`;
    return `${name}: ${decode[index] === undefined ? value : `${value} === null ? null : decode[${index}](${value})`}`;
  });
  const source = `return (values) => ({ ${members.join(', ')} });`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const compile = new Function('decode', source) as (
    decode: unknown,
  ) => (values: readonly unknown[]) => RawRow;
  return compile(decode);
}

/** A function that makes a row of some properties of another, under names of its own: what was joined comes apart again. */
export function rowPart(
  members: readonly (readonly [property: string, from: string])[],
): (row: Readonly<RawRow>) => RawRow {
  // SECURITY: as above, all names come from selections in the source.
  const literal = members.map(
    ([property, from]) => `[${JSON.stringify(property)}]: row[${JSON.stringify(from)}]`,
  );
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  return new Function('row', `return { ${literal.join(', ')} };`) as (row: Readonly<RawRow>) => RawRow;
}

/** A function that answers the values of these properties, one after the other. */
export function rowReader(properties: readonly string[]): (row: Readonly<RawRow>) => unknown[] {
  // SECURITY: as above, all names are properties of entities.
  const values = properties.map((property) => `row[${JSON.stringify(property)}]`);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  return new Function('row', `return [${values.join(', ')}];`) as (row: Readonly<RawRow>) => unknown[];
}

/** Decodes rows that the driver has made already, in place: they are fresh objects, and most columns need nothing. */
export function rowDecoder(shape: RowShape, decoders: Decoders): (rows: RawRow[]) => RawRow[] {
  const columns: { property: string; decode: Decode }[] = [];
  for (const property of shape.properties) {
    const decode = decoders[shape.kinds[property] as ColumnKind];
    if (decode !== undefined) columns.push({ property, decode });
  }
  return (rows) => {
    for (const { property, decode } of columns) {
      for (const row of rows) {
        const value = row[property];
        if (value !== null) row[property] = decode(value);
      }
    }
    return rows;
  };
}

/** A value of a row as it is stored: JSON columns become text, everything else stays. */
export function encodeValue(kind: ColumnKind, value: unknown): unknown {
  return kind === 'json' && value !== null ? JSON.stringify(value) : value;
}
