import type { Instant } from '#src/shared/clock';
import { sql, type Parameter, type Sql } from '#src/storage/sql';
import type { ComposedRead, Composer, Store } from '#src/storage/store';
import type { SessionStatus } from './session-status';
import { SessionEntity } from './session.entity';
import { sessionColumns, type SessionRow } from './session.repository';

const at = (store: Composer, property: keyof SessionEntity & string): Sql =>
  store.column(SessionEntity, property, 's');

export interface SessionSlice {
  readonly userIds: readonly string[];
  /** Null: all. */
  readonly status: SessionStatus | null;
  readonly now: Instant;
  /** Only those behind this place in the order. */
  readonly after: readonly [createdAt: number, id: string] | null;
  readonly limit: number;
}

/** The newest sessions of each user; one statement for all users. */
export function findUserSessions(
  store: Store,
  { userIds, status, now, after, limit }: SessionSlice,
  only?: readonly string[],
): Promise<SessionRow[]> {
  const parameters = { userIds, now, createdAt: after?.[0], id: after?.[1], limit };
  return store.read(userSessionsFor(status, after !== null), parameters, only);
}

/** One for each status, with and without a place to begin behind. */
const userSessions = new Map<string, ComposedRead<object, SessionRow>>();

function userSessionsFor(status: SessionStatus | null, isAfter: boolean): ComposedRead<object, SessionRow> {
  const name = `user_sessions:${status}:${isAfter}`;
  let read = userSessions.get(name);
  if (!read) {
    read = {
      name,
      select: sessionColumns,
      compose: (composer, columns) => newestSessions(composer, columns, status, isAfter),
    };
    userSessions.set(name, read);
  }
  return read;
}

function newestSessions(
  composer: Composer,
  columns: Sql,
  status: SessionStatus | null,
  isAfter: boolean,
): Sql {
  const createdAt = at(composer, 'createdAt');
  const id = at(composer, 'id');
  const order = sql`${createdAt} DESC, ${id} DESC`;
  const place = sql`(${sql.parameter('createdAt')}, ${sql.parameter('id')})`;
  const source = composer.dialect.firstPerKey({
    keys: sql.parameter('userIds'),
    table: composer.table(SessionEntity),
    alias: 's',
    parent: at(composer, 'userId'),
    id,
    where: sql.and([
      hasStatus(composer, status, sql.parameter('now')),
      isAfter ? sql`(${createdAt}, ${id}) < ${place}` : null,
    ]),
    orderBy: order,
    limit: sql.parameter('limit'),
    // The newest sessions of most users have ended. What has ended is deleted after a while, so a user never has many.
    isRare: status === 'ACTIVE',
  });
  return sql`SELECT ${columns} FROM ${source} ORDER BY ${order}`;
}

export async function countUserSessions(
  store: Store,
  { userIds, status, now }: Pick<SessionSlice, 'userIds' | 'status' | 'now'>,
): Promise<number> {
  const condition = sql.and([
    store.dialect.anyOf(at(store, 'userId'), userIds),
    hasStatus(store, status, now),
  ]);
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(SessionEntity)} AS s WHERE ${condition}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

/** The condition that `statusAt` answers this status. */
function hasStatus(store: Composer, status: SessionStatus | null, now: Instant | Parameter): Sql | null {
  if (status === null) return null;
  const stored = at(store, 'status');
  const isOver = sql`(${at(store, 'idleExpiresAt')} <= ${now} OR ${at(store, 'expiresAt')} <= ${now})`;
  if (status === 'ACTIVE') return sql`${stored} = ${status} AND NOT ${isOver}`;
  if (status === 'EXPIRED') return sql`(${stored} = ${status} OR (${stored} = ${'ACTIVE'} AND ${isOver}))`;
  return sql`${stored} = ${status}`;
}
