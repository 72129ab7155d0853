import {
  compileComposed,
  compileRead,
  kindsOf,
  selectContext,
  databaseName,
  membersOf,
  type CompiledRead,
} from '#src/storage/compile-read';
import type { Cursors } from '#src/storage/cursor';
import type { Driver, ShapedRead } from '#src/storage/driver';
import { GatheredReads } from '#src/storage/gathered-reads';
import { partOf, variantOf } from '#src/storage/read-variants';
import { rowShape, type RowShape } from '#src/storage/row-codec';
import { KeptSettings } from '#src/storage/settings/kept-settings';
import { sql } from '#src/storage/sql';
import type * as api from '#src/storage/store';
import { tableOf } from '#src/storage/writes';

export interface NamedRead extends Pick<CompiledRead, 'name' | 'parameters'> {
  readonly statement: ShapedRead;
}

export type AnyRead<Parameters extends object, Row extends object> =
  api.Read<Parameters, Row> | api.ComposedRead<Parameters, Row>;

/** What all handles of one open database share: its driver, and everything that is built once. */
export class StorageCore {
  readonly context: api.SelectContext;
  readonly composer: api.Composer;
  readonly kept = new KeptSettings();
  readonly gathered: GatheredReads;
  private readonly reads = new WeakMap<object, NamedRead>();
  private readonly variants = new WeakMap<object, Map<string, NamedRead>>();
  private readonly statementNames = new Map<string, string>();
  private readonly selections = new WeakMap<object, api.SelectionSql<object>>();
  private readonly parts = new WeakMap<object, Map<string, api.Selection<object>>>();
  private readonly shapes = new WeakMap<object, RowShape>();

  constructor(
    readonly driver: Driver,
    readonly cursors: Cursors,
    readonly pageLimits: api.PageLimits,
  ) {
    const { dataSource, dialect } = driver;
    this.gathered = new GatheredReads(driver);
    this.context = selectContext(dataSource, dialect);
    this.composer = {
      dialect,
      column: (entity, property, alias) =>
        sql.raw(`"${alias}"."${databaseName(dataSource, entity, property)}"`),
      table: (entity) => tableOf(driver, entity),
    };
  }

  /** The read with these columns alone; with all of them once it has as many variants as are kept prepared. */
  narrowed<Parameters extends object, Row extends object>(
    read: AnyRead<Parameters, Row>,
    only: readonly string[],
  ): NamedRead {
    return variantOf(
      this.variants,
      read,
      only,
      () => this.compiled({ ...read, select: partOf(read.select, only) }),
      () => this.compiled(read),
    );
  }

  /** The selection with these columns alone; with all of them once it has as many parts as are kept. */
  part<Row extends object>(selection: api.Selection<Row>, only: readonly string[]): api.Selection<Row> {
    const whole = (): api.Selection<Row> => selection;
    const part = (): api.Selection<Row> => partOf(selection, only);
    return variantOf(this.parts, selection, only, part, whole) as api.Selection<Row>;
  }

  compiled<Parameters extends object, Row extends object>(read: AnyRead<Parameters, Row>): NamedRead {
    const known = this.reads.get(read);
    if (known !== undefined) return known;
    const { name, parameters, text, shape } =
      'compose' in read
        ? compileComposed(read, this.composer, this.selection(read.select))
        : compileRead(read, this.driver.dataSource, this.context);
    // Servers cut long names of prepared statements: they get short ones, equal for equal texts.
    const short = this.statementNames.get(text) ?? `read-${this.statementNames.size}`;
    this.statementNames.set(text, short);
    const compiled = { name, parameters, statement: { name: short, text, shape } };
    this.reads.set(read, compiled);
    return compiled;
  }

  selection<Row extends object>(selection: api.Selection<Row>): api.SelectionSql<Row> {
    const known = this.selections.get(selection);
    if (known !== undefined) return known as api.SelectionSql<Row>;
    const columns = membersOf(selection).map(
      ([property, selected]) => `${selected.sql(this.context)} AS "${property}"`,
    );
    const made = { columns: sql.raw(columns.join(', ')), kinds: kindsOf(selection) };
    this.selections.set(selection, made);
    this.shapes.set(made.kinds, rowShape(made.kinds, true));
    return made;
  }

  /** Kinds that a selection made know the order of the columns; written-out ones do not. */
  shape(kinds: Readonly<Record<string, api.ColumnKind>>): RowShape {
    const known = this.shapes.get(kinds);
    if (known !== undefined) return known;
    const made = rowShape(kinds, false);
    this.shapes.set(kinds, made);
    return made;
  }
}
