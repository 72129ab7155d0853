import { UsedSamlMessageEntity } from '#src/features/providers/saml/used-saml-message.entity';
import type { Instant } from '#src/shared/clock';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Remembers a message until it expires; false when it was taken before. Forgets those whose time is over. */
export async function useSamlMessage(
  store: Store,
  row: UsedSamlMessageEntity,
  now: Instant,
): Promise<boolean> {
  await store.execute(
    sql`DELETE FROM ${store.table(UsedSamlMessageEntity)} AS m
      WHERE ${store.column(UsedSamlMessageEntity, 'expiresAt', 'm')} < ${now}`,
  );
  return (await store.insert(UsedSamlMessageEntity, row, { ignoreConflicts: true })) === 1;
}
