import { rowDecoder, rowMaker, type Decoders, type RawRow, type RowShape } from '#src/storage/row-codec';

/** How a statement is sent so that its rows come back fast, and what is done with the answer. */
export interface RowPlan {
  readonly text: string;
  readonly finish: (rows: RawRow[]) => RawRow[];
}

/** For rows that the driver makes itself. */
const plain: Decoders = {
  boolean: (value) => value === 1 || value === true,
  json: (value) => JSON.parse(value as string) as unknown,
};

/** For values that come out of one JSON text. */
const inJson: Decoders = { boolean: (value) => value === 1 || value === true };

/** A statement whose one row has the rows of another one as a JSON text under `rows`. */
export interface JsonRows {
  readonly text: string;
  /** Makes a row of one of its members. */
  readonly make: (values: readonly unknown[]) => RawRow;
}

/**
 * Null for what cannot be sent so: numbers that may have a fraction, because the database's JSON has 15 digits for them, and statements
 * that change something, because they cannot stand inside another one.
 */
export function jsonRows(text: string, shape: RowShape): JsonRows | null {
  const isNested = /^\s*SELECT\b/i.test(text) && shape.properties.length > 0;
  if (!isNested || Object.values(shape.kinds).includes('number')) return null;
  // Qualified, because a lone quoted name that is no column would be taken for a text.
  const columns = shape.properties.map((property) => {
    const column = `r."${property}"`;
    return shape.kinds[property] === 'json' ? `json(${column})` : column;
  });
  return {
    text: `SELECT json_group_array(json_array(${columns.join(', ')})) AS rows FROM (${text}) AS r`,
    make: rowMaker(shape, inJson),
  };
}

/**
 * Lets the database write all rows as one JSON text, on the driver's thread: for fifty rows this takes a third of the time
 * that the driver needs to make objects cell by cell on ours.
 */
export function rowPlan(text: string, shape: RowShape | undefined): RowPlan {
  if (shape === undefined) return { text, finish: (rows) => rows };
  const rows = jsonRows(text, shape);
  if (rows === null) return { text, finish: rowDecoder(shape, plain) };
  const { make } = rows;
  return {
    text: rows.text,
    finish: ([answer]) => (JSON.parse(answer?.['rows'] as string) as unknown[][]).map(make),
  };
}
