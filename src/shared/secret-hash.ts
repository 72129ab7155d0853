import { hash, timingSafeEqual } from 'node:crypto';

/**
 * What is stored in the place of a random secret that somebody else keeps: a token, a state, a cookie. SHA-256 in hexadecimal. A fast hash is
 * enough, because such a secret has as many random bits as the hash, and how far a look-up by it gets tells nothing about the secret.
 * SECURITY: a stolen copy of a table opens nothing. For what people make up there are password hashes.
 */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** Compares two hashes in a time that does not depend on where they differ. */
export function isSameSecretHash(left: string, right: string): boolean {
  const leftBytes = Buffer.from(left, 'utf8');
  const rightBytes = Buffer.from(right, 'utf8');
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}
