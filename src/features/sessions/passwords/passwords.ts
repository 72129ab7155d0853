import type { Call } from '#src/access/call';
import { maximumPasswordCharacters, passwordBytes, type PasswordHasher } from './password-hash';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { endSessions } from '#src/features/sessions/session.repository';
import type { Store } from '#src/storage/store';
import { raiseEpochForPassword, savePassword } from './credential.repository';

/** Length is what makes a password hard to guess; kinds of characters are not asked for (NIST SP 800-63B section 3.1.1.2). */
export const minimumPasswordCharacters = 12;

/** Refuses a new password of fewer than 12 or more than 256 characters with PASSWORD_POLICY. */
export function checkNewPassword(password: string): void {
  const length = [...password.normalize('NFKC')].length;
  const violations: string[] = [];
  if (length < minimumPasswordCharacters) violations.push('TOO_SHORT');
  if (length > maximumPasswordCharacters) violations.push('TOO_LONG');
  if (violations.length > 0) {
    throw sessionErrors.PASSWORD_POLICY({
      message: `A password has ${minimumPasswordCharacters} to ${maximumPasswordCharacters} characters.`,
      extensions: {
        field: 'password',
        violations,
        minimum: minimumPasswordCharacters,
        maximum: maximumPasswordCharacters,
      },
    });
  }
  passwordBytes(password);
}

/** Checks a new password and makes its hash. Slow: belongs before the transaction. */
export function hashNewPassword(hasher: PasswordHasher, password: string): Promise<string> {
  checkNewPassword(password);
  return hasher.hash(password);
}

/** Stores the hash of a new password. Where it replaces another one, every session and token of the user is over. */
export async function storePassword(store: Store, call: Call, userId: string, hash: string): Promise<void> {
  const now = call.clock.now();
  if (!(await savePassword(store, userId, hash, now))) return;
  await raiseEpochForPassword(store, userId, now);
  await endSessions(store, { userId }, { status: 'REVOKED', reason: 'security', now });
}
