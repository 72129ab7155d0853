import { IdentityEntity } from '#src/features/identities/identity.entity';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';

const at = (store: Store, property: keyof SessionEntity & string): Sql =>
  store.column(SessionEntity, property, 's');

const liveColumns = {
  ...columnsOf(SessionEntity, 's', [
    'id',
    'userId',
    'createdAt',
    'lastInteractedAt',
    'idleExpiresAt',
    'expiresAt',
    'cookieMode',
    'authenticationMethods',
    'credentialEpoch',
  ]),
};

/** What a change of a session that goes on needs to know. */
export type LiveSession = RowOf<typeof liveColumns>;

/** The user's active session, locked until the end of the transaction; null when it has ended. */
export async function findLiveSession(store: Store, id: string, userId: string): Promise<LiveSession | null> {
  const { columns, kinds } = store.selection<LiveSession>(liveColumns);
  const which = sql.and([
    sql`${at(store, 'status')} = ${'ACTIVE'}`,
    sql`${at(store, 'id')} = ${id}`,
    sql`${at(store, 'userId')} = ${userId}`,
  ]);
  const [row] = await store.query<LiveSession>(
    sql`SELECT ${columns} FROM ${store.table(SessionEntity)} AS s WHERE ${which}${store.dialect.forUpdate}`,
    kinds,
  );
  return row ?? null;
}

/** The proofs on which each active session of a user rests. */
export function findSessionMethods(
  store: Store,
  userId: string,
): Promise<{ id: string; methods: readonly unknown[] }[]> {
  const which = sql.and([sql`${at(store, 'status')} = ${'ACTIVE'}`, sql`${at(store, 'userId')} = ${userId}`]);
  return store.query<{ id: string; methods: readonly unknown[] }>(
    sql`SELECT ${at(store, 'id')} AS "id", ${at(store, 'authenticationMethods')} AS "methods"
      FROM ${store.table(SessionEntity)} AS s WHERE ${which}`,
    { id: 'text', methods: 'json' },
  );
}

/** The next users, by id, who have an identity of a connection. */
export async function findUsersThrough(
  store: Store,
  connection: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<string[]> {
  const userId = store.column(IdentityEntity, 'userId', 'i');
  const which = sql.and([
    sql`${store.column(IdentityEntity, 'connection', 'i')} = ${connection}`,
    sql`${userId} > ${after}`,
  ]);
  const rows = await store.query<{ userId: string }>(
    sql`SELECT DISTINCT ${userId} AS "userId" FROM ${store.table(IdentityEntity)} AS i
      WHERE ${which} ORDER BY ${userId} LIMIT ${limit}`,
    { userId: 'text' },
  );
  return rows.map((row) => row.userId);
}

/** Changes a session while it is active; answers whether it was. */
export async function updateLiveSession(
  store: Store,
  id: string,
  set: Partial<SessionEntity>,
): Promise<boolean> {
  return (await store.update(SessionEntity, { id, status: 'ACTIVE' }, set)) === 1;
}

const activeColumns = columnsOf(SessionEntity, 's', [
  'id',
  'createdAt',
  'lastInteractedAt',
  'idleExpiresAt',
  'expiresAt',
  'cookieMode',
  'clients',
]);

export type ActiveSession = RowOf<typeof activeColumns>;

/**
 * The sessions of a user that are marked as active, the one used longest ago first; without those in which somebody acts in the user's name.
 */
export function findOwnActiveSessions(store: Store, userId: string): Promise<ActiveSession[]> {
  const { columns, kinds } = store.selection<ActiveSession>(activeColumns);
  const which = sql.and([
    sql`${at(store, 'status')} = ${'ACTIVE'}`,
    sql`${at(store, 'userId')} = ${userId}`,
    sql`${at(store, 'actor')} IS NULL`,
  ]);
  return store.query<ActiveSession>(
    sql`SELECT ${columns} FROM ${store.table(SessionEntity)} AS s WHERE ${which}
      ORDER BY ${at(store, 'lastInteractedAt')}, ${at(store, 'id')}`,
    kinds,
  );
}
