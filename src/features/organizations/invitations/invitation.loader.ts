import type { InvitationState } from '#src/features/organizations/invitations/invitation-status';
import {
  findInvitationPages,
  findRolesOfInvitations,
  type InvitationRoleRow,
  type InvitationRow,
} from '#src/features/organizations/invitations/invitation.repository';
import { groupBy } from '#src/features/roles/group-by';
import { parentPages } from '#src/graphql/parent-pages';
import { defineLoader } from '#src/graphql/request-loader';

/** The invitations of organizations, newest first; the extra argument names the wanted states. */
export const invitationsByOrganization = parentPages<InvitationRow, readonly InvitationState[] | null>({
  name: 'Organization.invitations',
  parentOf: (row) => row.organizationId,
  keyOf: (row) => [row.createdAt, row.id],
  read: (context, organizationIds, { after, limit, extra: statuses }) =>
    findInvitationPages(context.store, {
      organizationIds,
      statuses,
      limit,
      now: context.clock.now(),
      after: after as readonly [number, string] | null,
    }),
});

/** The roles that an invitation brings; at most 50. */
export const rolesByInvitation = defineLoader<string, readonly InvitationRoleRow[]>(
  'roles-by-invitation',
  async (ids, context) =>
    groupBy(ids, await findRolesOfInvitations(context.store, ids), (row) => row.invitationId),
);
