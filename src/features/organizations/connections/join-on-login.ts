import type { Call } from '#src/access/call';
import { actingUser } from '#src/access/principal';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { AuditService } from '#src/features/audit/audit.service';
import {
  findLinkRoleIds,
  findLinks,
  findOrganizationsJoinedByLogin,
  type LinkKey,
} from '#src/features/organizations/connections/organization-connection.repository';
import {
  findAssignableRoles,
  insertMemberRoles,
} from '#src/features/organizations/members/member-role.repository';
import {
  countMemberships,
  findMembership,
  insertMemberships,
  type MembershipRow,
} from '#src/features/organizations/members/membership.repository';
import { lockOrganization } from '#src/features/organizations/organization.repository';
import type { Store } from '#src/storage/store';

/** What a sign-in means for organizations. */
export type LoginMembership =
  | {
      readonly isAllowed: true;
      /** The organization that the sign-in is for; null: for none. */
      readonly organizationId: string | null;
      /** The membership there, or the one that came with a sign-in for none. */
      readonly membership: MembershipRow | null;
      readonly isNew: boolean;
    }
  | {
      readonly isAllowed: false;
      readonly reason: 'CONNECTION_NOT_ENABLED' | 'NOT_A_MEMBER' | 'ORGANIZATION_FULL';
    };

/** Makes who signs in a member where a connection is set so; part of the sign-in's own transaction. */
export type JoinOnLogin = (
  store: Store,
  call: Call,
  user: { readonly id: string },
  /** Name of the connection. */
  connection: string,
  organizationId: string | null,
) => Promise<LoginMembership>;

export interface JoinParts {
  readonly audit: AuditService;
  readonly limits: Pick<OrganizationsConfig, 'maxMembers'>;
}

/**
 * Signing in for an organization is allowed through a connection that is enabled there, to its members and, where the link says so,
 * to everybody, who then becomes a member. Signing in for none makes a member only where exactly one organization takes in the users
 * of the connection. However many sign-ins come at once, there is one membership and one audit record.
 */
export function createJoinOnLogin(parts: JoinParts): JoinOnLogin {
  return async (store, call, user, connection, organizationId) => {
    if (organizationId === null) return joinTheOnlyOne(parts, store, call, user.id, connection);
    const link = (await findLinks(store, organizationId)).find((each) => each.connectionName === connection);
    // SECURITY: an organization that does not exist has no links either, and is answered like one that is closed to the caller.
    if (link === undefined || !link.isEnabled || !link.isConnectionEnabled) {
      return { isAllowed: false, reason: 'CONNECTION_NOT_ENABLED' };
    }
    const present = await findMembership(store, organizationId, user.id);
    if (present) return { isAllowed: true, organizationId, membership: present, isNew: false };
    // Where the groups of the provider decide, they have decided by now: see `followGroups`.
    if (!link.assignMembershipOnLogin || link.syncMembership)
      return { isAllowed: false, reason: 'NOT_A_MEMBER' };
    const joined = await join(parts, store, call, user.id, link);
    if (joined === null) return { isAllowed: false, reason: 'ORGANIZATION_FULL' };
    return { isAllowed: true, organizationId, ...joined };
  };
}

async function joinTheOnlyOne(
  parts: JoinParts,
  store: Store,
  call: Call,
  userId: string,
  connection: string,
): Promise<LoginMembership> {
  const none = { isAllowed: true, organizationId: null, membership: null, isNew: false } as const;
  const [organizationId, another] = await findOrganizationsJoinedByLogin(store, connection);
  if (organizationId === undefined || another !== undefined) return none;
  const present = await findMembership(store, organizationId, userId);
  if (present) return { ...none, membership: present };
  const link = (await findLinks(store, organizationId)).find((each) => each.connectionName === connection);
  const joined = link === undefined ? null : await join(parts, store, call, userId, link);
  if (joined === null)
    call.logger.warn({ organizationId }, 'a sign-in made no member: the organization is full');
  return joined === null ? none : { ...none, ...joined };
}

/** Null when the organization is full. */
export async function join(
  { audit, limits }: JoinParts,
  store: Store,
  call: Call,
  userId: string,
  link: LinkKey,
): Promise<{ membership: MembershipRow; isNew: boolean } | null> {
  const { organizationId } = link;
  // Others that join wait here, so that the limit holds and the second of two sign-ins finds the membership of the first.
  await lockOrganization(store, organizationId);
  const present = await findMembership(store, organizationId, userId);
  if (present) return { membership: present, isNew: false };
  if ((await countMemberships(store, { side: 'organizationId', key: organizationId })) >= limits.maxMembers)
    return null;
  const membership: MembershipRow = {
    id: call.ids.next('mem'),
    organizationId,
    userId,
    joinedAt: call.clock.now(),
    joinedVia: 'SIGN_IN',
  };
  const row = { ...membership, joinedConnectionId: link.connectionId };
  if ((await insertMemberships(store, [row])) === 0) {
    const first = await findMembership(store, organizationId, userId);
    return { membership: first ?? membership, isNew: false };
  }
  const roleIds = (await findAssignableRoles(store, await findLinkRoleIds(store, link), organizationId)).map(
    ({ id }) => id,
  );
  if (roleIds.length > 0) await insertMemberRoles(store, membership.id, roleIds);
  await audit.record(
    store,
    // The record names the user who signs in; before the sign-in is done the caller is somebody else.
    { ...call, principal: actingUser(userId) },
    {
      action: 'organization.join',
      targetType: 'Organization',
      targetId: organizationId,
      changedPaths: ['members'],
      details: { userIds: [userId], connectionId: link.connectionId, roleIds },
    },
  );
  return { membership, isNew: true };
}
