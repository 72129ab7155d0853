import { createHmac } from 'node:crypto';
import type { DerivedKey } from '#src/config/open-secrets';

/** A stored hash, apart from the name of the key that went into it. */
export interface PepperedHash {
  /** Null: none did. */
  readonly kid: string | null;
  readonly phc: string;
}

/** What a hash with a key begins with; the name of the key and a `$` follow. */
export const pepperMark = '$pepper$';

const form = /^\$pepper\$([\w-]{1,32})(\$.*)$/s;

/** `$pepper$<kid>$argon2id$…` is a hash with a key, everything else one without. */
export function readPeppered(stored: string): PepperedHash {
  const [, kid, phc] = form.exec(stored) ?? [];
  return kid === undefined || phc === undefined ? { kid: null, phc: stored } : { kid, phc };
}

export function writePeppered({ kid, phc }: PepperedHash): string {
  return kid === null ? phc : `${pepperMark}${kid}${phc}`;
}

/**
 * What is hashed for a password: its HMAC-SHA-256 under the key, in base64url, or the password itself. SECURITY: guesses against a stolen table need a key
 * that no table holds.
 */
export function pepperedBytes(password: Buffer, key: DerivedKey | null): Buffer {
  if (key === null) return password;
  // As text: argon2 here checks UTF-8 alone.
  return Buffer.from(createHmac('sha256', key.key).update(password).digest('base64url'));
}
