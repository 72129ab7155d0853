import { digestOf } from '#src/features/passwords/hashes/digest-name';
import { malformed, refusal, unsupported } from '#src/features/passwords/hashes/hash-problem';
import { readImportedHash, type ImportedHash } from '#src/features/passwords/hashes/imported-hash';
import { readBcrypt, readCrypt, readDjango, readPhpass, readWerkzeug } from './crypt-text';
import { readLdap } from './ldap-text';
import {
  readArgon2,
  readFirescrypt,
  readHmac,
  readPbkdf2,
  readScrypt,
  readStormpath2,
  readTemplated,
} from './phc-text';
import { literalText, password, readBytes, readWhole } from './read-bytes';

/** How a hash begins says what made it. The first that fits reads the text. */
const readers: readonly (readonly [RegExp, (text: string) => ImportedHash])[] = [
  [/^\$2[abxy]?\$/, readBcrypt],
  [/^\$argon2(id|i|d)\$/, readArgon2],
  [/^\$pbkdf2[-$]/, readPbkdf2],
  [/^\$scrypt\$/, readScrypt],
  [/^\$firescrypt\$/, readFirescrypt],
  [/^\$stormpath2\$/, readStormpath2],
  [/^\$hmac-/, readHmac],
  [/^\$(md5|sha1|sha256|sha512)\$/, readTemplated],
  [/^\$md5-crypt\$/, (text) => readCrypt(text.replace('$md5-crypt$', '$1$'))],
  [/^\$sha256-crypt\$/, (text) => readCrypt(text.replace('$sha256-crypt$', '$5$'))],
  [/^\$sha512-crypt\$/, (text) => readCrypt(text.replace('$sha512-crypt$', '$6$'))],
  [/^\$(1|apr1|5|6)\$/, readCrypt],
  [/^\$[PHS]\$/, readPhpass],
  [/^(pbkdf2_|bcrypt_sha256\$|bcrypt\$)/, readDjango],
  [/^(scrypt|pbkdf2):/, readWerkzeug],
  [/^\{[A-Za-z0-9-]+\}/, readLdap],
  [/^\["/, readLogto],
  [/^\{"kind":/, readOwn],
];

/** Longer than the longest hash that any of the forms writes. */
const longestHash = 4_096;

/** Reads a hash that says by its beginning what made it. */
export function readHashText(text: string): ImportedHash {
  if (text.length > longestHash) throw malformed(`A hash has at most ${longestHash} characters.`);
  const reader = readers.find(([beginning]) => beginning.test(text))?.[1];
  if (reader) return reader(text);
  if (text === '') throw malformed('The hash is empty.');
  if (/^(\$|_)/.test(text) || /^[0-9a-f]{32,128}$/i.test(text)) {
    throw unsupported('What made this hash cannot be told from it: give it as custom_password_hash.');
  }
  throw refusal('PLAIN_PASSWORD', 'This is no hash. Passwords in clear text are not taken.');
}

/** As exports of a gateway write what no other form can say. SECURITY: it brings its secret along, and names none that is stored here. */
function readOwn(text: string): ImportedHash {
  const hash = readImportedHash(text);
  if (hash === null || (hash.kind === 'firebase' && (hash.settings !== null || hash.signerKey === null)))
    throw malformed('This is no hash that a gateway has exported, or one out of bounds.');
  return hash;
}

const mostArguments = 16;

/**
 * Logto: `["sha256", ["salt", "@"], "hex"]`, the texts hashed one after another, and
 * `["pbkdf2", ["salt", "1000", "20", "sha512", "@"], "hex"]`; `@` is the password.
 */
function readLogto(text: string): ImportedHash {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('This is not JSON.');
  }
  const [name, given, hex] = value as readonly unknown[];
  if (
    typeof name !== 'string' ||
    !Array.isArray(given) ||
    typeof hex !== 'string' ||
    given.length > mostArguments
  ) {
    throw malformed('This is not an algorithm, its arguments and a hash.');
  }
  const texts = given.map((part: unknown) => {
    if (typeof part !== 'string') throw malformed('The arguments of the algorithm are texts.');
    return part;
  });
  if (!texts.includes('@')) throw malformed('The arguments do not name the password.');
  const hash = readBytes(hex, 'hex');
  if (name === 'pbkdf2') {
    const [salt = '', rounds, length, digestName = ''] = texts;
    const digest = digestOf(digestName);
    if (digest === null) throw unsupported('PBKDF2 with this digest cannot be checked.');
    if (texts[4] !== '@') throw malformed('The password is the fifth argument of PBKDF2.');
    if (Buffer.byteLength(hash, 'base64') !== readWhole(length, 'The length')) {
      throw malformed('The hash has not the length that it says.');
    }
    return {
      kind: 'pbkdf2',
      digest,
      encoding: 'utf8',
      rounds: readWhole(rounds, 'The number of iterations'),
      salt: Buffer.from(salt, 'utf8').toString('base64'),
      hash,
    };
  }
  const digest = digestOf(name);
  if (digest === null) throw unsupported('This algorithm cannot be checked.');
  const message = texts.map((part) => (part === '@' ? password : literalText(part)));
  return { kind: 'digest', digest, message, encoding: 'utf8', rounds: 1, hash };
}
