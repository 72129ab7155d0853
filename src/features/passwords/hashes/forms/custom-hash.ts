import type { TextEncoding } from '#src/features/passwords/hashes/decode-text';
import { digestOf } from '#src/features/passwords/hashes/digest-name';
import { malformed, refusal, unsupported } from '#src/features/passwords/hashes/hash-problem';
import type { HashOf, ImportedHash } from '#src/features/passwords/hashes/imported-hash';
import { readBcrypt } from './crypt-text';
import { readClerk } from './clerk-text';
import { readHashText } from './hash-text';
import { readLdap } from './ldap-text';
import { Members } from './members';
import { readArgon2, readPbkdf2 } from './phc-text';
import { readBytes, salted } from './read-bytes';

const algorithms = [
  ...(['AUTO', 'argon2', 'bcrypt', 'hmac', 'ldap', 'md4', 'md5', 'sha1', 'sha256', 'sha512'] as const),
  ...(['pbkdf2', 'scrypt'] as const),
] as const;
type Algorithm = (typeof algorithms)[number];

/** Algorithms whose hash is one text that says everything. */
const selfDescribing: ReadonlySet<Algorithm> = new Set(['AUTO', 'argon2', 'bcrypt', 'ldap', 'pbkdf2']);
const saltable: ReadonlySet<Algorithm> = new Set([
  ...(['bcrypt', 'hmac', 'md4', 'md5', 'sha1', 'sha256', 'sha512', 'scrypt'] as const),
]);

/** `binary` and `ascii` mean latin1, `ucs2` means utf16le, as in `Buffer.from`. */
const passwordEncoding = {
  ascii: 'latin1',
  binary: 'latin1',
  latin1: 'latin1',
  ucs2: 'utf16le',
  utf16le: 'utf16le',
  utf8: 'utf8',
} as const;
const passwordEncodings = Object.keys(passwordEncoding) as (keyof typeof passwordEncoding)[];

interface Salt {
  readonly base64: string;
  readonly position: 'prefix' | 'suffix';
}

/** Reads a `custom_password_hash` of the import format. Unknown members and members that the algorithm does not use are refused. */
export function readCustomHash(value: unknown): ImportedHash {
  const root = new Members(value, '');
  const algorithm = root.choice('algorithm', algorithms);
  const hash = root.object('hash');
  const text = hash.text('value');
  const salt = readSalt(root, algorithm);
  const encoding =
    passwordEncoding[root.optionalObject('password')?.choice('encoding', passwordEncodings) ?? 'utf8'];
  const found = selfDescribing.has(algorithm)
    ? readSelfDescribing(algorithm, { text, hash, salt, encoding })
    : readRaw(root, algorithm, { text, hash, salt, encoding });
  root.done();
  return found;
}

interface Given {
  readonly text: string;
  readonly hash: Members;
  readonly salt: Salt | null;
  readonly encoding: 'utf8' | 'latin1' | 'utf16le';
}

function readSalt(root: Members, algorithm: Algorithm): Salt | null {
  const salt = root.optionalObject('salt');
  if (salt === null) return null;
  if (!saltable.has(algorithm)) {
    throw refusal('NOT_PASSED', 'The hash of this algorithm holds its salt: leave salt out.', 'salt');
  }
  const encoding = salt.optionalChoice('encoding', ['base64', 'hex', 'utf8']) ?? 'utf8';
  return {
    base64: readBytes(salt.text('value'), encoding, 'salt.value'),
    position: salt.optionalChoice('position', ['prefix', 'suffix']) ?? 'prefix',
  };
}

function readSelfDescribing(algorithm: Algorithm, { text, hash, salt, encoding }: Given): ImportedHash {
  hash.optionalChoice('encoding', ['utf8']);
  const hasher = algorithm === 'AUTO' ? hash.optionalText('hasher') : null;
  const read = {
    AUTO: hasher === null ? readHashText : (value: string) => readClerk(hasher, value),
    argon2: readArgon2,
    bcrypt: readBcrypt,
    ldap: readLdap,
    pbkdf2: readPbkdf2,
  }[algorithm as 'AUTO' | 'argon2' | 'bcrypt' | 'ldap' | 'pbkdf2'];
  const found = read(text);
  if (found.kind === 'bcrypt') {
    return { ...found, encoding, message: salt ? salted(salt.base64, salt.position) : found.message };
  }
  if (
    found.kind === 'digest' ||
    found.kind === 'hmac' ||
    found.kind === 'pbkdf2' ||
    found.kind === 'scrypt'
  ) {
    return { ...found, encoding };
  }
  if (encoding !== 'utf8') throw unsupported('Passwords of this algorithm are UTF-8.', 'password.encoding');
  return found;
}

function readRaw(root: Members, algorithm: Algorithm, given: Given): ImportedHash {
  const encoding = given.hash.choice('encoding', ['base64', 'hex']);
  const bytes = readBytes(given.text, encoding, 'hash.value');
  if (algorithm === 'scrypt') return readScryptMembers(root, bytes, given);
  const message = salted(given.salt?.base64 ?? null, given.salt?.position ?? 'prefix');
  const base = { message, encoding: given.encoding, hash: bytes };
  if (algorithm !== 'hmac') return { kind: 'digest', digest: algorithm as 'md5', rounds: 1, ...base };
  return { kind: 'hmac', ...base, ...readHmacMembers(given.hash) };
}

function readHmacMembers(hash: Members): Pick<HashOf<'hmac'>, 'digest' | 'key'> {
  const name = hash.text('digest');
  const digest = digestOf(name);
  if (digest === null) throw refusal('ENUM_MISMATCH', 'This digest is not known.', 'hash.digest');
  const key = hash.object('key');
  const encoding: TextEncoding = key.optionalChoice('encoding', ['base64', 'hex', 'utf8']) ?? 'utf8';
  return { digest, key: readBytes(key.text('value'), encoding, 'hash.key.value') };
}

const scryptDefaults = { cost: 16_384, blockSize: 8, parallelization: 1 } as const;

function readScryptMembers(root: Members, bytes: string, { salt, encoding }: Given): HashOf<'scrypt'> {
  if (Buffer.byteLength(bytes, 'base64') !== root.whole('keylen')) {
    throw malformed('The hash has not as many bytes as keylen says.', 'keylen');
  }
  return {
    kind: 'scrypt',
    encoding,
    cost: root.optionalWhole('cost') ?? scryptDefaults.cost,
    blockSize: root.optionalWhole('blockSize') ?? scryptDefaults.blockSize,
    parallelization: root.optionalWhole('parallelization') ?? scryptDefaults.parallelization,
    salt: salt?.base64 ?? '',
    hash: bytes,
  };
}
