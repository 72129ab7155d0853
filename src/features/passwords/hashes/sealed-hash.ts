import type { DerivedKey } from '#src/config/open-secrets';
import { sealText, tryOpenText } from '#src/config/seal-text';
import { isPlainImportedHash } from './imported-hash';

export const sealedHashPurpose = 'imported-hash';

/** What the hash of another system begins with where it is stored. The name of the key, a dot and the sealed hash follow, and its kind at the end. */
export const sealedHashMark = '$imported$';

/** The kind of a hash, at the end of the stored text, filled up to this length: by it hashes are counted without a key. */
export const kindLength = 9;

/** Whether a stored hash is one of another system: sealed, or in clear text as rows from before have it. */
export function isImportedHash(stored: string): boolean {
  return stored.startsWith(sealedHashMark) || isPlainImportedHash(stored);
}

/**
 * Seals a checked hash for the row of a user. SECURITY: many hashes of other systems are weak; a stolen table, or a backup of it, must not be
 * what guesses can be tried on.
 */
export function sealHash(ring: readonly DerivedKey[], userId: string, checked: string): string {
  if (!isPlainImportedHash(checked)) return checked;
  const kind = /^\{"kind":"(\w+)"/.exec(checked)?.[1] ?? '';
  return `${sealedHashMark}${sealText(ring, userId, checked)}$${kind.padEnd(kindLength, '$')}`;
}

/** The hash as it was checked; null where its key is gone or it belongs to another user: it opens to nothing. */
export function openHash(ring: readonly DerivedKey[], userId: string, stored: string): string | null {
  if (!stored.startsWith(sealedHashMark)) return stored;
  return tryOpenText(ring, userId, stored.slice(sealedHashMark.length, -kindLength - 1));
}
