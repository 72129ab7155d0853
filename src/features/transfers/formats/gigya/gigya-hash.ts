import { checkGigyaHash, isHashProblem } from '#src/features/passwords/hashes/check-imported-hash';
import { asObject, asText, firstText, type Json } from '#src/features/transfers/formats/native-draft';
import {
  base64Bytes,
  detectedHash,
  isBcrypt,
  pbkdf2Hash,
  type HashObject,
} from '#src/features/transfers/formats/password-strings';

const pbkdf2Digests: Readonly<Record<string, string>> = {
  pbkdf2: 'sha1',
  pbkdf2_sha256: 'sha256',
  pbkdf2_sha512: 'sha512',
};
const plainDigests = new Set(['md5', 'sha1', 'sha256', 'sha512']);
const compound = new Set(['bcrypt', 'md5_crypt', 'drupal']);

type GigyaHash = HashObject | 'HASH_UNSUPPORTED' | 'HASH_MALFORMED' | null;

/** The password of an account in the form of `custom_password_hash`; null when it holds none. */
export function gigyaHash(password: Json): GigyaHash {
  const settings = asObject(password['hashSettings']);
  const algorithm = asText(settings['algorithm']) ?? '';
  const whole = asText(password['compoundHashedPassword']);
  const hash = firstText(password['hash'], password['hashedPassword']);
  if (whole === undefined && hash === undefined) return null;
  if (compound.has(algorithm)) {
    const text = whole ?? hash ?? '';
    if (algorithm === 'bcrypt' && isBcrypt(text))
      return { algorithm: 'bcrypt', hash: { value: text, encoding: 'utf8' } };
    return /^\$(1|S)\$/.test(text) ? detectedHash(text) : 'HASH_MALFORMED';
  }
  if (hash === undefined || base64Bytes(hash) === null) return 'HASH_MALFORMED';
  const salt = asText(settings['salt']);
  const rounds = typeof settings['rounds'] === 'number' ? settings['rounds'] : 1;
  const digest = pbkdf2Digests[algorithm];
  if (digest !== undefined)
    return (salt === undefined ? null : pbkdf2Hash({ digest, rounds, salt, hash })) ?? 'HASH_MALFORMED';
  if (!plainDigests.has(algorithm)) return 'HASH_UNSUPPORTED';
  return (rounds === 1 ? digestHash(algorithm, hash, salt, settings) : null) ?? writtenHash(password);
}

/** What the native form has no members for: text around password and salt, and more rounds than one. */
function writtenHash(password: Json): GigyaHash {
  const checked = checkGigyaHash(password);
  if (!isHashProblem(checked)) return detectedHash(checked.stored);
  return checked.code === 'HASH_UNSUPPORTED' ? checked.code : 'HASH_MALFORMED';
}

/** A digest of password and salt one after the other, in the order that `format` or `binaryFormat` spells; null for any other. */
function digestHash(
  algorithm: string,
  value: string,
  salt: string | undefined,
  settings: Json,
): HashObject | null {
  const hash = { value, encoding: 'base64' };
  const format = asText(settings['format']);
  const binary = asText(settings['binaryFormat']);
  if (salt === undefined && (format ?? '$password') === '$password') return { algorithm, hash };
  const order = format ?? binary?.replace(/:(base64|utf8|hex)/g, '') ?? '$password$salt';
  const position = order === '$salt$password' ? 'prefix' : order === '$password$salt' ? 'suffix' : null;
  if (position === null || salt === undefined) return null;
  const encoding =
    /\$salt:(base64|utf8|hex)/.exec(binary ?? '')?.[1] ?? (format === undefined ? 'base64' : 'utf8');
  return { algorithm, hash, salt: { value: salt, encoding, position } };
}
