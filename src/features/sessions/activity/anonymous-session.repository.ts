import { ApplicationEntity } from '#src/features/applications/application.entity';
import { ApplicationSessionSettingsEntity } from '#src/features/sessions/logout/application-session-settings.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';
import { AnonymousSessionEntity } from './anonymous-session.entity';

const visitColumns = columnsOf(AnonymousSessionEntity, 'v', [
  'id',
  'clientId',
  'metadata',
  'createdAt',
  'lastInteractedAt',
  'idleExpiresAt',
  'expiresAt',
]);

export type AnonymousSessionRow = RowOf<typeof visitColumns>;

const at = (store: Store, property: keyof AnonymousSessionEntity & string): Sql =>
  store.column(AnonymousSessionEntity, property, 'v');

/** By what a visitor is known: its token's hash where it is proved, its id where that was done before. */
export type VisitKey = { readonly tokenHash: string } | { readonly id: string };

/** A visitor who is still there, locked until the end of the transaction; null otherwise. */
export async function findVisit(
  store: Store,
  key: VisitKey,
  now: Instant,
): Promise<AnonymousSessionRow | null> {
  const { columns, kinds } = store.selection<AnonymousSessionRow>(visitColumns);
  const [property, value] = 'id' in key ? (['id', key.id] as const) : (['tokenHash', key.tokenHash] as const);
  const which = sql.and([sql`${at(store, property)} = ${value}`, isThere(store, now)]);
  const [row] = await store.query<AnonymousSessionRow>(
    sql`SELECT ${columns} FROM ${store.table(AnonymousSessionEntity)} AS v WHERE ${which}${store.dialect.forUpdate}`,
    kinds,
  );
  return row ?? null;
}

function isThere(store: Store, now: Instant): Sql {
  return sql.and([
    sql`${at(store, 'endedAt')} IS NULL`,
    sql`${at(store, 'idleExpiresAt')} > ${now}`,
    sql`${at(store, 'expiresAt')} > ${now}`,
  ]);
}

/** What visitors of the application may do now, if this one is still there and the application takes any; null otherwise. */
export async function findVisitorPermissions(
  store: Store,
  id: string,
  now: Instant,
): Promise<readonly string[] | null> {
  const setting = (property: keyof ApplicationSessionSettingsEntity & string): Sql =>
    store.column(ApplicationSessionSettingsEntity, property, 's');
  const application = (property: keyof ApplicationEntity & string): Sql =>
    store.column(ApplicationEntity, property, 'a');
  const which = sql.and([
    sql`${at(store, 'id')} = ${id}`,
    isThere(store, now),
    sql`${application('isEnabled')} = ${true}`,
    sql`${setting('allowAnonymousSessions')} = ${true}`,
  ]);
  const [row] = await store.query<{ permissions: readonly string[] }>(
    sql`SELECT ${setting('anonymousPermissions')} AS "permissions"
      FROM ${store.table(AnonymousSessionEntity)} AS v
      JOIN ${store.table(ApplicationEntity)} AS a ON ${application('id')} = ${at(store, 'clientId')}
      JOIN ${store.table(ApplicationSessionSettingsEntity)} AS s ON ${setting('applicationId')} = ${application('id')}
      WHERE ${which}`,
    { permissions: 'json' },
  );
  return row?.permissions ?? null;
}

export async function insertVisit(
  store: Store,
  row: AnonymousSessionRow & { readonly tokenHash: string },
): Promise<void> {
  await store.insert(AnonymousSessionEntity, { ...row, metadata: { ...row.metadata }, endedAt: null });
}

export async function updateVisit(
  store: Store,
  id: string,
  set: Partial<AnonymousSessionEntity>,
): Promise<void> {
  await store.update(AnonymousSessionEntity, { id }, set);
}

/** Visitors who have not been there for too long, or who have signed in. */
export function findGoneVisits(store: Store, now: Instant, limit: number): Promise<{ id: string }[]> {
  return store.query<{ id: string }>(
    sql`SELECT ${at(store, 'id')} AS "id" FROM ${store.table(AnonymousSessionEntity)} AS v
      WHERE ${at(store, 'idleExpiresAt')} <= ${now} LIMIT ${limit}`,
    { id: 'text' },
  );
}

/** Deletes them with what they did. */
export function deleteVisits(store: Store, ids: readonly string[]): Promise<number> {
  return store.delete(AnonymousSessionEntity, { id: ids });
}
