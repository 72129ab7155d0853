import {
  asList,
  asObject,
  asText,
  type Json,
  type NativeDraft,
} from '#src/features/transfers/formats/native-draft';
import {
  base64Bytes,
  detectedHash,
  isBcrypt,
  pbkdf2Hash,
  unpadded,
  type HashObject,
} from '#src/features/transfers/formats/password-strings';

const digests: Readonly<Record<string, string>> = {
  pbkdf2: 'sha1',
  'pbkdf2-sha256': 'sha256',
  'pbkdf2-sha512': 'sha512',
};

/** Password and one-time-code secrets, which stand as JSON inside texts. */
export function addKeycloakCredentials(draft: NativeDraft, credentials: readonly Json[]): void {
  for (const credential of credentials) {
    const type = asText(credential['type']);
    if (credential['value'] !== undefined && type === 'password' && credential['salt'] === undefined) {
      draft.refuse('PLAIN_PASSWORD', 'A password in clear text is not imported.', 'credentials');
      continue;
    }
    const secret = embedded(credential['secretData']);
    const data = embedded(credential['credentialData']);
    if (secret === null || data === null) {
      draft.refuse(
        'HASH_MALFORMED',
        'The JSON inside secretData or credentialData is broken.',
        'credentials',
      );
    } else if (type === 'password')
      addPassword(draft, { ...oldForm(credential), ...data }, secret, credential);
    else if (type === 'otp' || type === 'totp') addTotp(draft, secret, data);
  }
}

/** Before version 8 the same stood on the credential itself. */
function oldForm(credential: Json): Json {
  const { hashIterations, algorithm } = credential;
  return {
    ...(hashIterations === undefined ? {} : { hashIterations }),
    ...(algorithm === undefined ? {} : { algorithm }),
  };
}

function embedded(text: unknown): Json | null {
  if (text === undefined) return {};
  try {
    return asObject(typeof text === 'string' ? JSON.parse(text) : text);
  } catch {
    return null;
  }
}

function addPassword(draft: NativeDraft, data: Json, secret: Json, credential: Json): void {
  const value = asText(secret['value']) ?? asText(credential['hashedSaltedValue']) ?? '';
  const salt = asText(secret['salt']) ?? asText(credential['salt']) ?? '';
  const algorithm = asText(data['algorithm']) ?? 'pbkdf2';
  const hash = hashOf(algorithm, value, salt, data);
  if (hash === 'HASH_UNSUPPORTED') {
    draft.withoutPassword(hash, 'The kind of hash is not known: the user has to set a new password.');
  } else if (hash === null)
    draft.refuse('HASH_MALFORMED', 'Salt or hash of the password is malformed.', 'credentials');
  else draft.set('custom_password_hash', hash);
}

function hashOf(
  algorithm: string,
  value: string,
  salt: string,
  data: Json,
): HashObject | 'HASH_UNSUPPORTED' | null {
  const rounds =
    typeof data['hashIterations'] === 'number' ? data['hashIterations'] : Number(data['hashIterations'] ?? 1);
  const digest = digests[algorithm];
  if (digest !== undefined) return pbkdf2Hash({ digest, rounds, salt, hash: value });
  if (algorithm === 'bcrypt')
    return isBcrypt(value) ? { algorithm: 'bcrypt', hash: { value, encoding: 'utf8' } } : null;
  if (algorithm !== 'argon2') return /^\$/.test(value) ? detectedHash(value) : 'HASH_UNSUPPORTED';
  const parameters = asObject(data['additionalParameters']);
  const first = (name: string): string => asText(asList(parameters[name])[0]) ?? '';
  const numbers = [first('memory'), String(rounds), first('parallelism')];
  if (base64Bytes(value) === null || base64Bytes(salt) === null || !numbers.every((n) => /^\d+$/.test(n)))
    return null;
  const type = { d: 'argon2d', i: 'argon2i', id: 'argon2id', '': 'argon2id' }[first('type')];
  const version = { '1.0': 16, '1.3': 19, '': 19 }[first('version')];
  if (type === undefined || version === undefined) return 'HASH_UNSUPPORTED';
  if (![String(base64Bytes(value)), ''].includes(first('hashLength'))) return null;
  const [memory, time, lanes] = numbers;
  const text = `$${type}$v=${version}$m=${memory},t=${time},p=${lanes}$${unpadded(salt)}$${unpadded(value)}`;
  return { algorithm: 'argon2', hash: { value: text, encoding: 'utf8' } };
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The secret is the text itself, unless it says that it is Base32. */
function addTotp(draft: NativeDraft, secret: Json, data: Json): void {
  const value = asText(secret['value']);
  if (asText(data['subType']) === 'hotp') {
    draft.warn('FACTOR_UNSUPPORTED', 'A counter-based one-time code is not imported.', 'credentials');
  } else if (value !== undefined) {
    const isBase32 = data['secretEncoding'] === 'BASE32';
    draft.add('mfa_factors', {
      totp: {
        secret: isBase32 ? value.replace(/=+$/, '') : toBase32(Buffer.from(value, 'utf8')),
        ...(typeof data['digits'] === 'number' ? { digits: data['digits'] } : {}),
        ...(typeof data['period'] === 'number' ? { period: data['period'] } : {}),
        ...algorithmOf(data['algorithm']),
      },
    });
  }
}

function algorithmOf(name: unknown): { readonly algorithm?: string } {
  const algorithm = /^HmacSHA(1|256|512)$/.exec(asText(name) ?? '')?.[1];
  return algorithm === undefined ? {} : { algorithm: `SHA${algorithm}` };
}

/** RFC 4648, section 6, without padding. */
function toBase32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += base32[(value >> (bits - 5)) & 31];
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + (base32[(value << (5 - bits)) & 31] as string) : text;
}
