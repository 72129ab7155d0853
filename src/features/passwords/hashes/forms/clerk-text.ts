import { malformed, unsupported } from '#src/features/passwords/hashes/hash-problem';
import type { ImportedHash } from '#src/features/passwords/hashes/imported-hash';
import { readBcrypt, readDjango, readPhpass, readWerkzeug } from './crypt-text';
import { readLdap } from './ldap-text';
import { readArgon2 } from './phc-text';
import { password, readBytes, readWhole } from './read-bytes';

/** By the names that Clerk gives what made a hash (`password_hasher`). Two of them write alike and mean another salt, so that the name is needed. */
const hashers: Readonly<Record<string, (text: string) => ImportedHash>> = {
  bcrypt: readBcrypt,
  bcrypt_sha256_django: readDjango,
  argon2i: readArgon2,
  argon2id: readArgon2,
  pbkdf2_sha256_django: readDjango,
  pbkdf2_sha256: (text) => readPbkdf2(text, 'sha256', ['base64', 'base64']),
  pbkdf2_sha1: (text) => readPbkdf2(text, 'sha1', ['utf8', 'hex']),
  phpass: readPhpass,
  md5: (text) => plain(text, 'md5'),
  sha256: (text) => plain(text, 'sha256'),
  scrypt_firebase: readFirebaseText,
  scrypt_werkzeug: readWerkzeug,
  ldap_ssha: readLdap,
};

/** A hash of Clerk. What needs a pepper, or asks another service, cannot be checked, nor what is not known well enough. */
export function readClerk(hasher: string, text: string): ImportedHash {
  const reader = Object.hasOwn(hashers, hasher) ? hashers[hasher] : undefined;
  if (reader === undefined) throw unsupported('Hashes of this hasher cannot be checked.', 'hash.hasher');
  return reader(text);
}

function plain(text: string, digest: 'md5' | 'sha256'): ImportedHash {
  const hash = readBytes(text, 'hex', 'hash.value');
  return { kind: 'digest', digest, message: [password], encoding: 'utf8', rounds: 1, hash };
}

function readPbkdf2(
  text: string,
  digest: 'sha1' | 'sha256',
  [saltForm, hashForm]: readonly ['base64' | 'utf8', 'base64' | 'hex'],
): ImportedHash {
  const [name, rounds, salt = '', hash = '', ...rest] = text.split('$');
  if (name !== `pbkdf2_${digest}` || salt === '' || hash === '' || rest.length > 0)
    throw malformed('This is not a PBKDF2 hash of Clerk.', 'hash.value');
  return {
    ...{ kind: 'pbkdf2', digest, encoding: 'utf8', rounds: readWhole(rounds, 'iterations') },
    salt: readBytes(salt, saltForm, 'hash.value'),
    hash: readBytes(hash, hashForm, 'hash.value'),
  };
}

/** Hash, salt, signer key, salt separator, rounds and memory cost. */
function readFirebaseText(text: string): ImportedHash {
  const [hash = '', salt = '', signerKey = '', separator = '', rounds, memCost, ...rest] = text.split('$');
  if (memCost === undefined || rest.length > 0)
    throw malformed('This is not a Firebase hash of Clerk: six parts.', 'hash.value');
  return {
    kind: 'firebase',
    rounds: readWhole(rounds, 'rounds'),
    memCost: readWhole(memCost, 'memory cost'),
    signerKey: readBytes(signerKey, 'base64', 'hash.value'),
    settings: null,
    salt: readBytes(salt, 'base64', 'hash.value'),
    separator: readBytes(separator, 'base64', 'hash.value'),
    hash: readBytes(hash, 'base64', 'hash.value'),
  };
}
