import { columnsOf } from '#src/storage/columns';
import type { Cursors } from '#src/storage/cursor';
import type { Dialect } from '#src/storage/dialect/dialect';
import type { Connection, Driver, Statement } from '#src/storage/driver';
import { canReadTogether, ReadsOfTick } from '#src/storage/reads-of-tick';
import type { RawRow } from '#src/storage/row-codec';
import { SettingsSeen } from '#src/storage/settings/settings-seen';
import { SettingsStateEntity } from '#src/storage/settings/settings-state.entity';
import { type Sql, sql } from '#src/storage/sql';
import type { AnyRead, StorageCore } from '#src/storage/storage-core';
import type * as api from '#src/storage/store';
import * as writes from '#src/storage/writes';

const versionRead: api.Read<object, { readonly version: string }> = {
  name: 'settings_version',
  build: (builder) => builder.from(SettingsStateEntity, 's'),
  select: columnsOf(SettingsStateEntity, 's', ['version']),
};

/** The store of one request, job or command; inside a transaction it holds the transaction's connection. */
export class StoreHandle implements api.Store {
  private readonly reads: Pick<Driver, 'read'>;
  private readonly last = new Map<api.EntityClass<object>, Record<string, unknown>[]>();

  constructor(
    private readonly core: StorageCore,
    private readonly counter: { statements: number },
    private readonly connection: Connection | null,
    private readonly settings = new SettingsSeen(),
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
    return this.core.driver.transaction(async (connection) => {
      const seen = new SettingsSeen(this.settings);
      const inside = new StoreHandle(this.core, this.counter, connection, seen);
      const result = await work(inside);
      for (const [entity, rows] of inside.last) await inside.insert(entity, rows);
      if (seen.areOwn) this.settings.note(null);
      return result;
    });
  }

  async kept<Result extends object | null>(key: string, read: () => Promise<Result>): Promise<Result> {
    if (this.settings.areOwn) return read();
    let version = this.settings.current();
    if (version === null) {
      version = (await this.read(versionRead, {}))[0]?.version ?? '';
      this.settings.note(version);
    }
    return this.core.kept.get(version, key, read);
  }

  settingsAre(version: string | null): void {
    this.settings.note(version);
  }

  async read<Parameters extends object, Row extends object>(
    read: AnyRead<Parameters, Row>,
    parameters: Parameters,
    only?: readonly string[],
  ): Promise<Row[]> {
    const compiled = only === undefined ? this.core.compiled(read) : this.core.narrowed(read, only);
    const { name, statement, parameters: names } = compiled;
    const values = names.map((parameter) => {
      if (typeof parameter !== 'string') return parameter.value;
      const value = (parameters as Readonly<Record<string, unknown>>)[parameter];
      if (value === undefined) throw new TypeError(`The read "${name}" needs the parameter "${parameter}".`);
      return this.dialect.bind(value);
    });
    if ('isGathered' in read && this.connection === null) {
      this.counter.statements += 1;
      return (await this.core.gathered.read(statement, values)) as Row[];
    }
    return (await this.all({ ...statement, values })) as Row[];
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
    return this.core.composer.column(entity, property, alias);
  }

  table(entity: api.EntityClass<object>): Sql {
    return this.core.composer.table(entity);
  }

  insert<Entity extends object>(
    entity: api.EntityClass<Entity>,
    rows: Partial<Entity> | readonly Partial<Entity>[],
    options: api.InsertOptions = {},
  ): Promise<number> {
    if (options.from !== undefined)
      return this.execute(writes.insertFrom(this.writeContext, entity, rows, options.from));
    const conflict = options.ignoreConflicts === true ? writes.ignoreConflicts : sql.empty;
    return this.executeAll(writes.insertStatements(this.writeContext, entity, listOf(rows), conflict));
  }

  insertLast<Entity extends object>(entity: api.EntityClass<Entity>, row: Partial<Entity>): void {
    if (this.connection === null) throw outside();
    const rows = this.last.get(entity);
    if (rows === undefined) this.last.set(entity, [row]);
    else rows.push(row);
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
    this.settings.written(rendered.text);
    return writer.run(rendered);
  }

  private get writer(): Connection {
    if (this.connection === null) throw outside();
    return this.connection;
  }

  private get writeContext(): writes.WriteContext {
    return this.core.driver;
  }

  private async executeAll(statements: readonly Sql[]): Promise<number> {
    const [first] = statements;
    if (first === undefined) return 0;
    if (statements.length === 1) return this.execute(first);
    const rendered = statements.map((statement) => this.rendered(statement));
    this.counter.statements += rendered.length;
    rendered.forEach(({ text }) => this.settings.written(text));
    return this.writer.runTogether(rendered);
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

function outside(): TypeError {
  return new TypeError('Writes need a transaction: use the store it hands over.');
}
