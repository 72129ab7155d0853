import { maximumPasswordCharacters, passwordBytes } from './password-hash';
import { passwordErrors } from './password.errors';

/** Length is what makes a password hard to guess; kinds of characters are not asked for (NIST SP 800-63B section 3.1.1.2). */
export const minimumPasswordCharacters = 12;

/** Refuses a new password of fewer than 12 or more than 256 characters with PASSWORD_POLICY. */
export function checkNewPassword(password: string): void {
  const length = [...password.normalize('NFKC')].length;
  const violations: string[] = [];
  if (length < minimumPasswordCharacters) violations.push('TOO_SHORT');
  if (length > maximumPasswordCharacters) violations.push('TOO_LONG');
  if (violations.length > 0) {
    throw passwordErrors.PASSWORD_POLICY({
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
