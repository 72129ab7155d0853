import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';
import { PendingLinkEntity } from './pending-link.entity';

const pendingSelection = columnsOf(PendingLinkEntity, 'pl', [
  'id',
  'kind',
  'userId',
  'connectionId',
  'sealedArrival',
  'expiresAt',
]);
export type PendingLinkRow = RowOf<typeof pendingSelection>;

const byToken: Read<{ readonly tokenHash: string; readonly now: Instant }, PendingLinkRow> = {
  name: 'pending_link_by_token',
  build: (builder) =>
    builder
      .from(PendingLinkEntity, 'pl')
      .where('pl.tokenHash = :tokenHash')
      .andWhere('pl.usedAt IS NULL')
      .andWhere('pl.expiresAt > :now'),
  select: pendingSelection,
};

const byId: Read<{ readonly id: string; readonly now: Instant }, PendingLinkRow> = {
  name: 'pending_link_by_id',
  build: (builder) =>
    builder
      .from(PendingLinkEntity, 'pl')
      .where('pl.id = :id')
      .andWhere('pl.usedAt IS NULL')
      .andWhere('pl.expiresAt > :now'),
  select: pendingSelection,
};

/** What waits under a token and may still be answered, or null. */
export async function findPendingLink(
  store: Store,
  which: { readonly tokenHash: string; readonly now: Instant },
): Promise<PendingLinkRow | null> {
  return (await store.read(byToken, which))[0] ?? null;
}

export async function findPendingLinkById(
  store: Store,
  which: { readonly id: string; readonly now: Instant },
): Promise<PendingLinkRow | null> {
  return (await store.read(byId, which))[0] ?? null;
}

export async function insertPendingLink(store: Store, row: PendingLinkEntity): Promise<void> {
  await store.insert(PendingLinkEntity, row);
}

/** Uses it up; false when somebody was faster. */
export async function usePendingLink(store: Store, id: string, now: Instant): Promise<boolean> {
  return (await store.update(PendingLinkEntity, { id, usedAt: null }, { usedAt: now })) === 1;
}

/** Deletes those whose time is over: what providers said does not stay. */
export function deleteOldPendingLinks(store: Store, now: Instant): Promise<number> {
  return store.execute(
    sql`DELETE FROM ${store.table(PendingLinkEntity)} AS pl
      WHERE ${store.column(PendingLinkEntity, 'expiresAt', 'pl')} <= ${now}
        OR ${store.column(PendingLinkEntity, 'usedAt', 'pl')} IS NOT NULL`,
  );
}
