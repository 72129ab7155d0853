import type { Call } from '#src/access/call';
import {
  acceptInvitation,
  type AcceptedInvitation,
  type AcceptInvitation,
  type AcceptParts,
} from '#src/features/organizations/invitations/accept-invitation';
import type { InvitationState } from '#src/features/organizations/invitations/invitation-status';
import {
  countInvitations,
  findInvitations,
  revokePending,
  type InvitationRow,
} from '#src/features/organizations/invitations/invitation.repository';
import {
  inviteMembers,
  resendInvitation,
  type InvitationParts,
  type InviteMembers,
  type IssuedInvitation,
  type SendInvitation,
} from '#src/features/organizations/invitations/issue-invitations';
import { bulkIds, refuseAbove, requireAllKnown } from '#src/features/roles/bulk-ids';

export interface RevokeInvitations {
  readonly organizationId: string;
  readonly ids: readonly string[];
}

/** Invitations to organizations, from making to accepting. */
export class InvitationService {
  constructor(private readonly parts: InvitationParts & AcceptParts) {}

  /** Where a feature that sends mail takes part; null: only addresses are made. */
  set sender(send: SendInvitation | null) {
    this.parts.sender.send = send;
  }

  invite(call: Call, input: InviteMembers): Promise<readonly IssuedInvitation[]> {
    return inviteMembers(this.parts, call, input);
  }

  resend(call: Call, id: string): Promise<IssuedInvitation> {
    return resendInvitation(this.parts, call, id);
  }

  accept(call: Call, input: AcceptInvitation): Promise<AcceptedInvitation> {
    return acceptInvitation(this.parts, call, input);
  }

  /** Revokes outstanding invitations, all or none; those that are over stay as they are. */
  revoke(call: Call, input: RevokeInvitations): Promise<readonly InvitationRow[]> {
    const { organizationId } = input;
    const ids = bulkIds('ids', input.ids);
    const { audit, organizations, limits } = this.parts;
    const limit = limits.maxInvitationsPerCall;
    refuseAbove(limit, ids.length, `At most ${limit} invitations are revoked at once.`, 'ids');
    return call.store.transaction(async (store) => {
      await organizations.requireReachable(call, store, organizationId);
      const known = (await findInvitations(store, ids)).filter(
        (row) => row.organizationId === organizationId,
      );
      requireAllKnown(
        'ids',
        ids,
        known.map(({ id }) => id),
      );
      await revokePending(store, { organizationId, id: ids }, call.clock.now());
      await audit.record(store, call, {
        action: 'organization.revoke_invitations',
        targetType: 'Organization',
        targetId: organizationId,
        changedPaths: ['invitations'],
        details: { invitationIds: ids },
      });
      return findInvitations(store, ids);
    });
  }

  count(call: Call, organizationId: string, statuses: readonly InvitationState[] | null): Promise<number> {
    return countInvitations(call.store, organizationId, { statuses, now: call.clock.now() });
  }
}
