import type { Call } from '#src/access/call';
import { principal, type Principal } from '#src/access/principal';
import { gatewayGrants } from '#src/features/organizations/effective-permissions/gateway-grants.service';

/** A caller that is supposed: a user with its own rights, or somebody with exactly the named ones. */
export interface SupposedCaller {
  readonly userId?: string | null;
  readonly organizationId?: string | null;
  readonly permissions?: readonly string[] | null;
  readonly roles?: readonly string[] | null;
  readonly application?: string | null;
  readonly acr?: string | null;
  readonly signedInSecondsAgo?: number | null;
}

export async function supposedPrincipal(call: Call, caller: SupposedCaller): Promise<Principal> {
  const { userId = null, organizationId = null, signedInSecondsAgo } = caller;
  const held =
    userId === null
      ? { permissions: [], roles: [] }
      : await gatewayGrants.find(call.store, userId, organizationId);
  return principal({
    kind: userId === null ? 'machine' : 'user',
    userId,
    subject: userId ?? caller.application ?? 'machine',
    sessionId: null,
    clientId: caller.application ?? null,
    organizationId,
    permissions: caller.permissions ?? held.permissions,
    roles: caller.roles ?? held.roles,
    acr: caller.acr ?? null,
    authenticatedAt:
      typeof signedInSecondsAgo === 'number' ? call.clock.now() - signedInSecondsAgo * 1000 : null,
  });
}
