import {
  countOwnRoles,
  findOwnRolePages,
  type OwnRoleRow,
} from '#src/features/organizations/roles/organization-role.repository';
import { foldText } from '#src/features/users/fold-text';
import { parentPages } from '#src/graphql/parent-pages';
import type { RequestContext } from '#src/graphql/request-context';

/** The roles that belong to organizations, by name. */
export const rolesByOrganization = parentPages<OwnRoleRow, null>({
  name: 'Organization.roles',
  parentOf: (row) => row.organizationId as string,
  keyOf: (row) => [foldText(row.name), row.id],
  read: (context, organizationIds, { after, limit }) =>
    findOwnRolePages(context.store, {
      organizationIds,
      limit,
      after: after as readonly [string, string] | null,
    }),
});

export function countRolesOf(context: RequestContext, organizationId: string): Promise<number> {
  return countOwnRoles(context.store, organizationId);
}
