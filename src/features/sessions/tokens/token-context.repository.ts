import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** The organization's name and whether the user (if any) belongs to it; null when there is no such organization. */
export async function findTokenContext(
  store: Store,
  organizationId: string,
  userId: string | null,
): Promise<{ readonly isMember: boolean; readonly name: string } | null> {
  const id = store.column(OrganizationEntity, 'id', 'o');
  const isMember = sql`EXISTS (SELECT 1 FROM ${store.table(MembershipEntity)} AS m WHERE ${sql.and([
    sql`${store.column(MembershipEntity, 'organizationId', 'm')} = ${id}`,
    sql`${store.column(MembershipEntity, 'userId', 'm')} = ${userId ?? ''}`,
  ])})`;
  const [row] = await store.query<{ isMember: boolean; name: string }>(
    sql`SELECT ${isMember} AS "isMember", ${store.column(OrganizationEntity, 'name', 'o')} AS "name" FROM ${store.table(OrganizationEntity)} AS o WHERE ${id} = ${organizationId}`,
    { isMember: 'boolean', name: 'text' },
  );
  return row ?? null;
}
