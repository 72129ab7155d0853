import { UserEntity } from '#src/features/users/user.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';
import { UploadSlotEntity } from './upload-slot.entity';

const selection = columnsOf(UploadSlotEntity, 'us', [
  'id',
  'createdBy',
  'createdByKind',
  'caller',
  'request',
  'maxBytes',
  'createdAt',
  'expiresAt',
  'usedAt',
]);

export type UploadSlotRow = RowOf<typeof selection>;

const at = (store: Store, property: keyof UploadSlotEntity & string): Sql =>
  store.column(UploadSlotEntity, property, 'us');

export async function insertSlot(store: Store, row: UploadSlotRow): Promise<void> {
  await store.insert(UploadSlotEntity, row);
}

/** Slots of a caller that are good and not used. */
export async function countOpenSlots(
  store: Store,
  { createdBy, createdByKind }: Pick<UploadSlotRow, 'createdBy' | 'createdByKind'>,
  now: Instant,
): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(UploadSlotEntity)} AS us
      WHERE ${at(store, 'createdBy')} = ${createdBy} AND ${at(store, 'createdByKind')} = ${createdByKind}
      AND ${at(store, 'usedAt')} IS NULL AND ${at(store, 'expiresAt')} > ${now}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

/** Of several that come at once exactly one gets the slot; null: it is used, over, or was never there. */
export async function takeSlot(store: Store, id: string, now: Instant): Promise<UploadSlotRow | null> {
  const taken = await store.execute(
    sql`UPDATE ${store.table(UploadSlotEntity)} SET used_at = ${now} WHERE id = ${id} AND used_at IS NULL AND expires_at > ${now}`,
  );
  if (taken === 0) return null;
  const { columns, kinds } = store.selection(selection);
  const [row] = await store.query<UploadSlotRow>(
    sql`SELECT ${columns} FROM ${store.table(UploadSlotEntity)} AS us WHERE ${at(store, 'id')} = ${id}`,
    kinds,
  );
  return row ?? null;
}

/** The file did not arrive: it may be sent again. */
export async function giveSlotBack(store: Store, id: string): Promise<void> {
  await store.update(UploadSlotEntity, { id }, { usedAt: null });
}

export function deleteSlotsBefore(store: Store, before: Instant): Promise<number> {
  return store.execute(sql`DELETE FROM ${store.table(UploadSlotEntity)} WHERE expires_at < ${before}`);
}

/** Whether a user is still there and not blocked. */
export async function isUserGood(store: Store, userId: string): Promise<boolean> {
  const [row] = await store.query<{ blocked: boolean }>(
    sql`SELECT ${store.column(UserEntity, 'blocked', 'u')} AS "blocked" FROM ${store.table(UserEntity)} AS u
      WHERE ${store.column(UserEntity, 'id', 'u')} = ${userId}`,
    { blocked: 'boolean' },
  );
  return row?.blocked === false;
}
