import type { Submittable } from 'pg';
import { rowMaker, type Decoders, type RawRow, type RowShape } from '#src/storage/row-codec';

/** What the driver hands to a query object: the connection's messages, and the statements it has parsed. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  readonly parsedStatements: Readonly<Record<string, string>>;
  parse(message: { name: string; text: string }): void;
  bind(message: {
    statement: string;
    values: readonly unknown[];
    valueMapper: (value: unknown) => string | null;
  }): void;
  execute(message: object): void;
  sync(): void;
}

/** Values arrive as text. */
const decoders: Decoders = {
  integer: Number,
  instant: Number,
  number: Number,
  boolean: (text) => text === 't',
  json: (text) => JSON.parse(text as string) as unknown,
};

const makers = new WeakMap<RowShape, (values: readonly unknown[]) => RawRow>();

function makerOf(shape: RowShape): (values: readonly unknown[]) => RawRow {
  const known = makers.get(shape);
  if (known !== undefined) return known;
  const made = rowMaker(shape, decoders);
  makers.set(shape, made);
  return made;
}

/**
 * A query whose columns are known beforehand: the server is not asked to describe them, and each row is made in one step of
 * the texts on the wire. The driver's own query needs a third more of our thread for one row, and more for many.
 */
export class ShapedQuery implements Submittable {
  private readonly rows: RawRow[] = [];
  private failure: unknown = null;
  private readonly make: (values: readonly unknown[]) => RawRow;
  private readonly width: number;

  constructor(
    readonly name: string,
    readonly text: string,
    private readonly values: readonly unknown[],
    shape: RowShape,
    /** Called once. The driver looks for this name. */
    public callback: (error: unknown, rows: RawRow[]) => void,
  ) {
    this.make = makerOf(shape);
    this.width = shape.properties.length;
  }

  submit(connection: object): void {
    const wire = connection as Wire;
    wire.stream.cork();
    try {
      // The driver remembers the text under the name when the server has parsed it.
      if (this.name === '' || wire.parsedStatements[this.name] !== this.text) {
        wire.parse({ name: this.name, text: this.text });
      }
      wire.bind({ statement: this.name, values: this.values, valueMapper: wireText });
      wire.execute({});
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    try {
      if (message.fields.length !== this.width)
        throw new TypeError('The statement has other columns than its selection.');
      this.rows.push(this.make(message.fields));
    } catch (error) {
      this.failure ??= error;
    }
  }

  handleReadyForQuery(): void {
    this.settle(this.failure);
  }

  handleError(error: unknown): void {
    this.settle(error);
  }

  handleRowDescription(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}

  private settle(error: unknown): void {
    const { callback } = this;
    this.callback = () => undefined;
    callback(error, this.rows);
  }
}

type Scalar = string | number | boolean | null;

/** A bound value, checked by the dialect, as the text the server reads. */
function wireText(value: unknown): string | null {
  const checked = value as Scalar | readonly Scalar[];
  if (checked === null) return null;
  if (typeof checked !== 'object') return String(checked);
  const members = checked.map((member) =>
    member === null ? 'NULL' : `"${String(member).replace(/["\\]/g, '\\$&')}"`,
  );
  return `{${members.join(',')}}`;
}
