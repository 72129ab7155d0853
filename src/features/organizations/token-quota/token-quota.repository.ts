import { OrganizationTokenCountEntity } from '#src/features/organizations/token-quota/organization-token-count.entity';
import type { Instant } from '#src/shared/clock';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

export interface CountedSpan {
  readonly organizationId: string;
  readonly span: 'HOUR' | 'DAY';
  readonly startedAt: Instant;
}

/** Counts one more token; answers how many there are now. The row stays locked until the transaction ends, so that none is missed. */
export async function countToken(
  store: Store,
  { organizationId, span, startedAt }: CountedSpan,
): Promise<number> {
  const table = store.table(OrganizationTokenCountEntity);
  await store.execute(sql`INSERT INTO ${table} (organization_id, span, started_at, tokens)
    VALUES (${organizationId}, ${span}, ${startedAt}, 1)
    ON CONFLICT (organization_id, span) DO UPDATE SET
      tokens = CASE WHEN ${table}.started_at = excluded.started_at THEN ${table}.tokens + 1 ELSE 1 END,
      started_at = excluded.started_at`);
  const at = (property: keyof OrganizationTokenCountEntity & string): Sql =>
    store.column(OrganizationTokenCountEntity, property, 'c');
  const [row] = await store.query<{ tokens: number }>(
    sql`SELECT ${at('tokens')} AS "tokens" FROM ${table} AS c
      WHERE ${at('organizationId')} = ${organizationId} AND ${at('span')} = ${span}`,
    { tokens: 'integer' },
  );
  return row?.tokens ?? 0;
}
