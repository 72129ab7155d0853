import type { Instant } from '#src/shared/clock';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import { SupportRefusalEntity } from './support-refusal.entity';

/** Those of the users who want nobody to act in their name. */
export async function findRefusals(store: Store, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  const userId = store.column(SupportRefusalEntity, 'userId', 'r');
  const rows = await store.query<{ userId: string }>(
    sql`SELECT ${userId} AS "userId" FROM ${store.table(SupportRefusalEntity)} AS r
      WHERE ${store.dialect.anyOf(userId, userIds)}`,
    { userId: 'text' },
  );
  return new Set(rows.map((row) => row.userId));
}

export async function storeRefusal(store: Store, userId: string, refusedAt: Instant): Promise<void> {
  await store.upsert(SupportRefusalEntity, { userId, refusedAt }, ['userId']);
}

export async function deleteRefusal(store: Store, userId: string): Promise<void> {
  await store.delete(SupportRefusalEntity, { userId });
}
