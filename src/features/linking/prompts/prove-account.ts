import type { Call } from '#src/access/call';
import { proofNames } from '#src/features/sessions/sign-in/proof-names';
import { provenMethod } from '#src/features/factors/proofs/proof.service';
import type { LinkingParts } from '#src/features/linking/linking-parts';
import type { ProvenMethod } from '#src/features/sessions/minting/proven-user';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { foldText } from '#src/features/users/fold-text';
import type { UserRow } from '#src/features/users/user-row';
import { badInput } from '#src/features/roles/checked-text';
import { linkBinding, type Waiting } from './link-prompt';
import { takeLinkCode, type CodeAnswer } from './mail-code';
import { settleAttempt } from '#src/features/attack-protection/settle-attempt';

/** A proof of the account that has the address: exactly one member. */
export interface AccountProof {
  readonly password?: string | null;
  readonly emailCode?: CodeAnswer | null;
  readonly passkey?: { readonly challenge: string; readonly response: unknown } | null;
}

/** What a proof proves. INVALID_CREDENTIALS when it does not hold, TOO_MANY_ATTEMPTS as when signing in. */
export async function proveAccount(
  parts: LinkingParts,
  call: Call,
  waiting: Waiting,
  { password, emailCode, passkey }: AccountProof,
  ip: string | null,
): Promise<Omit<ProvenMethod, 'timestamp'>> {
  const { row, user } = waiting;
  if (password) return byPassword(parts, call, user, password, ip);
  if (passkey) {
    const asked = { userId: user.id, binding: linkBinding(row) };
    const proved = await parts.proofs.take(call, asked, { passkey });
    // SECURITY: a key that somebody has found is no proof of its owner.
    if (!proved.isUserVerified)
      throw sessionErrors.INVALID_CREDENTIALS({ message: 'Use a passkey that checks who uses it.' });
    return provenMethod(proved);
  }
  if (!emailCode) throw badInput('proof', 'Give one proof of the account.');
  await takeLinkCode(parts, call, waiting, emailCode);
  return { name: proofNames.EMAIL, connection: null };
}

/** SECURITY: a guess here is a guess of a sign-in, and counts as one. */
async function byPassword(
  { passwords, attackProtection }: LinkingParts,
  call: Call,
  user: UserRow,
  password: string,
  ip: string | null,
): Promise<Omit<ProvenMethod, 'timestamp'>> {
  const { connection } = user;
  const identifier = foldText(user.email ?? '');
  return passwords.admit(async () => {
    const attempt = await attackProtection.beginSignIn(call, { connection, identifier, ip });
    await settleAttempt(
      attempt,
      () => passwords.isPasswordOf(call, user.id, password),
      () => sessionErrors.INVALID_CREDENTIALS({ message: 'The password is wrong.' }),
    );
    await passwords.refuseLeaked(call, user.id, password);
    return { name: proofNames.PASSWORD, connection };
  });
}
