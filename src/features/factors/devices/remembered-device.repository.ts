import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';
import { RememberedDeviceEntity } from './remembered-device.entity';

const deviceColumns = columnsOf(RememberedDeviceEntity, 'rd', [
  'id',
  'userId',
  'credentialEpoch',
  'userAgent',
  'createdAt',
  'expiresAt',
]);
export type RememberedDeviceRow = RowOf<typeof deviceColumns>;

export async function insertDevice(
  store: Store,
  row: RememberedDeviceRow & Pick<RememberedDeviceEntity, 'secretHash'>,
): Promise<void> {
  await store.insert(RememberedDeviceEntity, row);
}

const byHash: Read<{ readonly secretHash: string }, RememberedDeviceRow> = {
  name: 'remembered_device_by_hash',
  build: (builder) => builder.from(RememberedDeviceEntity, 'rd').where('rd.secretHash = :secretHash'),
  select: deviceColumns,
};

export async function findDevice(store: Store, secretHash: string): Promise<RememberedDeviceRow | null> {
  return (await store.read(byHash, { secretHash }))[0] ?? null;
}

/** Forgets devices of a user that are over: their time, or their epoch. */
export async function deleteOldDevices(
  store: Store,
  { userId, epoch, now }: { readonly userId: string; readonly epoch: number; readonly now: Instant },
): Promise<void> {
  await store.execute(sql`DELETE FROM ${store.table(RememberedDeviceEntity)}
    WHERE user_id = ${userId} AND (expires_at <= ${now} OR credential_epoch < ${epoch})`);
}

/** The user's credential epoch; -1 where there is no such user. */
export async function readEpoch(store: Store, userId: string): Promise<number> {
  const [row] = await store.query<{ epoch: number }>(
    sql`SELECT "u"."credential_epoch" AS "epoch" FROM "users" "u" WHERE "u"."id" = ${userId}`,
    { epoch: 'integer' },
  );
  return row?.epoch ?? -1;
}
