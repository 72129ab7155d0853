import { SessionEntity } from '#src/features/sessions/session.entity';
import { UserEntity } from '#src/features/users/user.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';
import { RefreshFamilyEntity } from './refresh-family.entity';
import { RefreshTokenEntity } from './refresh-token.entity';

export const familyColumns = columnsOf(RefreshFamilyEntity, 'f', [
  'id',
  'userId',
  'sessionId',
  'clientId',
  'organizationId',
  'isOnline',
  'device',
  'assurance',
  'authenticatedAt',
  'createdAt',
  'lastExchangedAt',
  'idleExpiresAt',
  'expiresAt',
  'revokedAt',
  'revokeReason',
]);

export type FamilyRow = RowOf<typeof familyColumns>;

const at = (store: Store, property: keyof RefreshFamilyEntity & string): Sql =>
  store.column(RefreshFamilyEntity, property, 'f');
const tokenAt = (store: Store, property: keyof RefreshTokenEntity & string): Sql =>
  store.column(RefreshTokenEntity, property, 't');

export async function insertFamily(
  store: Store,
  row: FamilyRow & Pick<RefreshFamilyEntity, 'credentialEpoch' | 'methods'>,
): Promise<void> {
  await store.insert(RefreshFamilyEntity, row);
}

export async function insertToken(
  store: Store,
  row: Pick<RefreshTokenEntity, 'id' | 'tokenHash' | 'familyId' | 'parentId' | 'createdAt'>,
): Promise<void> {
  await store.insert(RefreshTokenEntity, { ...row, rotatedAt: null });
}

const presentedColumns = {
  ...familyColumns,
  ...columnsOf(RefreshFamilyEntity, 'f', ['credentialEpoch', 'methods']),
};
type PresentedFamily = RowOf<typeof presentedColumns>;

/** A presented token with its family and what decides whether that stands. */
export interface PresentedToken extends PresentedFamily {
  readonly tokenId: string;
  readonly rotatedAt: Instant | null;
}

/** The token of a hash, its family locked until the end of the transaction; null when there is none. */
export async function findPresented(store: Store, tokenHash: string): Promise<PresentedToken | null> {
  const { columns, kinds } = store.selection<PresentedFamily>(presentedColumns);
  const found = await store.query<{ id: string; familyId: string; rotatedAt: Instant | null }>(
    sql`SELECT ${tokenAt(store, 'id')} AS "id", ${tokenAt(store, 'familyId')} AS "familyId", ${tokenAt(store, 'rotatedAt')} AS "rotatedAt"
      FROM ${store.table(RefreshTokenEntity)} AS t WHERE ${tokenAt(store, 'tokenHash')} = ${tokenHash}`,
    { id: 'text', familyId: 'text', rotatedAt: 'instant' },
  );
  const [token] = found;
  if (!token) return null;
  const [family] = await store.query<PresentedFamily>(
    sql`SELECT ${columns} FROM ${store.table(RefreshFamilyEntity)} AS f WHERE ${at(store, 'id')} = ${token.familyId}${store.dialect.forUpdate}`,
    kinds,
  );
  if (!family) return null;
  // Read again behind the lock: somebody may have rotated it between the two statements.
  const [state] = await store.query<{ rotatedAt: Instant | null }>(
    sql`SELECT ${tokenAt(store, 'rotatedAt')} AS "rotatedAt" FROM ${store.table(RefreshTokenEntity)} AS t WHERE ${tokenAt(store, 'id')} = ${token.id}`,
    { rotatedAt: 'instant' },
  );
  return { ...family, tokenId: token.id, rotatedAt: state?.rotatedAt ?? token.rotatedAt };
}

/** Marks a token as exchanged; false when it was already. */
export async function rotateToken(store: Store, id: string, now: Instant): Promise<boolean> {
  return (await store.update(RefreshTokenEntity, { id, rotatedAt: null }, { rotatedAt: now })) === 1;
}

/** How many tokens a rotated one was exchanged for, and how many of those were exchanged again. */
export async function countChildren(
  store: Store,
  parentId: string,
): Promise<{ readonly all: number; readonly rotated: number }> {
  const [row] = await store.query<{ all: number; rotated: number }>(
    sql`SELECT COUNT(*) AS "all", COUNT(${tokenAt(store, 'rotatedAt')}) AS "rotated"
      FROM ${store.table(RefreshTokenEntity)} AS t WHERE ${tokenAt(store, 'parentId')} = ${parentId}`,
    { all: 'integer', rotated: 'integer' },
  );
  return row ?? { all: 0, rotated: 0 };
}

export async function storeExchange(
  store: Store,
  familyId: string,
  set: Pick<RefreshFamilyEntity, 'lastExchangedAt' | 'idleExpiresAt' | 'device'>,
): Promise<void> {
  await store.update(RefreshFamilyEntity, { id: familyId }, set);
}

/** The oldest living families of a user and an application beyond the newest `kept`. */
export async function findFamiliesBeyond(
  store: Store,
  { userId, clientId, kept, now }: { userId: string; clientId: string; kept: number; now: Instant },
): Promise<string[]> {
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${at(store, 'id')} AS "id" FROM ${store.table(RefreshFamilyEntity)} AS f
      WHERE ${sql.and([sql`${at(store, 'userId')} = ${userId}`, sql`${at(store, 'clientId')} = ${clientId}`, living(store, now)])}
      ORDER BY ${at(store, 'createdAt')} DESC, ${at(store, 'id')} DESC`,
    { id: 'text' },
  );
  return rows.slice(kept).map((row) => row.id);
}

function living(store: Store, now: Instant): Sql {
  return sql.and([
    sql`${at(store, 'revokedAt')} IS NULL`,
    sql`${at(store, 'idleExpiresAt')} > ${now}`,
    sql`${at(store, 'expiresAt')} > ${now}`,
  ]);
}

/** How many families of a user were revoked because a token was used twice, since an instant. */
export async function countReuses(store: Store, userId: string, since: Instant): Promise<number> {
  const which = sql.and([
    sql`${at(store, 'userId')} = ${userId}`,
    sql`${at(store, 'revokeReason')} = ${'reuse'}`,
    sql`${at(store, 'revokedAt')} > ${since}`,
  ]);
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(RefreshFamilyEntity)} AS f WHERE ${which}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

/** What a list of families hangs on. */
export type FamilyParent = 'userId' | 'sessionId';

export interface FamilySlice {
  readonly parent: FamilyParent;
  /** Ids of users or sessions. */
  readonly ids: readonly string[];
  readonly clientId: string | null;
  readonly now: Instant;
  readonly after: readonly [createdAt: number, id: string] | null;
  readonly limit: number;
}

/** The newest living families of each parent; one statement for all of them. */
export function findFamiliesOf(store: Store, slice: FamilySlice): Promise<FamilyRow[]> {
  const { columns, kinds } = store.selection<FamilyRow>(familyColumns);
  const createdAt = at(store, 'createdAt');
  const id = at(store, 'id');
  const order = sql`${createdAt} DESC, ${id} DESC`;
  const source = store.dialect.firstPerKey({
    keys: slice.ids,
    table: store.table(RefreshFamilyEntity),
    alias: 'f',
    parent: at(store, slice.parent),
    id,
    where: sql.and([
      living(store, slice.now),
      slice.clientId === null ? null : sql`${at(store, 'clientId')} = ${slice.clientId}`,
      slice.after === null ? null : sql`(${createdAt}, ${id}) < (${slice.after[0]}, ${slice.after[1]})`,
    ]),
    orderBy: order,
    limit: slice.limit,
  });
  return store.query<FamilyRow>(sql`SELECT ${columns} FROM ${source} ORDER BY ${order}`, kinds);
}

export async function countFamiliesOf(
  store: Store,
  { parent, ids, clientId, now }: Pick<FamilySlice, 'parent' | 'ids' | 'clientId' | 'now'>,
): Promise<number> {
  const which = sql.and([
    store.dialect.anyOf(at(store, parent), ids),
    living(store, now),
    clientId === null ? null : sql`${at(store, 'clientId')} = ${clientId}`,
  ]);
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(RefreshFamilyEntity)} AS f WHERE ${which}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

/** One family with the e-mail address of its user; locked inside a transaction. */
export async function findFamily(store: Store, id: string): Promise<FamilyRow | null> {
  const { columns, kinds } = store.selection<FamilyRow>(familyColumns);
  const [row] = await store.query<FamilyRow>(
    sql`SELECT ${columns} FROM ${store.table(RefreshFamilyEntity)} AS f WHERE ${at(store, 'id')} = ${id}`,
    kinds,
  );
  return row ?? null;
}

/** The address of a user for a notice; null where there is none. */
export async function findAddress(store: Store, userId: string): Promise<string | null> {
  const email = store.column(UserEntity, 'email', 'u');
  const [row] = await store.query<{ email: string | null }>(
    sql`SELECT ${email} AS "email" FROM ${store.table(UserEntity)} AS u WHERE ${store.column(UserEntity, 'id', 'u')} = ${userId}`,
    { email: 'text' },
  );
  return row?.email ?? null;
}

/** Families that are over since before an instant. */
export function findFamiliesEndedBefore(
  store: Store,
  instant: Instant,
  limit: number,
): Promise<{ id: string }[]> {
  return store.query<{ id: string }>(
    sql`SELECT ${at(store, 'id')} AS "id" FROM ${store.table(RefreshFamilyEntity)} AS f
      WHERE ${at(store, 'expiresAt')} < ${instant} OR ${at(store, 'revokedAt')} < ${instant} LIMIT ${limit}`,
    { id: 'text' },
  );
}

export function deleteFamilies(store: Store, ids: readonly string[]): Promise<number> {
  return store.delete(RefreshFamilyEntity, { id: ids });
}

const sessionColumns = columnsOf(SessionEntity, 's', [
  'id',
  'status',
  'createdAt',
  'lastInteractedAt',
  'idleExpiresAt',
  'expiresAt',
  'cookieMode',
  'organizationId',
  'credentialEpoch',
]);

export type BoundSession = RowOf<typeof sessionColumns>;

/** The session that an online family lives with. */
export async function findBoundSession(
  store: Store,
  id: string,
  userId: string,
): Promise<BoundSession | null> {
  const { columns, kinds } = store.selection<BoundSession>(sessionColumns);
  const which = sql.and([
    sql`${store.column(SessionEntity, 'id', 's')} = ${id}`,
    sql`${store.column(SessionEntity, 'userId', 's')} = ${userId}`,
  ]);
  const [row] = await store.query<BoundSession>(
    sql`SELECT ${columns} FROM ${store.table(SessionEntity)} AS s WHERE ${which}`,
    kinds,
  );
  return row ?? null;
}
