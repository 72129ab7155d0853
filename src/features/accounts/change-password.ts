import type { Call } from '#src/access/call';
import { requireSecondFactor } from '#src/features/factors/step-up/require-step-up';
import { requireStandingCaller } from '#src/features/sessions/minting/standing-session';
import { commonErrors } from '#src/shared/errors';
import { accountErrors } from './account.errors';
import { findAccountById, type AccountRow } from './account.repository';
import { provePassword } from './own-password';
import { tellChanged } from './password-reset';
import type { AccountParts } from './account-parts';

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/**
 * Changes the caller's own password, who proves to know the present one, and has proved a second factor recently if there is one. Other sessions end; this one goes on. Wrong passwords count
 * like those of sign-ins.
 */
export async function changePassword(
  parts: AccountParts,
  call: Call,
  { currentPassword, newPassword }: PasswordChange,
  ip: string | null,
): Promise<string> {
  const account = await requireSelf(call);
  // SECURITY: a stolen session with a known password must not become the account of the thief.
  await requireSecondFactor(parts.factors, call.store, call, account.id);
  const connection = await parts.connections.require(call.store, account.connection);
  parts.passwords.requireRoom();
  await provePassword(parts, call, account, { password: currentPassword, ip }, () =>
    accountErrors.WRONG_PASSWORD(),
  );
  const about = { connection, profile: account, userId: account.id, occasion: 'RESET' } as const;
  const hash = await parts.passwords.hashNew(call, newPassword, about);
  await call.store.transaction(async (store) => {
    const inside = { ...call, store };
    await requireStandingCaller(store, call);
    const now = await findAccountById(store, account.id, true);
    // SECURITY: a proof that was overtaken by a reset must not undo it.
    if (now?.credentialEpoch !== account.credentialEpoch) throw commonErrors.CONFLICT();
    await parts.passwords.store(store, inside, account.id, hash);
    await parts.audit.record(store, inside, {
      action: 'user.change_password',
      targetType: 'User',
      targetId: account.id,
    });
    await tellChanged(parts, store, inside, account);
  });
  parts.users.announce(account.id);
  return account.id;
}

async function requireSelf({ principal, store }: Call): Promise<AccountRow> {
  const account = principal.userId === null ? null : await findAccountById(store, principal.userId);
  if (account === null) throw commonErrors.FORBIDDEN({ message: 'Only users have a password of their own.' });
  return account;
}
