import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Whether the user (if any) belongs to the organization; null when there is no such organization. */
export async function findTokenContext(
  store: Store,
  organizationId: string,
  userId: string | null,
): Promise<{ readonly isMember: boolean } | null> {
  const id = store.column(OrganizationEntity, 'id', 'o');
  const isMember = sql`EXISTS (SELECT 1 FROM ${store.table(MembershipEntity)} AS m WHERE ${sql.and([
    sql`${store.column(MembershipEntity, 'organizationId', 'm')} = ${id}`,
    sql`${store.column(MembershipEntity, 'userId', 'm')} = ${userId ?? ''}`,
  ])})`;
  const [row] = await store.query<{ isMember: boolean }>(
    sql`SELECT ${isMember} AS "isMember" FROM ${store.table(OrganizationEntity)} AS o WHERE ${id} = ${organizationId}`,
    { isMember: 'boolean' },
  );
  return row ?? null;
}
