import type { Call } from '#src/access/call';
import { isOwnPermission } from '#src/access/principal';
import { mayGrantAnything } from '#src/features/roles/grant-guard';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { bringsPermission, findGatewayPermissions } from './connection-standing.repository';

/**
 * Refuses with FORBIDDEN to decide who somebody from a connection is, when that may be somebody with more rights than the caller's.
 * SECURITY: whoever names the provider, its keys, the claim of the user's id or of the groups, or the system that is asked for passwords,
 * signs in as anybody who comes from there; asking for the right to change connections alone made an administrator of whoever holds it.
 */
export async function requireConnectionStanding(call: Call, store: Store, connection: string): Promise<void> {
  if (mayGrantAnything(call)) return;
  const { permissions } = call.principal;
  const beyond = (await findGatewayPermissions(store)).filter(
    ({ name }) => !isOwnPermission(name) && !permissions.has(name),
  );
  const ids = beyond.map(({ id }) => id);
  if (ids.length === 0 || !(await bringsPermission(store, connection, ids))) return;
  throw commonErrors.FORBIDDEN({
    message: 'Somebody who signs in through this connection may do what you may not.',
    extensions: { reason: 'STRONGER' },
  });
}
