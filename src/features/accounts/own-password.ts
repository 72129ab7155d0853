import type { Call } from '#src/access/call';
import { settleAttempt } from '#src/features/attack-protection/settle-attempt';
import { foldText } from '#src/features/users/fold-text';
import type { AccountRow } from './account.repository';
import type { AccountParts } from './account-parts';

/** Whoever knows the password of an account; `refusal` for a wrong one, which counts like those of sign-ins. */
export async function provePassword(
  { attackProtection, passwords }: Pick<AccountParts, 'attackProtection' | 'passwords'>,
  call: Call,
  account: AccountRow,
  { password, ip }: { readonly password: string; readonly ip: string | null },
  refusal: () => Error,
): Promise<void> {
  const { id, connection } = account;
  const identifier = foldText(account.email ?? account.username ?? account.phoneNumber ?? id);
  const attempt = await attackProtection.beginSignIn(call, { connection, identifier, ip });
  await settleAttempt(attempt, () => passwords.isPasswordOf(call, id, password), refusal);
}
