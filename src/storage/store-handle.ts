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
import type { Dialect } from '#src/storage/dialect/dialect';
import type { Connection, Driver, Statement } from '#src/storage/driver';
import { canReadTogether, ReadsOfTick } from '#src/storage/reads-of-tick';
import { rowShape, type RawRow, type RowShape } from '#src/storage/row-codec';
import { type Sql, sql } from '#src/storage/sql';
import type * as api from '#src/storage/store';
import * as writes from '#src/storage/writes';

interface NamedRead extends CompiledRead {
  /** Name of the prepared statement. */
  readonly statement: string;
}

type AnyRead<Parameters extends object, Row extends object> =
  api.Read<Parameters, Row> | api.ComposedRead<Parameters, Row>;

/** Operations choose columns, and every choice stays prepared, so a caller must not be able to make ever more of them. */
const mostVariants = 20;

/** What all handles of one open database share: its driver, and everything that is built once. */
export class StorageCore {
  readonly context: api.SelectContext;
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
    this.context = selectContext(driver.dataSource, driver.dialect);
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
    const built =
      'compose' in read
        ? compileComposed(read, new StoreHandle(this, { statements: 0 }, null), this.selection(read.select))
        : compileRead(read, this.driver.dataSource, this.context);
    // Servers cut long names of prepared statements: they get short ones, equal for equal texts.
    const statement = this.statementNames.get(built.text) ?? `read-${this.statementNames.size}`;
    this.statementNames.set(built.text, statement);
    const compiled = { ...built, statement };
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

function partOf<Row>(selection: api.Selection<Row>, only: readonly string[]): api.Selection<Row> {
  const members = membersOf(selection).filter(([property]) => only.includes(property));
  return Object.fromEntries(members) as unknown as api.Selection<Row>;
}

/** What was made of these columns before; else what `make` makes, or `otherwise` when enough is kept. */
function variantOf<Variant>(
  all: WeakMap<object, Map<string, Variant>>,
  of: object,
  only: readonly string[],
  make: () => Variant,
  otherwise: () => Variant,
): Variant {
  let variants = all.get(of);
  if (variants === undefined) all.set(of, (variants = new Map<string, Variant>()));
  const key = only.join();
  let variant = variants.get(key);
  if (variant === undefined) {
    if (variants.size >= mostVariants) return otherwise();
    variant = make();
    variants.set(key, variant);
  }
  return variant;
}

/** The store of one request, job or command; inside a transaction it holds the transaction's connection. */
export class StoreHandle implements api.Store {
  private readonly reads: Pick<Driver, 'read'>;

  constructor(
    private readonly core: StorageCore,
    private readonly counter: { statements: number },
    private readonly connection: Connection | null,
  ) {
    this.reads = canReadTogether(core.driver) ? new ReadsOfTick(core.driver) : core.driver;
  }

  get dialect(): Dialect {
    return this.core.driver.dialect;
  }

  get cursors(): Cursors {
    return this.core.cursors;
  }

  get pageLimits(): api.PageLimits {
    return this.core.pageLimits;
  }

  get statements(): number {
    return this.counter.statements;
  }

  transaction<Result>(work: (store: api.Store) => Promise<Result>): Promise<Result> {
    if (this.connection !== null) return work(this);
    return this.core.driver.transaction((connection) =>
      work(new StoreHandle(this.core, this.counter, connection)),
    );
  }

  async read<Parameters extends object, Row extends object>(
    read: AnyRead<Parameters, Row>,
    parameters: Parameters,
    only?: readonly string[],
  ): Promise<Row[]> {
    const compiled = only === undefined ? this.core.compiled(read) : this.core.narrowed(read, only);
    const { name, statement, text, parameters: names, shape } = compiled;
    const values = names.map((parameter) => {
      if (typeof parameter !== 'string') return parameter.value;
      const value = (parameters as Readonly<Record<string, unknown>>)[parameter];
      if (value === undefined) throw new TypeError(`The read "${name}" needs the parameter "${parameter}".`);
      return this.dialect.bind(value);
    });
    return (await this.all({ name: statement, text, values, shape })) as Row[];
  }

  async query<Row extends object>(
    statement: Sql,
    kinds: api.Kinds<Row>,
    options: api.QueryOptions = {},
  ): Promise<Row[]> {
    const { text, values } = this.rendered(statement);
    const shape = this.core.shape(kinds);
    return (await this.all({ text, values, shape }, options.timeoutMs)) as Row[];
  }

  selection<Row extends object>(
    selection: api.Selection<Row>,
    only?: readonly string[],
  ): api.SelectionSql<Row> {
    return this.core.selection(only === undefined ? selection : this.core.part(selection, only));
  }

  column<Entity extends object>(
    entity: api.EntityClass<Entity>,
    property: keyof Entity & string,
    alias: string,
  ): Sql {
    return sql.raw(`"${alias}"."${databaseName(this.core.driver.dataSource, entity, property)}"`);
  }

  table(entity: api.EntityClass<object>): Sql {
    return writes.tableOf(this.writeContext, entity);
  }

  insert<Entity extends object>(
    entity: api.EntityClass<Entity>,
    rows: Partial<Entity> | readonly Partial<Entity>[],
    options: { readonly ignoreConflicts?: boolean } = {},
  ): Promise<number> {
    const conflict = options.ignoreConflicts === true ? writes.ignoreConflicts : sql.empty;
    return this.executeAll(writes.insertStatements(this.writeContext, entity, listOf(rows), conflict));
  }

  insertAll(batches: readonly api.Batch[]): Promise<number> {
    return this.executeAll(
      batches.flatMap(([entity, rows]) =>
        writes.insertStatements(this.writeContext, entity, listOf(rows), sql.empty),
      ),
    );
  }

  upsert<Entity extends object>(
    entity: api.EntityClass<Entity>,
    rows: Partial<Entity> | readonly Partial<Entity>[],
    key: readonly (keyof Entity & string)[],
  ): Promise<number> {
    const list = listOf(rows);
    const conflict = writes.replaceOnConflict(this.writeContext, entity, list[0] ?? {}, key);
    return this.executeAll(writes.insertStatements(this.writeContext, entity, list, conflict));
  }

  async update<Entity extends object>(
    entity: api.EntityClass<Entity>,
    where: api.Where<Entity>,
    set: Partial<Entity>,
  ): Promise<number> {
    const statement = writes.updateStatement(this.writeContext, entity, where, set);
    return statement === null ? 0 : this.execute(statement);
  }

  async delete<Entity extends object>(
    entity: api.EntityClass<Entity>,
    where: api.Where<Entity>,
  ): Promise<number> {
    return this.execute(writes.deleteStatement(this.writeContext, entity, where));
  }

  async execute(statement: Sql): Promise<number> {
    const { writer } = this;
    const rendered = this.rendered(statement);
    this.counter.statements += 1;
    return writer.run(rendered);
  }

  private get writer(): Connection {
    if (this.connection === null)
      throw new TypeError('Writes need a transaction: use the store it hands over.');
    return this.connection;
  }

  private get writeContext(): writes.WriteContext {
    return this.core.driver;
  }

  private async executeAll(statements: readonly Sql[]): Promise<number> {
    const [first] = statements;
    if (first === undefined) return 0;
    if (statements.length === 1) return this.execute(first);
    this.counter.statements += statements.length;
    return this.writer.runTogether(statements.map((statement) => this.rendered(statement)));
  }

  private all(statement: Statement, timeoutMs?: number): Promise<RawRow[]> {
    this.counter.statements += 1;
    if (this.connection !== null) return this.connection.all(statement);
    return timeoutMs === undefined
      ? this.reads.read(statement)
      : this.core.driver.readWithin(statement, timeoutMs);
  }

  private rendered(statement: Sql): Statement {
    return {
      text: statement.render((position) => this.dialect.placeholder(position)),
      values: statement.values.map((value) => this.dialect.bind(value)),
    };
  }
}

function listOf<Entity extends object>(
  rows: Partial<Entity> | readonly Partial<Entity>[],
): readonly Record<string, unknown>[] {
  return (Array.isArray(rows) ? rows : [rows]) as readonly Record<string, unknown>[];
}
