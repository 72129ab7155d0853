import type { Call } from '#src/access/call';
import { readConnectionOptions, type ConnectionOptions } from './connection-options';
import { connectionErrors } from './connection.errors';
import {
  countConnections,
  deleteConnection,
  findConnectionPage,
  findConnections,
  findConnectionsByName,
  findEnabledConnections,
  insertConnection,
  isConnectionUsed,
  lockConnection,
  updateConnection,
  type ConnectionRow,
} from './connection.repository';
import { checkMapping } from '#src/features/connections/mapping/mapping-of';
import { databaseStrategy } from './strategy';
import { commonErrors } from '#src/shared/errors';
import type { Clock } from '#src/shared/clock';
import type { Ids } from '#src/shared/ids';
import type { Page, PageArguments } from '#src/shared/page';
import type { Store } from '#src/storage/store';

/** The connection that is meant where a caller names none. */
export const defaultConnection = 'main';

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly isEnabled: boolean;
  readonly options: ConnectionOptions;
}

export interface ConnectionToCreate {
  readonly name: string;
  readonly strategy: string;
  readonly displayName?: string | null;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Where users come from. The strategy of a connection never changes, and neither does its name. */
export class ConnectionService {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The connection of this name, or null. */
  async byName(store: Store, name: string): Promise<Connection | null> {
    const row = await this.stored(store, name);
    return row === null ? null : asConnection(row);
  }

  /** The same with all that is stored of it, for the protocols of its provider. */
  stored(store: Store, name: string): Promise<ConnectionRow | null> {
    return store.kept(
      `connection ${name}`,
      async () => (await findConnectionsByName(store, [name]))[0] ?? null,
    );
  }

  /** The connection of this id, or null. */
  async byId(store: Store, id: string): Promise<Connection | null> {
    const [row] = await findConnections(store, [id]);
    return row ? asConnection(row) : null;
  }

  /** The connection of this name; CONNECTION_NOT_FOUND when there is none. */
  async require(store: Store, name: string = defaultConnection): Promise<Connection> {
    const found = await this.byName(store, name);
    if (found) return found;
    throw connectionErrors.CONNECTION_NOT_FOUND({
      message: `There is no connection named "${name.slice(0, 100)}".`,
      extensions: { field: 'connection' },
    });
  }

  /** Within the caller's reach: inside an organization those that are linked to it. */
  list({ store, principal }: Call, page: PageArguments): Promise<Page<ConnectionRow>> {
    return findConnectionPage(store, principal.organizationId, page);
  }

  count({ store, principal }: Call): Promise<number> {
    return countConnections(store, principal.organizationId);
  }

  /** Those that are switched on, by name: what sign-in pages choose from. */
  enabled(store: Store): Promise<readonly ConnectionRow[]> {
    return findEnabledConnections(store);
  }

  /** The stored connection, locked until the end of the transaction; NOT_FOUND when there is none. */
  async lock(store: Store, id: string): Promise<ConnectionRow> {
    const row = await lockConnection(store, id);
    if (row) return row;
    throw commonErrors.NOT_FOUND({ message: 'There is no such connection.' });
  }

  /** Inserts a connection whose settings were checked; CONFLICT when its name is taken. */
  async insert(store: Store, wanted: ConnectionToCreate): Promise<ConnectionRow> {
    const { displayName = null, options = {} } = wanted;
    const row = { ...wanted, displayName, options, id: this.ids.next('con'), now: this.clock.now() };
    if (await insertConnection(store, row)) return this.lock(store, row.id);
    throw commonErrors.CONFLICT({
      message: 'There is a connection of this name already.',
      extensions: { field: 'name' },
    });
  }

  /** Writes settings that were checked, as the next version. */
  async change(
    store: Store,
    before: ConnectionRow,
    { displayName, isEnabled, options }: Pick<ConnectionRow, 'displayName' | 'isEnabled' | 'options'>,
  ): Promise<ConnectionRow> {
    const row = { displayName, isEnabled, options, version: before.version + 1, updatedAt: this.clock.now() };
    await updateConnection(store, before.id, row);
    return { ...before, ...row };
  }

  /** Switches a connection off for good: its users are about to go. CONFLICT for the default one, and for one that is going already. */
  async beginRemoval(store: Store, before: ConnectionRow): Promise<void> {
    if (before.name === defaultConnection)
      throw commonErrors.CONFLICT({ message: 'The default connection cannot be deleted.' });
    if (before.deletingAt !== null)
      throw commonErrors.CONFLICT({ message: 'This connection is being deleted.' });
    const now = this.clock.now();
    const set = { isEnabled: false, deletingAt: now, updatedAt: now, version: before.version + 1 };
    await updateConnection(store, before.id, set);
  }

  /** Some users cannot do without it: it stays, switched off. */
  async keep(store: Store, { id, version }: ConnectionRow): Promise<void> {
    const set = { deletingAt: null, updatedAt: this.clock.now(), version: version + 1 };
    await updateConnection(store, id, set);
  }

  /** Whether users or identities name the connection. */
  isUsed(store: Store, name: string): Promise<boolean> {
    return isConnectionUsed(store, name);
  }

  /** Deletes the connection; CONFLICT while users or identities name it. */
  async remove(store: Store, { id, name }: ConnectionRow): Promise<void> {
    if (name === defaultConnection || (await isConnectionUsed(store, name))) {
      throw commonErrors.CONFLICT({
        message:
          name === defaultConnection
            ? 'The default connection cannot be deleted.'
            : 'Users come from this connection. Delete them, or unlink these identities, first.',
      });
    }
    await deleteConnection(store, id);
  }

  /** Creates the default database connection if it is missing. */
  ensureDefault(store: Store): Promise<Connection> {
    return this.ensure(store, { name: defaultConnection, strategy: databaseStrategy });
  }

  /** The connection of this name, created when it is missing; an existing one stays as it is. */
  ensure(store: Store, wanted: ConnectionToCreate): Promise<Connection> {
    return store.transaction(async (inside) => {
      const found = await this.byName(inside, wanted.name);
      if (found) return found;
      const { attributeMapping } = readConnectionOptions(wanted.options);
      if (attributeMapping !== null) checkMapping(attributeMapping, wanted.strategy);
      await insertConnection(inside, {
        id: this.ids.next('con'),
        name: wanted.name,
        strategy: wanted.strategy,
        displayName: wanted.displayName ?? null,
        options: wanted.options ?? {},
        now: this.clock.now(),
      });
      return this.require(inside, wanted.name);
    });
  }
}

/** A stored connection with its options read. */
export function asConnection(row: ConnectionRow): Connection {
  const { id, name, strategy, isEnabled, options } = row;
  return { id, name, strategy, isEnabled, options: readConnectionOptions(options) };
}
