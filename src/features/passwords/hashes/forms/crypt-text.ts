import { malformed, unsupported } from '#src/features/passwords/hashes/hash-problem';
import type { HashOf, ImportedHash } from '#src/features/passwords/hashes/imported-hash';
import { password, readWhole } from './read-bytes';

const itoa64 = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `$2a$`, `$2b$` and `$2y$`, which are checked alike. The two older prefixes stand for algorithms with known faults. */
export function readBcrypt(text: string): HashOf<'bcrypt'> {
  if (/^\$2x?\$/.test(text)) throw unsupported('bcrypt is taken with the prefixes $2a$, $2b$ and $2y$.');
  const match = /^\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/.exec(text);
  if (!match) throw malformed('This is not a bcrypt hash: $2b$, two digits, 53 characters.');
  const [, cost = '', salt = '', hash = ''] = match;
  return {
    kind: 'bcrypt',
    message: [password],
    encoding: 'utf8',
    preHash: 'none',
    cost: Number(cost),
    salt,
    hash,
  };
}

const defaultShaRounds = 5_000;
const md5Rounds = 1_000;

/** The schemes of crypt(3): `$1$`, `$apr1$`, `$5$`, `$6$`. */
export function readCrypt(text: string): HashOf<'crypt'> {
  const match = /^\$(1|apr1|5|6)\$(?:rounds=(\d{1,12})\$)?([^$:\n\0]{0,16})\$([./A-Za-z0-9]+)$/.exec(text);
  if (!match) throw malformed('This is not a hash of crypt: $6$, salt, hash.');
  const [, id = '', rounds, salt = '', hash = ''] = match;
  const scheme = ({ 1: 'md5', apr1: 'apr1', 5: 'sha256', 6: 'sha512' } as const)[id] ?? 'sha512';
  if (scheme === 'md5' || scheme === 'apr1') {
    if (rounds !== undefined || salt.length > 8)
      throw malformed('md5-crypt has a salt of up to 8 characters.');
    return { kind: 'crypt', scheme, rounds: md5Rounds, salt, hash };
  }
  return {
    kind: 'crypt',
    scheme,
    rounds: rounds === undefined ? defaultShaRounds : readWhole(rounds, 'rounds'),
    salt,
    hash,
  };
}

/** Portable hashes of phpass (`$P$`, `$H$`) and of Drupal 7 (`$S$`). */
export function readPhpass(text: string): HashOf<'phpass'> {
  const match = /^\$([PHS])\$([./0-9A-Za-z])([\x21-\x7e]{8})([./A-Za-z0-9]+)$/.exec(text);
  if (!match) throw malformed('This is not a portable hash of phpass.');
  const [, id = '', cost = '', salt = '', hash = ''] = match;
  return { kind: 'phpass', digest: id === 'S' ? 'sha512' : 'md5', log2: itoa64.indexOf(cost), salt, hash };
}

/** Django: `pbkdf2_sha256$iterations$salt$hash` and `bcrypt_sha256$$2b$…`. */
export function readDjango(text: string): ImportedHash {
  if (text.startsWith('bcrypt_sha256$')) {
    return { ...readBcrypt(text.slice('bcrypt_sha256$'.length)), preHash: 'sha256-hex' };
  }
  if (text.startsWith('bcrypt$')) return readBcrypt(text.slice('bcrypt$'.length));
  const match = /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,12})\$([^$]{1,255})\$([A-Za-z0-9+/]+={0,2})$/.exec(text);
  if (!match) throw malformed('This is not a PBKDF2 hash of Django.');
  const [, digest = '', rounds, salt = '', hash = ''] = match;
  return {
    kind: 'pbkdf2',
    digest: digest as 'sha1' | 'sha256' | 'sha512',
    encoding: 'utf8',
    rounds: readWhole(rounds, 'iterations'),
    salt: Buffer.from(salt, 'utf8').toString('base64'),
    hash,
  };
}

/** Werkzeug: `scrypt:32768:8:1$salt$hex` and `pbkdf2:sha256:600000$salt$hex`, both with the salt as text. */
export function readWerkzeug(text: string): ImportedHash {
  const match =
    /^(scrypt|pbkdf2):([a-z0-9]+)(?::(\d{1,12}))?(?::(\d{1,12}))?\$([^$]{1,255})\$((?:[0-9a-f]{2})+)$/.exec(
      text,
    );
  if (!match) throw malformed('This is not a hash of Werkzeug.');
  const [, method = '', first = '', second, third, salt = '', hex = ''] = match;
  const bytes = {
    salt: Buffer.from(salt, 'utf8').toString('base64'),
    hash: Buffer.from(hex, 'hex').toString('base64'),
  };
  if (method === 'scrypt') {
    return {
      kind: 'scrypt',
      encoding: 'utf8',
      cost: readWhole(first, 'The cost'),
      blockSize: readWhole(second, 'The block size'),
      parallelization: readWhole(third, 'The parallelization'),
      ...bytes,
    };
  }
  if (first !== 'sha1' && first !== 'sha256' && first !== 'sha512') {
    throw unsupported('PBKDF2 of Werkzeug is taken with sha1, sha256 and sha512.');
  }
  return {
    kind: 'pbkdf2',
    digest: first,
    encoding: 'utf8',
    rounds: readWhole(second, 'iterations'),
    ...bytes,
  };
}
