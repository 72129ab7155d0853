import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors } from '#src/shared/errors';
import { endFamilies } from './end-families.repository';
import { findFamily } from './refresh.repository';

export interface RevokeTokenParts {
  readonly audit: AuditService;
  readonly users: UserService;
}

const mayEndAll = (call: Call): boolean => call.principal.permissions.has('delete:sessions');

/** Ends one refresh token: the caller's own, or with `delete:sessions` one of any user within reach. All others are NOT_FOUND. */
export async function revokeRefreshToken(
  { audit, users }: RevokeTokenParts,
  call: Call,
  id: string,
): Promise<void> {
  await call.store.transaction(async (store) => {
    const family = await findFamily(store, id);
    const isOwn = family !== null && family.userId === call.principal.userId;
    // SECURITY: guessing ids; a foreign token is answered like one that never was.
    const isReachable =
      family !== null && mayEndAll(call) && (await users.lockReachable(call, store, family.userId)) !== null;
    if (family === null || (!isOwn && !isReachable)) {
      throw commonErrors.NOT_FOUND({ message: 'There is no such refresh token.' });
    }
    const ended = await endFamilies(store, { ids: [id] }, { reason: 'token-revoked', now: call.clock.now() });
    if (ended === 0) return;
    await audit.record(store, call, {
      action: 'refresh_token.revoke',
      targetType: 'RefreshToken',
      targetId: id,
    });
  });
}

/** Ends the refresh tokens of a user, of one application or of all. Who may ask is for the caller of this to check. */
export async function revokeUserRefreshTokens(
  { audit, users }: RevokeTokenParts,
  call: Call,
  { userId, clientId = null }: { readonly userId: string; readonly clientId?: string | null | undefined },
): Promise<number> {
  if (!mayEndAll(call) && userId !== call.principal.userId) throw commonErrors.FORBIDDEN();
  return call.store.transaction(async (store) => {
    await users.requireReachable(call, store, userId);
    const which = { userId, ...(clientId !== null && { clientId }) };
    const count = await endFamilies(store, which, { reason: 'token-revoked', now: call.clock.now() });
    const details = { count, ...(clientId !== null && { clientId }) };
    await audit.record(store, call, {
      ...{ action: 'refresh_token.revoke_all', targetType: 'User', targetId: userId, details },
    });
    return count;
  });
}
