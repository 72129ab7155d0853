import { createHash } from 'node:crypto';
import { isSameSecretHash } from './secret-hash';

/** An S256 challenge: 32 bytes in base64url (RFC 7636, section 4.2). */
export function isCodeChallenge(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** Whether a verifier is the one that a challenge was made of. SECURITY: in a time that does not depend on where they differ. */
export function answersChallenge(verifier: string, challenge: string): boolean {
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return false;
  return isSameSecretHash(createHash('sha256').update(verifier).digest('base64url'), challenge);
}
