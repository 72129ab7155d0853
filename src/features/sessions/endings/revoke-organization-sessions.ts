import type { Call } from '#src/access/call';
import { requireUndelegated } from '#src/access/fresh-sign-in';
import type { AuditService } from '#src/features/audit/audit.service';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import { endFamilies } from '#src/features/sessions/refresh/end-families.repository';
import { findBoundSessions } from '#src/features/sessions/session.repository';
import { endAndTell } from './end-and-tell';

export interface RevokedOrganization {
  readonly organization: OrganizationRow;
  readonly revokedCount: number;
}

const batchSize = 500;

/**
 * Ends every session that is bound to an organization, with all refresh tokens that act inside it; NOT_FOUND for an organization out of
 * reach. One transaction: none of them is accepted once it is answered, and a sign-in that comes in between is a new session.
 */
export function revokeOrganizationSessions(
  { audit, organizations }: { readonly audit: AuditService; readonly organizations: OrganizationService },
  call: Call,
  organizationId: string,
): Promise<RevokedOrganization> {
  requireUndelegated(call);
  return call.store.transaction(async (store) => {
    const organization = await organizations.requireReachable(call, store, organizationId);
    let revokedCount = 0;
    let after = '';
    for (;;) {
      const ids = await findBoundSessions(store, organizationId, { after, limit: batchSize });
      if (ids.length > 0) revokedCount += (await endAndTell(store, call, { ids }, 'session-revoked')).length;
      if (ids.length < batchSize) break;
      after = ids.at(-1) ?? after;
    }
    await endFamilies(store, { organizationId }, { reason: 'session-revoked', now: call.clock.now() });
    await audit.record(store, call, {
      action: 'session.revoke_organization',
      targetType: 'Organization',
      targetId: organizationId,
      details: { count: revokedCount },
    });
    return { organization, revokedCount };
  });
}
