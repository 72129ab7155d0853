import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import { PasswordHistoryEntity } from './password-history.entity';
import { PasswordEntity } from './password.entity';

/** Hashes of the present and the latest former passwords of a user, `most` in all. */
export async function findFormerHashes(store: Store, userId: string, most: number): Promise<string[]> {
  const rows = await store.query<{ hash: string }>(
    sql`SELECT hash AS hash FROM (
      SELECT hash, updated_at AS at FROM ${store.table(PasswordEntity)} WHERE user_id = ${userId}
      UNION ALL
      SELECT hash, created_at AS at FROM ${store.table(PasswordHistoryEntity)} WHERE user_id = ${userId}
    ) AS former ORDER BY at DESC LIMIT ${most}`,
    { hash: 'text' },
  );
  return rows.map(({ hash }) => hash);
}

/** Keeps the hash that is about to be replaced, and forgets all but the latest `most`. */
export async function keepFormer(
  store: Store,
  { userId, id, most }: { readonly userId: string; readonly id: string; readonly most: number },
): Promise<void> {
  const history = store.table(PasswordHistoryEntity);
  await store.execute(sql`INSERT INTO ${history} (id, user_id, hash, created_at)
    SELECT ${id}, user_id, hash, updated_at FROM ${store.table(PasswordEntity)} WHERE user_id = ${userId}`);
  await store.execute(sql`DELETE FROM ${history} WHERE user_id = ${userId} AND id NOT IN (
    SELECT id FROM ${history} WHERE user_id = ${userId} ORDER BY created_at DESC, id DESC LIMIT ${most})`);
}

/** The present and all former passwords of a user. */
export async function deletePasswords(store: Store, userId: string): Promise<void> {
  await store.delete(PasswordEntity, { userId });
  await store.delete(PasswordHistoryEntity, { userId });
}
