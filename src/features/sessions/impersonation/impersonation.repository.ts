import { SessionEntity } from '#src/features/sessions/session.entity';
import type { EndReason } from '#src/features/sessions/session-status';
import { UserEntity } from '#src/features/users/user.entity';
import { reachCondition } from '#src/features/users/reach/user-reach';
import type { Reach } from '#src/features/users/reach/reach';
import type { Instant } from '#src/shared/clock';
import type { Page, PageArguments } from '#src/shared/page';
import { column, columnsOf } from '#src/storage/columns';
import { keysetPage } from '#src/storage/page';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, SelectedColumn, Store } from '#src/storage/store';
import { ImpersonationEntity } from './impersonation.entity';

const impersonationColumns = columnsOf(ImpersonationEntity, 'i', [
  'id',
  'actorUserId',
  'actorSessionId',
  'userId',
  'clientId',
  'reason',
  'ticket',
  'ip',
  'sessionId',
  'requestedAt',
  'tokenExpiresAt',
  'startedAt',
  'endedAt',
  'endReason',
]);

export type ImpersonationRow = RowOf<typeof impersonationColumns>;

const at = (store: Store, property: keyof ImpersonationEntity & string): Sql =>
  store.column(ImpersonationEntity, property, 'i');

export async function insertImpersonation(
  store: Store,
  row: ImpersonationRow & { readonly tokenHash: string },
): Promise<void> {
  await store.insert(ImpersonationEntity, row);
}

async function findOne(store: Store, condition: Sql): Promise<ImpersonationRow | null> {
  const { columns, kinds } = store.selection<ImpersonationRow>(impersonationColumns);
  const [row] = await store.query<ImpersonationRow>(
    sql`SELECT ${columns} FROM ${store.table(ImpersonationEntity)} AS i WHERE ${condition}`,
    kinds,
  );
  return row ?? null;
}

export function findByToken(store: Store, tokenHash: string): Promise<ImpersonationRow | null> {
  return findOne(store, sql`${at(store, 'tokenHash')} = ${tokenHash}`);
}

/** Uses the token up; false when somebody was faster. */
export async function startStored(
  store: Store,
  id: string,
  sessionId: string,
  now: Instant,
): Promise<boolean> {
  return (
    (await store.update(ImpersonationEntity, { id, startedAt: null }, { startedAt: now, sessionId })) === 1
  );
}

/** Keeps when and why it ended; false when that is known already. */
export async function endStored(
  store: Store,
  sessionId: string,
  end: { readonly endedAt: Instant; readonly endReason: EndReason },
): Promise<boolean> {
  return (await store.update(ImpersonationEntity, { sessionId, endedAt: null }, end)) === 1;
}

/** How often somebody asked since an instant, and how many impersonations of his have not ended. */
export async function countOf(
  store: Store,
  actorUserId: string,
  since: Instant,
): Promise<{ readonly asked: number; readonly open: number }> {
  const count = async (condition: Sql): Promise<number> => {
    const [row] = await store.query<{ n: number }>(
      sql`SELECT COUNT(*) AS "n" FROM ${store.table(ImpersonationEntity)} AS i
        WHERE ${sql.and([sql`${at(store, 'actorUserId')} = ${actorUserId}`, condition])}`,
      { n: 'integer' },
    );
    return row?.n ?? 0;
  };
  return {
    asked: await count(sql`${at(store, 'requestedAt')} > ${since}`),
    open: await count(isOpen(store)),
  };
}

const sessionMembers = columnsOf(SessionEntity, 's', ['status', 'idleExpiresAt', 'expiresAt']);
const openColumns = {
  ...columnsOf(ImpersonationEntity, 'i', ['id', 'actorUserId', 'actorSessionId', 'userId']),
  ...(sessionMembers as Absent<typeof sessionMembers>),
  delegatedId: column(ImpersonationEntity, 'i', 'sessionId') as SelectedColumn<string>,
  sessionEndedAt: column(SessionEntity, 's', 'endedAt'),
  sessionEndReason: column(SessionEntity, 's', 'endReason'),
};

/** One that was started and has not ended, with its session; the members of that are null where it is gone. */
export type OpenImpersonation = RowOf<typeof openColumns>;

/** Those of one actor or one user, or of everybody. */
export interface WhichOpen {
  readonly actorUserId?: string;
  readonly userId?: string;
}

/** The impersonations that have not ended, as far as anybody has noticed. */
export function findOpen(
  store: Store,
  { actorUserId, userId }: WhichOpen,
  limit: number,
): Promise<OpenImpersonation[]> {
  const { columns, kinds } = store.selection<OpenImpersonation>(openColumns);
  const condition = sql.and([
    isOpen(store),
    actorUserId === undefined ? null : sql`${at(store, 'actorUserId')} = ${actorUserId}`,
    userId === undefined ? null : sql`${at(store, 'userId')} = ${userId}`,
  ]);
  return store.query<OpenImpersonation>(
    sql`SELECT ${columns} FROM ${store.table(ImpersonationEntity)} AS i
      LEFT JOIN ${store.table(SessionEntity)} AS s ON ${store.column(SessionEntity, 'id', 's')} = ${at(store, 'sessionId')}
      WHERE ${condition} ORDER BY ${at(store, 'requestedAt')} LIMIT ${limit}`,
    kinds,
  );
}

function isOpen(store: Store): Sql {
  return sql`${at(store, 'startedAt')} IS NOT NULL AND ${at(store, 'endedAt')} IS NULL`;
}

export interface DelegatedSession {
  readonly id: string;
  readonly actorUserId: string;
  readonly actorSessionId: string;
}

/** The delegated session that a secret opens or opened. */
export async function findDelegatedBySecret(
  store: Store,
  secretHash: string,
): Promise<DelegatedSession | null> {
  const session = (property: keyof SessionEntity & string): Sql => store.column(SessionEntity, property, 's');
  const [row] = await store.query<DelegatedSession>(
    sql`SELECT ${session('id')} AS "id", ${at(store, 'actorUserId')} AS "actorUserId",
        ${at(store, 'actorSessionId')} AS "actorSessionId"
      FROM ${store.table(SessionEntity)} AS s
      JOIN ${store.table(ImpersonationEntity)} AS i ON ${at(store, 'sessionId')} = ${session('id')}
      WHERE ${session('secretHash')} = ${secretHash}`,
    { id: 'text', actorUserId: 'text', actorSessionId: 'text' },
  );
  return row ?? null;
}

const shownColumns = {
  ...columnsOf(ImpersonationEntity, 'i', [
    ...(['id', 'userId', 'clientId', 'reason', 'ticket', 'ip', 'sessionId'] as const),
    ...(['requestedAt', 'startedAt', 'endedAt', 'endReason'] as const),
  ]),
  actorId: column(ImpersonationEntity, 'i', 'actorUserId'),
};

export type ShownImpersonation = RowOf<typeof shownColumns>;

/** Null or absent: of anybody. */
export interface ImpersonationFilter {
  readonly actorId?: string | null;
  readonly userId?: string | null;
}

/** Impersonations of users within the reach, the one that was asked for last first. */
export function findImpersonations(
  store: Store,
  { actorId, userId }: ImpersonationFilter,
  { reach, page }: { readonly reach: Reach | null; readonly page: PageArguments },
): Promise<Page<ShownImpersonation>> {
  const { columns, kinds } = store.selection<ShownImpersonation>(shownColumns);
  const condition = sql.and([
    actorId ? sql`${at(store, 'actorUserId')} = ${actorId}` : null,
    userId ? sql`${at(store, 'userId')} = ${userId}` : null,
    reachCondition(store, reach),
  ]);
  const user = store.column(UserEntity, 'id', 'u');
  return keysetPage<ShownImpersonation>(
    store,
    {
      order: 'impersonations:newest',
      keys: [
        { column: at(store, 'requestedAt'), direction: 'desc', of: (row) => row.requestedAt },
        { column: at(store, 'id'), direction: 'desc', of: (row) => row.id },
      ],
      arguments: page,
    },
    ({ where, orderBy, limit }) =>
      store.query(
        sql`SELECT ${columns} FROM ${store.table(ImpersonationEntity)} AS i
          JOIN ${store.table(UserEntity)} AS u ON ${user} = ${at(store, 'userId')}
          WHERE ${sql.and([condition, where])} ORDER BY ${orderBy} LIMIT ${limit}`,
        kinds,
      ),
  );
}

/** Columns of a table that a LEFT JOIN may not find. */
type Absent<Columns> = {
  readonly [property in keyof Columns]: Columns[property] extends SelectedColumn<infer Value>
    ? SelectedColumn<Value | null>
    : never;
};
