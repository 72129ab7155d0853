import { columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';
import { AccountDeletionEntity } from './account-deletion.entity';

const deletionColumns = columnsOf(AccountDeletionEntity, 'ad', ['userId', 'requestedAt', 'deleteAt']);
export type AccountDeletionRow = RowOf<typeof deletionColumns>;

const byUser: Read<{ readonly userId: string }, AccountDeletionRow> = {
  name: 'account_deletion_by_user',
  build: (builder) => builder.from(AccountDeletionEntity, 'ad').where('ad.userId = :userId'),
  select: deletionColumns,
};

export async function findDeletion(store: Store, userId: string): Promise<AccountDeletionRow | null> {
  return (await store.read(byUser, { userId }))[0] ?? null;
}

/** A later request replaces an earlier one. */
export async function saveDeletion(store: Store, row: AccountDeletionRow): Promise<void> {
  await store.upsert(AccountDeletionEntity, row, ['userId']);
}

/** Answers whether there was one. */
export async function dropDeletion(store: Store, userId: string): Promise<boolean> {
  return (await store.delete(AccountDeletionEntity, { userId })) === 1;
}
