import { readBcrypt } from '#src/features/passwords/hashes/forms/crypt-text';
import { readCustomHash } from '#src/features/passwords/hashes/forms/custom-hash';
import {
  readFirebaseHash,
  type StoredFirebaseSettings,
} from '#src/features/passwords/hashes/forms/firebase-hash';
import { readHashText } from '#src/features/passwords/hashes/forms/hash-text';
import { readGigyaHash } from '#src/features/passwords/hashes/forms/gigya-hash';
import { HashRefusal, malformed, refusal, unsupported, type HashProblem } from './hash-problem';
import {
  boundsProblem,
  isPlainImportedHash,
  lengthProblem,
  readImportedHash,
  writeImportedHash,
  type HashOf,
  type ImportedHash,
} from './imported-hash';

/** A hash that can be checked. */
export interface ImportableHash {
  /** What made it, for reports: `bcrypt`, `pbkdf2-sha256`, `sha1`, `hmac-sha256` … */
  readonly algorithm: string;
  /** The text for the column of password hashes. */
  readonly stored: string;
}

export type CheckedHash = ImportableHash | HashProblem;

export function isHashProblem(checked: CheckedHash): checked is HashProblem {
  return 'code' in checked;
}

/**
 * Checks a hash that comes from another system: an object is a `custom_password_hash`, a text says by its beginning what made it.
 * Answers what to store, or the problem with its code and the place; it never throws and no message holds anything of the hash.
 */
export function checkImportedHash(value: unknown): CheckedHash {
  return check(() => (typeof value === 'string' ? readHashText(value) : readCustomHash(value)));
}

/** Checks the `password_hash` of the import format: bcrypt and nothing else. */
export function checkPasswordHash(value: unknown): CheckedHash {
  return check(() => {
    if (typeof value !== 'string') throw refusal('INVALID_TYPE', 'This must be a text.');
    if (value.startsWith('$2')) return readBcrypt(value);
    if (value.startsWith('$')) throw unsupported('password_hash takes bcrypt: use custom_password_hash.');
    throw refusal('PLAIN_PASSWORD', 'This is no hash. Passwords in clear text are not taken.');
  });
}

/** `password` of an account of Gigya. */
export function checkGigyaHash(value: unknown): CheckedHash {
  return check(() => readGigyaHash(value));
}

/** `{passwordHash, salt}` of a user of Firebase, with the settings of the project as `HashSettings.save` answered them. */
export function checkFirebaseHash(
  value: unknown,
  settings: Omit<StoredFirebaseSettings, 'signerKey'>,
): CheckedHash {
  return check(() => readFirebaseHash(value, settings));
}

function check(read: () => ImportedHash): CheckedHash {
  try {
    const hash = read();
    const length = lengthProblem(hash);
    if (length !== null) throw malformed(length);
    const bounds = boundsProblem(hash);
    if (bounds !== null) throw refusal('HASH_PARAMS_OUT_OF_BOUNDS', bounds);
    return { algorithm: algorithmOf(hash), stored: writeImportedHash(hash) };
  } catch (error) {
    if (error instanceof HashRefusal) return error.problem;
    throw error;
  }
}

/** The name of what made a hash. */
function algorithmOf(hash: ImportedHash | HashOf<'wrapped'>['inner']): string {
  switch (hash.kind) {
    case 'digest':
      return hash.digest;
    case 'hmac':
    case 'pbkdf2':
      return `${hash.kind}-${hash.digest}`;
    case 'wrapped':
      return algorithmOf(hash.inner);
    case 'argon2':
      return hash.type;
    case 'crypt':
      return `${hash.scheme}-crypt`;
    case 'phpass':
      return hash.digest === 'md5' ? 'phpass' : 'drupal';
    case 'firebase':
      return 'firebase-scrypt';
    default:
      return hash.kind;
  }
}

/** What made an opened hash of another system; null for one of our own, and for one that cannot be read. */
export function importedAlgorithm(opened: string): string | null {
  const hash = isPlainImportedHash(opened) ? readImportedHash(opened) : null;
  return hash === null ? null : algorithmOf(hash);
}
