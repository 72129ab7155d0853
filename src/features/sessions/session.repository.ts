import { UserEntity } from '#src/features/users/user.entity';
import { reachOfOne } from '#src/features/users/reach/user-reach';
import type { Reach } from '#src/features/users/reach/reach';
import type { SeenFrom } from '#src/graphql/authenticate';
import type { FieldColumns } from '#src/graphql/needed-columns';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';
import type { SessionTimes } from './session-policy';
import type { EndReason, SessionStatus } from './session-status';
import { SessionEntity } from './session.entity';

export const sessionColumns = columnsOf(SessionEntity, 's', [
  'id',
  'userId',
  'status',
  'createdAt',
  'updatedAt',
  'authenticatedAt',
  'lastInteractedAt',
  'idleExpiresAt',
  'expiresAt',
  'device',
  'clients',
  'authenticationMethods',
  'assurance',
  'cookieMode',
  'metadata',
  'organizationId',
  'actor',
  'endedAt',
  'endReason',
]);

export type SessionRow = RowOf<typeof sessionColumns>;

/** What the fields of `Session` take of a row. */
export const sessionFieldColumns: FieldColumns<keyof SessionRow> = {
  type: 'Session',
  always: ['id', 'userId', 'createdAt'],
  resolved: {
    user: [],
    current: [],
    status: ['status', 'idleExpiresAt', 'expiresAt'],
    device: ['device'],
    cookieMode: ['cookieMode'],
    organization: ['organizationId'],
    actor: ['actor'],
    refreshTokens: [],
    interactions: [],
  },
};

const at = (store: Store, property: keyof SessionEntity & string): Sql =>
  store.column(SessionEntity, property, 's');

export interface SessionReader {
  /** The users whose sessions may be read; null: all. */
  readonly reach: Reach | null;
  /** Only sessions of this user; null: of everybody. */
  readonly owner: string | null;
}

/** The sessions of these ids that the reader may know of, in any order. */
export function findSessions(
  store: Store,
  ids: readonly string[],
  { reach, owner }: SessionReader,
): Promise<SessionRow[]> {
  const { columns, kinds } = store.selection(sessionColumns);
  const userId = at(store, 'userId');
  const source =
    reach === null
      ? sql`${store.table(SessionEntity)} AS s`
      : sql`${store.table(SessionEntity)} AS s JOIN ${store.table(UserEntity)} AS u ON u.id = ${userId}`;
  const condition = sql.and([
    store.dialect.anyOf(at(store, 'id'), ids),
    owner === null ? null : sql`${userId} = ${owner}`,
    reachOfOne(store, reach),
  ]);
  return store.query<SessionRow>(sql`SELECT ${columns} FROM ${source} WHERE ${condition}`, kinds);
}

/**
 * Inserts a session and locks its user. SECURITY: a proof that was overtaken; false, and no session, for a user who is blocked or gone, or
 * whose credentials changed since the proof was checked. The same statement sees and writes, so that nothing comes between.
 */
export async function insertStandingSession(
  store: Store,
  row: SessionRow & Pick<SessionEntity, 'secretHash' | 'credentialEpoch'>,
): Promise<boolean> {
  const user = (property: keyof UserEntity & string): Sql => store.column(UserEntity, property, 'u');
  const stands = sql.and([
    sql`${user('id')} = ${row.userId}`,
    sql`NOT ${user('blocked')}`,
    sql`${user('credentialEpoch')} = ${row.credentialEpoch}`,
  ]);
  const from = sql`${store.table(UserEntity)} AS u WHERE ${stands}${store.dialect.forUpdate}`;
  return (await store.insert(SessionEntity, row, { from })) === 1;
}

/** An interaction with a session. */
export interface Touch {
  readonly times: SessionTimes;
  /** From where; null: unknown. */
  readonly from: SeenFrom | null;
  /** The application that exchanged a token of the session; absent: none did. */
  readonly clientId?: string;
}

/**
 * Stores an interaction, unless somebody else has stored one since `seen` was read: its times, from where it came, and the application that
 * had it.
 */
export async function storeTouch(
  store: Store,
  id: string,
  seen: SessionTimes,
  { times, from, clientId }: Touch,
): Promise<void> {
  const untouched = { id, status: 'ACTIVE', lastInteractedAt: seen.lastInteractedAt };
  const { columns, kinds } = store.selection<TouchedSession>(touchedColumns);
  const [row] = await store.query<TouchedSession>(
    sql`SELECT ${columns} FROM ${store.table(SessionEntity)} AS s WHERE ${at(store, 'id')} = ${id}`,
    kinds,
  );
  if (row === undefined) return;
  const { lastInteractedAt, idleExpiresAt, expiresAt } = times;
  const device =
    from === null
      ? row.device
      : { ...row.device, lastIp: from.ip, lastUserAgent: from.userAgent?.slice(0, longestUserAgent) ?? null };
  const clients = (row.clients as readonly { readonly clientId: string }[]).map((client) =>
    client.clientId === clientId ? { ...client, lastSeenAt: lastInteractedAt } : client,
  );
  const changed = {
    lastInteractedAt,
    idleExpiresAt,
    expiresAt,
    updatedAt: lastInteractedAt,
    device,
    clients,
  };
  await store.update(SessionEntity, untouched, changed);
}

const touchedColumns = columnsOf(SessionEntity, 's', ['device', 'clients']);
type TouchedSession = RowOf<typeof touchedColumns>;

/** A longer `User-Agent` is cut. */
export const longestUserAgent = 512;

/** How sessions end. */
export interface Ending {
  readonly status: Exclude<SessionStatus, 'ACTIVE'>;
  readonly reason: EndReason;
  readonly now: Instant;
}

export interface EndedSessions {
  readonly ids?: readonly string[];
  readonly userId?: string;
  readonly userIds?: readonly string[];
  readonly secretHash?: string;
  readonly organizationId?: string;
  /** Only those whose limits lie before this instant. */
  readonly staleAt?: Instant;
  /** This one stays. */
  readonly except?: string | null;
}

const endingColumns = columnsOf(SessionEntity, 's', ['id', 'userId', 'clients', 'metadata']);

/** A session that is about to end, with what its applications are told. */
export type EndingSession = RowOf<typeof endingColumns>;

/** The active sessions that match all of the given, locked until the end of the transaction. */
export function findEndingSessions(store: Store, which: EndedSessions): Promise<EndingSession[]> {
  const { ids, userIds, except, staleAt, ...equal } = which;
  const conditions = (Object.entries(equal) as [keyof SessionEntity & string, string][]).map(
    ([property, value]) => sql`${at(store, property)} = ${value}`,
  );
  if (ids !== undefined) conditions.push(store.dialect.anyOf(at(store, 'id'), ids));
  if (userIds !== undefined) conditions.push(store.dialect.anyOf(at(store, 'userId'), userIds));
  // SECURITY: no condition would end the sessions of everybody.
  if (conditions.length === 0) throw new TypeError('Ending sessions needs a condition.');
  if (staleAt !== undefined) conditions.push(sql`${at(store, 'idleExpiresAt')} <= ${staleAt}`);
  if (except) conditions.push(sql`${at(store, 'id')} <> ${except}`);
  const { columns, kinds } = store.selection<EndingSession>(endingColumns);
  return store.query<EndingSession>(
    sql`SELECT ${columns} FROM ${store.table(SessionEntity)} AS s
      WHERE ${sql.and([isActive(store), ...conditions])}${store.dialect.forUpdate}`,
    kinds,
  );
}

/** The next active sessions that are bound to an organization, by id. */
export async function findBoundSessions(
  store: Store,
  organizationId: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<string[]> {
  const id = at(store, 'id');
  const bound = sql.and([sql`${at(store, 'organizationId')} = ${organizationId}`, sql`${id} > ${after}`]);
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${id} AS "id" FROM ${store.table(SessionEntity)} AS s
      WHERE ${sql.and([bound, isActive(store)])} ORDER BY ${id} LIMIT ${limit}`,
    { id: 'text' },
  );
  return rows.map((row) => row.id);
}

/** Ends those of these sessions that are active. */
export function endTheseSessions(store: Store, ids: readonly string[], ending: Ending): Promise<number> {
  return end(store, [store.dialect.anyOf(at(store, 'id'), ids)], ending);
}

function end(store: Store, which: readonly Sql[], { status, reason, now }: Ending): Promise<number> {
  return store.execute(sql`UPDATE ${store.table(SessionEntity)} AS s SET
    status = ${status}, end_reason = ${reason}, ended_at = ${now}, updated_at = ${now}
    WHERE ${sql.and([isActive(store), ...which])}`);
}

function isActive(store: Store): Sql {
  return sql`${at(store, 'status')} = ${'ACTIVE'}`;
}

/** Whether the secret with this hash opens the session. */
export async function isOpenedBy(store: Store, id: string, secretHash: string): Promise<boolean> {
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${at(store, 'id')} AS "id" FROM ${store.table(SessionEntity)} AS s
      WHERE ${sql.and([sql`${at(store, 'id')} = ${id}`, sql`${at(store, 'secretHash')} = ${secretHash}`])}`,
    { id: 'text' },
  );
  return rows.length === 1;
}

/** Sessions that are marked as active and past their limits. The idle end never lies behind the absolute one. */
export function findStaleSessions(store: Store, now: Instant, limit: number): Promise<{ id: string }[]> {
  const condition = sql.and([isActive(store), sql`${at(store, 'idleExpiresAt')} <= ${now}`]);
  return findIds(store, condition, limit);
}

export function findSessionsEndedBefore(
  store: Store,
  instant: Instant,
  limit: number,
): Promise<{ id: string }[]> {
  return findIds(store, sql`${at(store, 'endedAt')} < ${instant}`, limit);
}

export function deleteSessions(store: Store, ids: readonly string[]): Promise<number> {
  return store.delete(SessionEntity, { id: ids });
}

function findIds(store: Store, condition: Sql, limit: number): Promise<{ id: string }[]> {
  const id = at(store, 'id');
  return store.query<{ id: string }>(
    sql`SELECT ${id} AS "id" FROM ${store.table(SessionEntity)} AS s WHERE ${condition} LIMIT ${limit}`,
    { id: 'text' },
  );
}
