import type { Call } from '#src/access/call';
import { identityErrors } from '#src/features/identities/identity.errors';
import { tell, type LinkParts } from '#src/features/my-account/linking/link-account';
import { lockCaller, requireUserId } from '#src/features/factors/methods/method-changes';
import { requireStepUp } from '#src/features/factors/step-up/require-step-up';
import type { SessionService } from '#src/features/sessions/session.service';
import { commonErrors } from '#src/shared/errors';

export interface UnlinkOwn {
  readonly provider: string;
  /** Id at the provider. */
  readonly userId: string;
  /** Whether the account that it becomes is deleted at once. */
  readonly discard: boolean;
}

/** Takes an identity off the caller's account; answers the id of the user that it became, or null. */
export async function unlinkOwnIdentity(
  parts: LinkParts & { readonly sessions: SessionService },
  call: Call,
  { provider, userId: providerUserId, discard }: UnlinkOwn,
): Promise<string | null> {
  const userId = requireUserId(call);
  const { identities, sessions, users } = parts;
  return call.store.transaction(async (store) => {
    await lockCaller({ users }, store, call);
    await requireStepUp(parts.config.factors, store, call, userId);
    const own = await identities.list(store, userId);
    const leaving = own.find(
      (identity) => identity.provider === provider && identity.providerUserId === providerUserId,
    );
    if (!leaving) throw commonErrors.NOT_FOUND({ message: 'This account has no such identity.' });
    if (own.length === 1 || leaving.position === 0) throw identityErrors.LAST_IDENTITY();
    const { connection } = leaving;
    const separatedId = await identities.unlink({ ...call, store }, { userId, provider, providerUserId });
    const isConnectionLeft = own.some((other) => other !== leaving && other.connection === connection);
    if (!isConnectionLeft) await sessions.endForEvent(store, call, userId, 'unlinked', { connection });
    if (discard) await users.delete({ ...call, store }, separatedId);
    await tell(parts, store, call, userId, 'UNLINKED', connection);
    return discard ? null : separatedId;
  });
}
