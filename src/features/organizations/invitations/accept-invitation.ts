import type { Call } from '#src/access/call';
import { actingUser, principal } from '#src/access/principal';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { AuditService } from '#src/features/audit/audit.service';
import type { MetadataService } from '#src/features/metadata/metadata.service';
import {
  joiningUser,
  markVerified,
  newPassword,
  signUp,
  type AccountParts,
  type SignUp,
} from '#src/features/organizations/invitations/invited-account';
import { statusAt } from '#src/features/organizations/invitations/invitation-status';
import { isTicket } from '#src/features/organizations/invitations/invitation-ticket';
import {
  findInvitationByTicket,
  findRolesOfInvitations,
  takeTicket,
  type InvitationRow,
} from '#src/features/organizations/invitations/invitation.repository';
import {
  countMemberRoles,
  findAssignableRoles,
  insertMemberRoles,
} from '#src/features/organizations/members/member-role.repository';
import {
  countMemberships,
  findMembership,
  insertMemberships,
  type MembershipRow,
} from '#src/features/organizations/members/membership.repository';
import { organizationErrors } from '#src/features/organizations/organization.errors';
import { lockOrganization } from '#src/features/organizations/organization.repository';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import type { Store } from '#src/storage/store';
import { hashSecret } from '#src/shared/secret-hash';

export interface AcceptInvitation {
  readonly ticket: string;
  /** For a person without an account; who is signed in joins as the signed-in user. */
  readonly signUp?: SignUp | null;
}

export interface AcceptedInvitation {
  readonly membership: MembershipRow;
  readonly isNewUser: boolean;
}

export interface AcceptParts extends AccountParts {
  readonly audit: AuditService;
  readonly metadata: MetadataService;
  readonly limits: OrganizationsConfig;
}

/**
 * Uses a ticket: the signed-in caller, or a new user of the invited address, becomes a member with the roles and metadata of the
 * invitation, in one transaction. EXPIRED answers unknown, used, replaced, revoked and old tickets alike.
 */
export async function acceptInvitation(
  parts: AcceptParts,
  call: Call,
  { ticket, signUp: account }: AcceptInvitation,
): Promise<AcceptedInvitation> {
  const ticketHash = hashSecret(ticket);
  const found = isTicket(ticket) ? await findInvitationByTicket(call.store, ticketHash) : null;
  const invitation = requireGood(call, found);
  const { userId } = call.principal;
  // Hashing is slow and belongs before the transaction; a ticket has been shown, so that strangers cannot make the gateway hash.
  const fresh = userId === null ? await newPassword(parts, call, invitation, account) : null;
  const accepted = await call.store.transaction(async (store) => {
    await lockOrganization(store, invitation.organizationId);
    requireGood(call, await findInvitationByTicket(store, ticketHash));
    const inside = { ...actingForInviter(call, invitation), store };
    const joining =
      fresh === null
        ? await joiningUser(parts, inside, userId as string, invitation)
        : await signUp(parts, inside, invitation, fresh);
    const now = call.clock.now();
    if (!(await takeTicket(store, ticketHash, { userId: joining.id, now })))
      throw organizationErrors.EXPIRED();
    if (fresh === null) {
      await markVerified(parts, inside, joining);
      await copyMetadata(parts, inside, joining.id, invitation);
    }
    const membership = await join(parts, store, call, joining.id, invitation);
    const roleIds = await giveRoles(parts, store, membership, invitation);
    await parts.audit.record(
      store,
      { ...call, principal: userId === null ? actingUser(joining.id) : call.principal },
      {
        action: 'organization.accept_invitation',
        targetType: 'Organization',
        targetId: invitation.organizationId,
        changedPaths: ['members', 'invitations'],
        details: { invitationId: invitation.id, userIds: [joining.id], roleIds, isNewUser: fresh !== null },
      },
    );
    return { membership, isNewUser: fresh !== null };
  });
  parts.users.announce(accepted.membership.userId);
  return accepted;
}

/** SECURITY: who acts inside one organization accepts nothing for another; the answer is that of an unknown ticket. */
function requireGood(call: Call, found: InvitationRow | null): InvitationRow {
  const bound = call.principal.organizationId;
  const isGood = found !== null && statusAt(found, call.clock.now()) === 'PENDING';
  if (isGood && (bound === null || bound === found.organizationId)) return found;
  throw organizationErrors.EXPIRED();
}

async function join(
  { limits }: AcceptParts,
  store: Store,
  call: Call,
  userId: string,
  { organizationId }: InvitationRow,
): Promise<MembershipRow> {
  const present = await findMembership(store, organizationId, userId);
  if (present) return present;
  const membership: MembershipRow = {
    id: call.ids.next('mem'),
    organizationId,
    userId,
    joinedAt: call.clock.now(),
    joinedVia: 'INVITATION',
  };
  await insertMemberships(store, [membership]);
  const limit = limits.maxMembers;
  const current = await countMemberships(store, { side: 'organizationId', key: organizationId });
  refuseAbove(limit, current, `An organization may have at most ${limit} members.`);
  return membership;
}

/** Roles that were deleted since the invitation was made are left out. */
async function giveRoles(
  { limits }: AcceptParts,
  store: Store,
  membership: MembershipRow,
  { id, organizationId }: InvitationRow,
): Promise<readonly string[]> {
  const invited = (await findRolesOfInvitations(store, [id])).map((role) => role.id);
  const roleIds = (await findAssignableRoles(store, invited, organizationId)).map((role) => role.id);
  if (roleIds.length === 0) return [];
  await insertMemberRoles(store, membership.id, roleIds);
  const limit = limits.maxRolesPerMember;
  refuseAbove(
    limit,
    await countMemberRoles(store, membership.id),
    `A member may hold at most ${limit} roles.`,
  );
  return roleIds;
}

async function copyMetadata(
  { metadata }: AcceptParts,
  call: Call,
  userId: string,
  { userMetadata, appMetadata }: InvitationRow,
): Promise<void> {
  if (userMetadata !== null) {
    await metadata.update(call, { userId, store: 'user' }, userMetadata, 'MERGE_DEEP');
  }
  if (appMetadata !== null) {
    await metadata.update(call, { userId, store: 'app' }, appMetadata, 'MERGE_DEEP');
  }
}

/**
 * What the invitation does was allowed to its maker when it was made, and the invited person may do nothing of it. The records of the
 * users and metadata services name the invitation.
 */
function actingForInviter(call: Call, { id }: InvitationRow): Call {
  return {
    ...call,
    principal: principal({
      kind: 'machine',
      userId: null,
      subject: id,
      sessionId: null,
      organizationId: null,
      permissions: ['read:users', 'create:users', 'update:users'],
      roles: [],
      acr: null,
      authenticatedAt: null,
    }),
  };
}
