import type { Call } from '#src/access/call';
import { userErrors } from '#src/features/users/user.errors';
import { commonErrors } from '#src/shared/errors';
import { findOpen } from './impersonation.repository';
import { endOpen, type SettleParts } from './settle-impersonations';
import { deleteRefusal, storeRefusal } from './support-refusal.repository';

/**
 * A user says whether support may act in his name. Who refuses ends what is under way as well. OPERATION_NOT_SUPPORTED where the operator
 * does not let users say so.
 */
export async function updateSupportAccess(
  parts: SettleParts,
  call: Call,
  { isAllowed }: { readonly isAllowed: boolean },
): Promise<{ readonly userId: string }> {
  const { userId } = call.principal;
  if (userId === null) throw commonErrors.FORBIDDEN();
  if (!parts.config.supportOptOut)
    throw userErrors.OPERATION_NOT_SUPPORTED({
      message: 'Users of this service do not decide about help from support.',
    });
  const now = call.clock.now();
  await call.store.transaction(async (store) => {
    if (isAllowed) await deleteRefusal(store, userId);
    else {
      await storeRefusal(store, userId, now);
      const end = { at: now, reason: 'impersonation-lapsed', event: 'session-revoked' } as const;
      for (const open of await findOpen(store, { userId }, 100)) await endOpen(parts, store, call, open, end);
    }
    await parts.audit.record(store, call, {
      action: 'user.update_support_access',
      targetType: 'User',
      targetId: userId,
      details: { isAllowed },
    });
  });
  return { userId };
}
