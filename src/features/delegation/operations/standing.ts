import type { Call } from '#src/access/call';
import { levelOf } from '#src/features/delegation/delegation-level';
import {
  heldAnywhere,
  requireInside,
} from '#src/features/organizations/effective-permissions/account-standing';
import type { DelegatedAction } from '#src/features/delegation/hooks/hook-definition';
import { commonErrors, type GatehouseError } from '#src/shared/errors';

/** What only sends a message to the user, or lets him try again, and so gives nobody anything of his. */
const harmless: ReadonlySet<DelegatedAction> = new Set([
  'reset:password',
  'send:verification-email',
  'clear:blocks',
]);

/** Refuses to act on whom the caller may not administer, although he is within reach. */
export async function requireStanding(call: Call, userId: string, action: DelegatedAction): Promise<void> {
  const { principal } = call;
  // SECURITY: raising oneself; attributes of the caller decide whom the filter lets through.
  if (userId === principal.userId) throw refused('SELF', 'Nobody administers himself this way.');
  await requireWeaker(call, userId);
  const { organizationId } = principal;
  if (organizationId === null || harmless.has(action)) return;
  await requireInside(call.store, userId, organizationId);
}

/**
 * SECURITY: taking over a stronger account by its password or address; whoever may do anything that the caller may not, or administers
 * at the caller's level or above, anywhere, is not administered by the caller.
 */
async function requireWeaker(call: Call, userId: string): Promise<void> {
  const own = call.principal.permissions;
  const held = await heldAnywhere(call.store, userId);
  const [mine, theirs] = [levelOf(own) ?? -1, levelOf(held) ?? -1];
  const isBelow = theirs < mine && [...held].every((name) => own.has(name));
  if (!isBelow) throw refused('STRONGER', 'This user may do what you may not.');
}

export function refused(reason: string, message: string): GatehouseError {
  return commonErrors.FORBIDDEN({ message, extensions: { reason } });
}
