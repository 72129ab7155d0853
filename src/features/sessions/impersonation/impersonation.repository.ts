import { SessionEntity } from '#src/features/sessions/session.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';
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

/** The impersonation that a delegated session belongs to. */
export function findBySession(store: Store, sessionId: string): Promise<ImpersonationRow | null> {
  return findOne(store, sql`${at(store, 'sessionId')} = ${sessionId}`);
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

export async function endStored(store: Store, sessionId: string, now: Instant): Promise<void> {
  await store.update(ImpersonationEntity, { sessionId, endedAt: null }, { endedAt: now });
}

/** How often somebody asked since an instant, and how many delegated sessions of his are active. */
export async function countOf(
  store: Store,
  actorUserId: string,
  since: Instant,
): Promise<{ readonly asked: number; readonly active: number }> {
  const mine = sql`${at(store, 'actorUserId')} = ${actorUserId}`;
  const session = (property: keyof SessionEntity & string): Sql => store.column(SessionEntity, property, 's');
  const [asked] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(ImpersonationEntity)} AS i
      WHERE ${sql.and([mine, sql`${at(store, 'requestedAt')} > ${since}`])}`,
    { n: 'integer' },
  );
  const [active] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(ImpersonationEntity)} AS i
      JOIN ${store.table(SessionEntity)} AS s ON ${session('id')} = ${at(store, 'sessionId')}
      WHERE ${sql.and([mine, sql`${session('status')} = ${'ACTIVE'}`, sql`${session('expiresAt')} > ${since + day}`])}`,
    { n: 'integer' },
  );
  return { asked: asked?.n ?? 0, active: active?.n ?? 0 };
}

const day = 24 * 3_600_000;
