import type { Call } from '#src/access/call';
import type { SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { SignedInOutcome } from '#src/features/sessions/session.service';
import { findAccountById } from './account.repository';
import { actingFor, type AccountParts } from './account-parts';
import { tellChanged } from './password-reset';

export interface RequiredPasswordChange {
  /** Of the answer `PasswordChangeRequired`. */
  readonly changeToken: string;
  readonly newPassword: string;
}

/**
 * Sets the password that a sign-in asks for, and goes on with that sign-in. MFA_TOKEN_INVALID for one that is over; a password that the
 * policy refuses, or that is the present one, leaves the token good.
 */
export async function completePasswordChange(
  parts: AccountParts,
  call: Call,
  { changeToken, newPassword }: RequiredPasswordChange,
  browser: Omit<SigningBrowser, 'cookieMode' | 'tokenUse'>,
): Promise<SignedInOutcome> {
  const pending = await parts.sessions.pendingSignIn(call, changeToken);
  // SECURITY: the token of a sign-in that waits for a second factor must not get past it, nor change the password.
  if (pending.kind !== 'password-change') throw sessionErrors.MFA_TOKEN_INVALID();
  const account = await findAccountById(call.store, pending.userId);
  if (account === null) throw sessionErrors.MFA_TOKEN_INVALID();
  const connection = await parts.connections.require(call.store, account.connection);
  parts.passwords.requireRoom();
  const about = { connection, profile: account, userId: account.id, occasion: 'RESET' } as const;
  const hash = await parts.passwords.hashReplacing(call, newPassword, about);
  const outcome = await parts.sessions.completeSignIn(
    call,
    changeToken,
    null,
    browser,
    async (store, userId) => {
      const acting = actingFor(call, userId, store);
      await parts.passwords.store(store, acting, userId, hash);
      await parts.audit.record(store, acting, {
        action: 'user.change_password',
        targetType: 'User',
        targetId: userId,
        details: { cause: 'REQUIRED' },
      });
      await tellChanged(parts, store, acting, account);
    },
  );
  parts.users.announce(account.id);
  return outcome;
}
