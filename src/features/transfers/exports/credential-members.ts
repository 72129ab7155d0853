import type { DerivedKey } from '#src/config/open-secrets';
import { openText } from '#src/config/seal-text';
import {
  isPlainImportedHash,
  readImportedHash,
  writeImportedHash,
  type ImportedHash,
} from '#src/features/passwords/hashes/imported-hash';
import { sealedHashMark } from '#src/features/passwords/hashes/sealed-hash';
import { readPeppered } from '#src/features/passwords/pepper';
import type { StoredCredentials, StoredFactor } from './credentials.repository';

type Members = Readonly<Record<string, unknown>>;

/**
 * What a user proves itself with, as members of the native schema that an import takes. A hash with a pepper opens to nothing elsewhere: such
 * a user has to choose a new password there.
 */
export function credentialMembers(
  { password, factors }: StoredCredentials,
  email: string | null,
  ring: readonly DerivedKey[],
): Members {
  const hash = password === null ? {} : hashMembers(password.hash);
  const mustChange = password !== null && (password.mustChange || Object.keys(hash).length === 0);
  const list = factors.flatMap((factor) => factorOf(factor, email, ring) ?? []);
  return {
    ...hash,
    ...(mustChange ? { password_reset_required: true } : {}),
    ...(list.length > 0 ? { mfa_factors: list } : {}),
  };
}

function hashMembers(stored: string): Members {
  // Its key is gone.
  if (stored.startsWith(sealedHashMark)) return {};
  if (!isPlainImportedHash(stored)) {
    const { kid, phc } = readPeppered(stored);
    return kid === null
      ? { custom_password_hash: { algorithm: 'argon2', hash: { value: phc, encoding: 'utf8' } } }
      : {};
  }
  const hash = readImportedHash(stored);
  if (hash === null) return {};
  const isPlainBcrypt =
    hash.kind === 'bcrypt' &&
    hash.preHash === 'none' &&
    hash.encoding === 'utf8' &&
    hash.message.length === 1 &&
    hash.message[0] === 'password';
  if (isPlainBcrypt)
    return { password_hash: `$2b$${String(hash.cost).padStart(2, '0')}$${hash.salt}${hash.hash}` };
  return { custom_password_hash: { algorithm: 'AUTO', hash: { value: ownText(hash) } } };
}

/** With its secret, instead of the name under which the secret is stored here. */
function ownText(hash: ImportedHash): string {
  return writeImportedHash(hash.kind === 'firebase' ? { ...hash, settings: null } : hash);
}

/** Null for what no import takes: passkeys, recovery codes, codes by phone. */
function factorOf(
  { id, type, sealedSeed }: StoredFactor,
  email: string | null,
  ring: readonly DerivedKey[],
): Members | null {
  if (sealedSeed !== null) return { totp: { secret: openText(ring, id, sealedSeed) } };
  return type === 'EMAIL' && email !== null ? { email: { value: email } } : null;
}
