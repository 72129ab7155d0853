import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

const most = 6;

/** What the organizations are called that a user belongs to, or is about to enter. */
export async function findOrganizationNames(
  store: Store,
  { userId, organizationId }: { readonly userId?: string; readonly organizationId?: string },
): Promise<(string | null)[]> {
  if (userId === undefined && organizationId === undefined) return [];
  const id = store.column(OrganizationEntity, 'id', 'o');
  const member = store.column(MembershipEntity, 'organizationId', 'm');
  const joined = sql`${id} IN (SELECT ${member} FROM ${store.table(MembershipEntity)} AS m
    WHERE ${store.column(MembershipEntity, 'userId', 'm')} = ${userId ?? null})`;
  const which = organizationId === undefined ? joined : sql`${id} = ${organizationId}`;
  const rows = await store.query<{ name: string; displayName: string | null }>(
    sql`SELECT ${store.column(OrganizationEntity, 'name', 'o')} AS "name",
      ${store.column(OrganizationEntity, 'displayName', 'o')} AS "displayName"
      FROM ${store.table(OrganizationEntity)} AS o WHERE ${which} ORDER BY ${id} LIMIT ${most}`,
    { name: 'text', displayName: 'text' },
  );
  return rows.flatMap(({ name, displayName }) => [name, displayName]);
}
