import { digestOf, type DigestName } from '#src/features/passwords/hashes/digest-name';
import { malformed, refusal, unsupported } from '#src/features/passwords/hashes/hash-problem';
import type { HashOf, ImportedHash } from '#src/features/passwords/hashes/imported-hash';
import { readBcrypt } from './crypt-text';
import { readHashText } from './hash-text';
import { Members } from './members';
import { literal, password, readBytes, salted, templateParts } from './read-bytes';

const leastOktaIterations = 4_096;

/** The hash object of Okta's users: `{algorithm, workFactor, salt, saltOrder, value}`. */
export function readOktaHash(value: unknown): ImportedHash {
  const given = new Members(value, '');
  const algorithm = given.choice('algorithm', ['BCRYPT', 'SHA-512', 'SHA-256', 'SHA-1', 'MD5', 'PBKDF2']);
  const found = readOkta(given, algorithm);
  given.done();
  return found;
}

function readOkta(given: Members, algorithm: string): ImportedHash {
  const text = given.text('value');
  if (algorithm === 'BCRYPT') {
    const cost = String(given.whole('workFactor')).padStart(2, '0');
    return readBcrypt(`$2b$${cost}$${given.text('salt')}${text}`);
  }
  const hash = readBytes(text, 'base64', 'value');
  if (algorithm === 'PBKDF2') {
    const digest = digestOf(given.text('digestAlgorithm').replace(/_HMAC$/, ''));
    if (digest === null) throw unsupported('PBKDF2 with this digest cannot be checked.', 'digestAlgorithm');
    const rounds = given.whole('iterationCount');
    if (rounds < leastOktaIterations) {
      const message = `Okta has at least ${leastOktaIterations} iterations.`;
      throw refusal('HASH_PARAMS_OUT_OF_BOUNDS', message, 'iterationCount');
    }
    if (given.whole('keySize') !== Buffer.byteLength(hash, 'base64')) {
      throw malformed('The hash has not as many bytes as keySize says.', 'keySize');
    }
    return {
      kind: 'pbkdf2',
      digest,
      encoding: 'utf8',
      rounds,
      salt: readBytes(given.text('salt'), 'base64', 'salt'),
      hash,
    };
  }
  const salt = given.optionalText('salt');
  const order = given.optionalChoice('saltOrder', ['PREFIX', 'POSTFIX']) ?? 'PREFIX';
  const bytes = salt === null ? null : readBytes(salt, 'base64', 'salt');
  return {
    kind: 'digest',
    digest: digestOf(algorithm) as DigestName,
    message: salted(bytes, order === 'PREFIX' ? 'prefix' : 'suffix'),
    encoding: 'utf8',
    rounds: 1,
    hash,
  };
}

/** A password credential of a Keycloak realm: its two members of JSON in text, or the flat form of old exports. */
export function readKeycloakHash(value: unknown): ImportedHash {
  const given = new Members(value, '');
  const secret = parseInner(given.optionalText('secretData'), 'secretData');
  const data = parseInner(given.optionalText('credentialData'), 'credentialData');
  if (secret === null || data === null) {
    return keycloak({
      algorithm: given.text('algorithm'),
      rounds: given.whole('hashIterations'),
      salt: given.text('salt'),
      hash: given.text('hashedSaltedValue'),
      extra: null,
    });
  }
  const algorithm = data.text('algorithm');
  const hash = secret.text('value');
  // A plug-in keeps whole bcrypt strings and writes the cost, or -1, where the iterations would be.
  if (algorithm === 'bcrypt') return readBcrypt(hash);
  return keycloak({
    algorithm,
    rounds: data.whole('hashIterations'),
    salt: secret.text('salt'),
    hash,
    extra: data.optionalObject('additionalParameters'),
  });
}

function parseInner(text: string | null, path: string): Members | null {
  if (text === null) return null;
  try {
    return new Members(JSON.parse(text), path);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed('This text is not JSON.', path);
    throw error;
  }
}

interface KeycloakPassword {
  readonly algorithm: string;
  readonly rounds: number;
  readonly salt: string;
  readonly hash: string;
  readonly extra: Members | null;
}

const keycloakDigests: Readonly<Record<string, DigestName>> = {
  pbkdf2: 'sha1',
  'pbkdf2-sha256': 'sha256',
  'pbkdf2-sha512': 'sha512',
};

function keycloak({ algorithm, rounds, salt, hash, extra }: KeycloakPassword): ImportedHash {
  const bytes = { salt: readBytes(salt, 'base64', 'salt'), hash: readBytes(hash, 'base64', 'value') };
  if (algorithm === 'argon2') return keycloakArgon2(extra, rounds, bytes);
  const digest = keycloakDigests[algorithm];
  if (digest === undefined) throw unsupported('This algorithm of Keycloak cannot be checked.', 'algorithm');
  return { kind: 'pbkdf2', digest, encoding: 'utf8', rounds, ...bytes };
}

function keycloakArgon2(
  extra: Members | null,
  passes: number,
  bytes: { readonly salt: string; readonly hash: string },
): HashOf<'argon2'> {
  if (extra === null) throw malformed('argon2 needs additionalParameters.', 'additionalParameters');
  const number = (name: string): number => {
    const text = extra.first(name);
    if (!/^\d{1,9}$/.test(text)) throw malformed('This is not a whole number.', name);
    return Number(text);
  };
  const version = extra.first('version');
  if (version !== '1.3' && version !== '1.0')
    throw unsupported('This version of argon2 is not known.', 'version');
  if (number('hashLength') !== Buffer.byteLength(bytes.hash, 'base64')) {
    throw malformed('The hash has not as many bytes as hashLength says.', 'hashLength');
  }
  const type = extra.first('type');
  if (type !== 'id' && type !== 'i' && type !== 'd')
    throw malformed('This type of argon2 is not known.', 'type');
  return {
    kind: 'argon2',
    type: `argon2${type}`,
    version: version === '1.3' ? 19 : 16,
    memory: number('memory'),
    passes,
    lanes: number('parallelism'),
    ...bytes,
  };
}

const gigyaPlain = ['md5', 'sha1', 'sha256', 'sha512'];
const gigyaPbkdf2: Readonly<Record<string, DigestName>> = {
  pbkdf2: 'sha1',
  pbkdf2_sha256: 'sha256',
  pbkdf2_sha512: 'sha512',
};

/** The password of a Gigya account: `{hash | hashedPassword | compoundHashedPassword, hashSettings}`. */
export function readGigyaHash(value: unknown): ImportedHash {
  const given = new Members(value, '');
  const settings = given.object('hashSettings');
  const algorithm = settings.text('algorithm');
  if (['bcrypt', 'md5_crypt', 'drupal'].includes(algorithm)) {
    return readHashText(
      given.optionalText('compoundHashedPassword') ??
        given.optionalText('hash') ??
        given.text('hashedPassword'),
    );
  }
  const isPlain = gigyaPlain.includes(algorithm);
  const pbkdf2 = gigyaPbkdf2[algorithm];
  if (!isPlain && pbkdf2 === undefined) {
    throw unsupported('This algorithm of Gigya cannot be checked.', 'hashSettings.algorithm');
  }
  const hash = readBytes(given.optionalText('hash') ?? given.text('hashedPassword'), 'base64', 'hash');
  const rounds = settings.optionalWhole('rounds') ?? 1;
  if (pbkdf2 !== undefined) {
    const salt = readBytes(settings.text('salt'), 'base64', 'hashSettings.salt');
    return { kind: 'pbkdf2', digest: pbkdf2, encoding: 'utf8', rounds, salt, hash };
  }
  return {
    kind: 'digest',
    digest: algorithm as DigestName,
    message: gigyaMessage(settings),
    encoding: 'utf8',
    rounds,
    hash,
  };
}

/** `format` writes text around `$password` and `$salt`; `binaryFormat` names the encoding of each part. */
function gigyaMessage(settings: Members): HashOf<'digest'>['message'] {
  const salt = settings.optionalText('salt');
  const binary = settings.optionalText('binaryFormat');
  if (binary !== null && binary !== '') {
    const parts = binary.match(/\$(?:salt|password)(?::(?:base64|utf8|hex))?/g) ?? [];
    if (parts.join('') !== binary)
      throw malformed('This format cannot be read.', 'hashSettings.binaryFormat');
    const message = parts.map((part) => {
      const [name, encoding = 'utf8'] = part.split(':');
      if (name === '$password') {
        if (encoding !== 'utf8') throw unsupported('Passwords are UTF-8 here.', 'hashSettings.binaryFormat');
        return password;
      }
      return literal(readBytes(salt ?? '', encoding as 'base64' | 'utf8' | 'hex', 'hashSettings.salt'));
    });
    if (!message.includes(password))
      throw malformed('The format does not name the password.', 'hashSettings.binaryFormat');
    return message;
  }
  const format = settings.optionalText('format');
  if (format === null || format === '') {
    return salted(
      salt === null || salt === '' ? null : readBytes(salt, 'base64', 'hashSettings.salt'),
      'suffix',
    );
  }
  return templateParts(format, {
    salt: salt === null ? null : literal(readBytes(salt, 'utf8')),
    passwordMark: '$password',
    saltMark: '$salt',
  });
}
