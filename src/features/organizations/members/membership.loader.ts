import {
  findRolesOfMemberships,
  memberRoleFieldColumns,
  type MemberRoleRow,
} from '#src/features/organizations/members/member-role.repository';
import {
  countMemberships,
  findJoinedMemberships,
  findMemberships,
  membershipFieldColumns,
  type MembershipRow,
  type MembershipSide,
  type MembershipSlice,
} from '#src/features/organizations/members/membership.repository';
import { narrowed } from '#src/features/organizations/members/member-search';
import { reachOf, type UserFilter } from '#src/features/users/reach/reach';
import { organizationById } from '#src/features/organizations/organization.loader';
import { organizationFieldColumns } from '#src/features/organizations/organization.repository';
import { groupBy } from '#src/features/roles/group-by';
import { neededColumns } from '#src/graphql/needed-columns';
import { parentPages, type ParentPages } from '#src/graphql/parent-pages';
import type { RequestContext } from '#src/graphql/request-context';
import { defineLoader } from '#src/graphql/request-loader';

/** Memberships of users, oldest first. Whoever is bound to an organization learns of no other. */
export const membershipsByUser = memberships('User.organizations', 'userId');

/** Memberships of organizations, oldest first. */
export const membershipsByOrganization = memberships('Organization.members', 'organizationId');

/** Null: all of them. */
export type MemberFilter = UserFilter | null;

/** Milliseconds after which a search for members is cancelled in the database, as one for users is. */
const searchMs = 2_000;

function memberships(name: string, side: MembershipSide): ParentPages<MembershipRow, MemberFilter> {
  return parentPages<MembershipRow, MemberFilter>({
    name,
    parentOf: (row) => row[side],
    keyOf: (row) => [row.joinedAt, row.id],
    read: (context, keys, { after, limit, extra }) =>
      readMemberships(context, {
        side,
        keys,
        limit,
        bound: context.principal.organizationId,
        reach: narrowed(reachOf(context), extra),
        search: extra === null ? null : { filter: extra, timeoutMs: searchMs },
        after: after as readonly [number, string] | null,
        only: neededColumns(context, membershipFieldColumns),
      }),
  });
}

/** Where the organizations of users are selected too, they come in the same statement. */
async function readMemberships(context: RequestContext, slice: MembershipSlice): Promise<MembershipRow[]> {
  const columns = neededColumns(context, organizationFieldColumns);
  const isSelected = context.selected?.get('Membership')?.resolved.has('organization') ?? false;
  if (slice.side !== 'userId' || !isSelected || !columns) return findMemberships(context.store, slice);
  const found = await findJoinedMemberships(context.store, slice, columns);
  const organizations = context.load(organizationById);
  for (const { organization } of found) organizations.prime(organization.id, organization);
  return found.map(({ membership }) => membership);
}

export function countMembershipsOf(
  context: RequestContext,
  side: MembershipSide,
  key: string,
  filter: MemberFilter = null,
): Promise<number> {
  return countMemberships(context.store, {
    ...{ side, key, bound: context.principal.organizationId },
    reach: narrowed(reachOf(context), filter),
    search: filter === null ? null : { filter, timeoutMs: searchMs },
  });
}

/** The roles of a membership; at most 50. */
export const rolesByMembership = defineLoader<string, readonly MemberRoleRow[]>(
  'roles-by-membership',
  async (ids, context) => {
    const only = neededColumns(context, memberRoleFieldColumns);
    return groupBy(ids, await findRolesOfMemberships(context.store, ids, only), (row) => row.membershipId);
  },
);

/** Forgets what this request has read of memberships, after a change of them. */
export function forgetMemberships(context: RequestContext): void {
  membershipsByUser.forget(context);
  membershipsByOrganization.forget(context);
}
