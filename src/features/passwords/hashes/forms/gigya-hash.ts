import type { DigestName } from '#src/features/passwords/hashes/digest-name';
import { malformed, unsupported } from '#src/features/passwords/hashes/hash-problem';
import type { HashOf, ImportedHash } from '#src/features/passwords/hashes/imported-hash';
import { readHashText } from './hash-text';
import { Members } from './members';
import { literal, password, readBytes, salted, templateParts } from './read-bytes';

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
