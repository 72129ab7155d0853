import { hash, parseOptions, verify } from '@node-rs/argon2';
import type { HashWorkers } from '#src/features/passwords/hashes/hash-workers';
import { isImportedHash } from '#src/features/passwords/hashes/sealed-hash';
import type { DerivedKey } from '#src/config/open-secrets';
import { commonErrors } from '#src/shared/errors';
import type { HashingPool } from './hashing-pool';
import { pepperedBytes, readPeppered, writePeppered } from './pepper';

/**
 * Hashes and checks passwords with argon2id (RFC 9106). Stored hashes are PHC strings, which carry their own parameters; where the
 * deployment has peppers, with the name of the one that went in before them.
 */
export interface PasswordHasher {
  /** Throws TOO_MANY_ATTEMPTS when more passwords wait than may. */
  requireRoom(): void;
  /** See `HashingPool.admit`. */
  admit: HashingPool['admit'];
  /** A new hash with a fresh 16-byte salt. Throws VALIDATION_FAILED for a password that is too long, before any hashing. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password belongs to the stored hash, one of another system included. Null stands for a user who is unknown or has no password: it takes
   * as long as any other check and answers false.
   */
  verify(password: string, storedHash: string | null): Promise<boolean>;
  /** Whether the stored hash was made with other parameters or another pepper than today's: then hash again after a successful check. */
  needsRehash(storedHash: string): boolean;
}

export const maximumPasswordCharacters = 256;
export const maximumPasswordBytes = 1_024;

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. Salt of 16 and tag of 32 bytes are the library's defaults. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
const saltBytes = 16;

/** The hash of 32 random bytes that nobody kept. */
const dummyHash =
  '$argon2id$v=19$m=19456,t=2,p=1$Ww6h4o4fv4zs4HjxHz6pGw$cvVp6++6n4p+qCW639rsU6f8rkdRSieI72PjaC3KCE4';

export function createPasswordHasher(
  pool: HashingPool,
  imported: Pick<HashWorkers, 'verify'>,
  /** The first makes new hashes, each checks those that it made. */
  peppers: readonly DerivedKey[] = [],
): PasswordHasher {
  const [newest = null] = peppers;
  return {
    requireRoom: () => pool.requireRoom(),
    admit: (work) => pool.admit(work),
    hash: async (password) => {
      const bytes = passwordBytes(password);
      const phc = await pool.run(() => hash(pepperedBytes(bytes, newest), parameters));
      return writePeppered({ kid: newest?.kid ?? null, phc });
    },
    verify: async (password, storedHash) => {
      const bytes = passwordBytes(password);
      if (storedHash !== null && isImportedHash(storedHash)) {
        // SECURITY: user enumeration by timing; a cheap hash of another system costs as much as an unknown user.
        const [isRight] = await Promise.all([
          imported.verify(storedHash, password),
          pool.run(() => verify(dummyHash, bytes)),
        ]);
        return isRight;
      }
      const { kid, phc } = readPeppered(storedHash ?? '');
      const pepper = kid === null ? null : peppers.find((key) => key.kid === kid);
      // A hash whose pepper is gone opens to nothing.
      const isReal = pepper !== undefined && isArgon2id(phc);
      // SECURITY: user enumeration by timing; an unknown user costs one full check against a hash that nothing matches.
      const checked = isReal ? phc : dummyHash;
      const isMatch = await pool.run(() => verify(checked, pepperedBytes(bytes, isReal ? pepper : newest)));
      return isReal && isMatch;
    },
    needsRehash: (storedHash) => {
      const { kid, phc } = readPeppered(storedHash);
      if (kid !== (newest?.kid ?? null) || !isArgon2id(phc)) return true;
      const stored = parseOptions(phc);
      return stored.saltLen < saltBytes || parameterNames.some((name) => stored[name] !== parameters[name]);
    },
  };
}

const parameterNames = Object.keys(parameters) as (keyof typeof parameters)[];

function isArgon2id(storedHash: string): boolean {
  if (!storedHash.startsWith('$argon2id$')) return false;
  try {
    parseOptions(storedHash);
    return true;
  } catch {
    return false;
  }
}

/**
 * The bytes that are hashed: NFKC (so that the same password typed on another keyboard matches) in UTF-8.
 * Throws VALIDATION_FAILED above 256 characters or 1,024 bytes; nothing is ever cut off.
 */
export function passwordBytes(password: string): Buffer {
  // SECURITY: exhaustion by huge passwords; the length of the text is looked at before anything walks over it.
  if (password.length > maximumPasswordBytes) throw tooLong();
  // A lone half of a surrogate pair has no UTF-8 form; all of them would be hashed as the same replacement character.
  if (/\p{Surrogate}/u.test(password)) {
    throw commonErrors.VALIDATION_FAILED({
      message: 'The password is not valid Unicode text.',
      extensions: { field: 'password' },
    });
  }
  const bytes = Buffer.from(password.normalize('NFKC'), 'utf8');
  if ([...password].length > maximumPasswordCharacters || bytes.length > maximumPasswordBytes)
    throw tooLong();
  return bytes;
}

function tooLong(): Error {
  return commonErrors.VALIDATION_FAILED({
    message: `The password is longer than ${maximumPasswordCharacters} characters.`,
    extensions: { field: 'password', limit: maximumPasswordCharacters },
  });
}
