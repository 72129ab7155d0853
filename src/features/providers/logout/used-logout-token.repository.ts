import { UsedLogoutTokenEntity } from '#src/features/providers/logout/used-logout-token.entity';
import type { Instant } from '#src/shared/clock';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Remembers a token until it expires; false when it was taken before. Forgets those whose time is over. */
export async function useLogoutToken(
  store: Store,
  row: UsedLogoutTokenEntity,
  now: Instant,
): Promise<boolean> {
  await store.execute(
    sql`DELETE FROM ${store.table(UsedLogoutTokenEntity)} AS u
      WHERE ${store.column(UsedLogoutTokenEntity, 'expiresAt', 'u')} < ${now}`,
  );
  return (await store.insert(UsedLogoutTokenEntity, row, { ignoreConflicts: true })) === 1;
}
