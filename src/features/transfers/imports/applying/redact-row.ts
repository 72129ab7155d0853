import type { NativeObject } from '#src/features/transfers/formats/import-format';

const mark = '*****';

/** Members under which nothing is shown but what says how a secret is written. */
const secretNames =
  /pass(word|wd|phrase)?|secret|hash|salt|token|credential|api_?key|private|^totp$|^otp$|seed|recovery_?code/i;

/** What a hash is made with. SECURITY: shown where it is a word that the schema knows, and as a number. */
const knownWords =
  /^(argon2|bcrypt|hmac|ldap|md4|md5|sha1|sha224|sha256|sha384|sha512|pbkdf2|scrypt|ripemd160|whirlpool|auto|firebase|base64|hex|utf8|utf16le|ucs2|ascii|latin1|binary|prefix|suffix)$/i;

const longestText = 200;
const mostMembers = 50;

/**
 * The row as a report shows it. SECURITY: no hash, salt, key or factor secret leaves by the report, by whatever name a faulty row calls
 * it and however deep it stands; long texts are cut.
 */
export function redactRow(row: NativeObject | null): object | null {
  if (row === null || typeof row !== 'object') return null;
  return shown(row, 0, false) as object;
}

function shown(value: unknown, depth: number, isSecret: boolean): unknown {
  if (typeof value === 'string') {
    if (isSecret && !knownWords.test(value)) return mark;
    return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  }
  if (value === null || typeof value !== 'object') return value;
  if (depth > 8) return mark;
  if (Array.isArray(value))
    return value.slice(0, mostMembers).map((item) => shown(item, depth + 1, isSecret));
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, member] of Object.entries(value).slice(0, mostMembers)) {
    const isContainer = member !== null && typeof member === 'object';
    const isNamedSecret = secretNames.test(name);
    copy[name.slice(0, longestText)] =
      isNamedSecret && !isContainer && typeof member !== 'boolean' && member !== null
        ? mark
        : shown(member, depth + 1, isSecret || isNamedSecret);
  }
  return copy;
}
