import { transferErrors } from '#src/features/transfers/transfer.errors';
import type { GatehouseError } from '#src/shared/errors';
import type { FilePosition } from './source-record';

/** The text of one element of a JSON file, or null where it is longer than allowed. */
export interface JsonElement extends FilePosition {
  readonly bytes: Buffer | null;
  readonly isTooDeep: boolean;
}

/**
 * Where the elements stand: in an array, in the array that an object has under a name, on a line each, or the whole file is one.
 */
export type JsonLayout =
  { readonly kind: 'array' | 'lines' | 'single' } | { readonly kind: 'member'; readonly name: string };

export interface ElementLimits {
  readonly maxRowBytes: number;
  readonly maxDepth: number;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const newline = 0x0a;

export function brokenFile(message: string, { line, column }: FilePosition): GatehouseError {
  return transferErrors.IMPORT_FILE_INVALID({
    message: `${message} (line ${line}, column ${column}).`,
    extensions: { line, column },
  });
}

/**
 * Cuts a JSON file into its elements without building anything: only brackets, quotes and commas are looked at, so one element is held
 * at a time, its size and nesting are known before it is parsed, and a mistake has its line and column.
 */
export async function* jsonElements(
  chunks: AsyncIterable<Buffer>,
  layout: JsonLayout,
  limits: ElementLimits,
): AsyncGenerator<JsonElement> {
  const scanner = new ElementScanner(layout, limits);
  for await (const chunk of chunks) yield* scanner.scan(chunk);
  yield* scanner.end();
}

class ElementScanner {
  private depth = 0;
  /** Brackets around each element; null: the array has not begun. */
  private base: number | null;
  private isOver = false;
  private isInString = false;
  private isEscaped = false;
  private line = 1;
  private column = 0;
  /** The element under way. */
  private parts: Buffer[] = [];
  private size = 0;
  private deepest = 0;
  private start: FilePosition | null = null;
  private isAfterComma = false;
  /** The last name at the first level of an object, and the bytes of one under way. */
  private name = '';
  private nameFrom: number[] | null = null;

  constructor(
    private readonly layout: JsonLayout,
    private readonly limits: ElementLimits,
  ) {
    this.base = layout.kind === 'lines' || layout.kind === 'single' ? 0 : null;
  }

  *scan(chunk: Buffer): Generator<JsonElement> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      this.column += 1;
      if (byte === newline) {
        if (this.layout.kind === 'lines') {
          this.keep(chunk, from, at);
          from = at + 1;
          if (this.start !== null) yield this.cut();
          // A broken line ends with itself: the next one begins anew.
          this.depth = 0;
          this.isInString = false;
          this.isEscaped = false;
        }
        this.line += 1;
        this.column = 0;
        continue;
      }
      if (this.isInString) {
        this.inString(byte);
        continue;
      }
      if (byte === 0x20 || byte === 0x0d || byte === 0x09) continue;
      if (byte === comma && this.depth === this.base && this.layout.kind !== 'lines' && !this.isOver) {
        this.keep(chunk, from, at);
        from = at + 1;
        if (this.start === null) throw brokenFile('A value is missing before the comma', this.here());
        yield this.cut();
        this.isAfterComma = true;
        continue;
      }
      if ((byte === 0x5d || byte === 0x7d) && this.depth === this.base && this.base > 0) {
        this.keep(chunk, from, at);
        from = at + 1;
        if (this.start !== null) yield this.cut();
        else if (this.isAfterComma) throw brokenFile('A value is missing after the comma', this.here());
        this.depth -= 1;
        this.isOver = true;
        this.base = null;
        continue;
      }
      if (this.base === null) {
        this.outside(byte);
        from = at + 1;
      } else {
        this.start ??= this.here();
        this.inside(byte);
      }
    }
    if (this.base !== null) this.keep(chunk, from, chunk.length);
  }

  *end(): Generator<JsonElement> {
    if (this.layout.kind === 'lines' || this.layout.kind === 'single') {
      if (this.start !== null) yield this.cut();
      return;
    }
    if (!this.isOver && this.depth === 0)
      throw brokenFile('The file does not hold what its format asks for', this.here());
    if (this.depth > 0 || !this.isOver)
      throw brokenFile('The file ends in the middle: it is cut off', this.here());
  }

  private inString(byte: number): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === backslash) this.isEscaped = true;
    else if (byte === quote) {
      this.isInString = false;
      if (this.nameFrom !== null) this.name = Buffer.from(this.nameFrom).toString('utf8');
      this.nameFrom = null;
      return;
    }
    this.nameFrom?.push(byte);
  }

  private inside(byte: number): void {
    if (byte === quote) this.isInString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      this.depth += 1;
      this.deepest = Math.max(this.deepest, this.depth - (this.base ?? 0));
    } else if (byte === 0x5d || byte === 0x7d) this.depth -= 1;
  }

  /** Before the array with the elements, or behind it. */
  private outside(byte: number): void {
    const isArray = this.layout.kind === 'array';
    if (isArray && (this.isOver || byte !== 0x5b))
      throw brokenFile(
        this.isOver ? 'Something follows the end of the array' : 'A JSON array is expected',
        this.here(),
      );
    if (!isArray && this.depth === 0 && (byte !== 0x7b || this.isOver))
      throw brokenFile('A JSON object is expected', this.here());
    if (byte === quote) {
      this.isInString = true;
      if (this.depth === 1 && !this.isOver) this.nameFrom = [];
    } else if (byte === 0x5b || byte === 0x7b) {
      this.depth += 1;
      const isWanted =
        this.layout.kind === 'member' && this.depth === 2 && byte === 0x5b && this.name === this.layout.name;
      if (isArray || (isWanted && !this.isOver)) this.base = this.depth;
    } else if (byte === 0x5d || byte === 0x7d) {
      this.depth -= 1;
      if (this.depth === 0 && !this.isOver)
        throw brokenFile(
          `The object has no array "${this.layout.kind === 'member' ? this.layout.name : ''}"`,
          this.here(),
        );
    }
  }

  private keep(chunk: Buffer, from: number, to: number): void {
    this.size += to - from;
    if (this.size > this.limits.maxRowBytes) this.parts = [];
    else if (to > from) this.parts.push(chunk.subarray(from, to));
  }

  private cut(): JsonElement {
    const isTooLarge = this.size > this.limits.maxRowBytes;
    const element: JsonElement = {
      ...(this.start ?? this.here()),
      bytes: isTooLarge ? null : Buffer.concat(this.parts),
      isTooDeep: this.deepest > this.limits.maxDepth,
    };
    this.parts = [];
    this.size = 0;
    this.deepest = 0;
    this.start = null;
    this.isAfterComma = false;
    return element;
  }

  private here(): FilePosition {
    return { line: this.line, column: this.column };
  }
}
