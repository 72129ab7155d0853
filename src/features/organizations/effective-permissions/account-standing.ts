import type { Call } from '#src/access/call';
import { isOwnPermission } from '#src/access/principal';
import type { StandingHook } from '#src/features/users/user-hooks';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { findAllPermissions, isMemberElsewhere } from './account-standing.repository';
import { gatewayGrants } from './gateway-grants.service';

/**
 * Refuses to act on somebody else's account with more rights than the caller's, with FORBIDDEN. SECURITY: who chooses the password, the
 * address or a way in of an account has all that it may do; asking for the right to change users alone made an administrator of whoever
 * holds it, and of who holds it inside one organization somebody in every other.
 */
export const requireAccountStanding: StandingHook = async (call, store, userId, act) => {
  const { principal } = call;
  if (principal.userId === userId) return;
  if (principal.organizationId !== null) await requireInside(store, userId, principal.organizationId);
  if (act === 'TAKE_HOLD') await requireNoStronger(call, store, userId);
};

/** An account is one, wherever it is a member: nobody decides about it from inside one organization when it is worth something outside. */
export async function requireInside(store: Store, userId: string, organizationId: string): Promise<void> {
  if (await isMemberElsewhere(store, userId, organizationId))
    throw refused('SHARED_USER', 'This user belongs to other organizations as well.');
  const { permissions } = await gatewayGrants.find(store, userId, null);
  if (permissions.some((name) => !isOwnPermission(name)))
    throw refused('STRONGER', 'This user has rights outside of the organization.');
}

/** Names of all permissions of the gateway that a user holds, in any organization and in none. */
export function heldAnywhere(store: Store, userId: string): Promise<ReadonlySet<string>> {
  return findAllPermissions(store, userId);
}

async function requireNoStronger({ principal }: Call, store: Store, userId: string): Promise<void> {
  const { permissions } = principal;
  if (permissions.has('grant:any')) return;
  const held = await findAllPermissions(store, userId);
  if ([...held].every((name) => isOwnPermission(name) || permissions.has(name))) return;
  throw refused('STRONGER', 'This user may do what you may not.');
}

function refused(reason: string, message: string): GatehouseError {
  return commonErrors.FORBIDDEN({ message, extensions: { reason } });
}
