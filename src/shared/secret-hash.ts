import { createHash } from 'node:crypto';

/**
 * What is stored in the place of a random secret that somebody else keeps: a token, a state, a cookie. SHA-256 in hexadecimal. A fast hash is
 * enough, because such a secret has as many random bits as the hash, and how far a look-up by it gets tells nothing about the secret.
 * SECURITY: a stolen copy of a table opens nothing. For what people make up there are password hashes.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}
