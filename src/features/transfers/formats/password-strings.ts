/** A hash in the form of `custom_password_hash`. */
export type HashObject = Readonly<Record<string, unknown>>;

/** Standard base64 with or without padding, as PHC strings want it: without. */
export function unpadded(base64: string): string {
  return base64.replace(/=+$/, '');
}

/** Bytes that a base64 text stands for; null when it is none. */
export function base64Bytes(text: string): number | null {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return null;
  return Buffer.from(text, 'base64').length;
}

export interface Pbkdf2 {
  readonly digest: string;
  readonly rounds: number;
  readonly salt: string;
  readonly hash: string;
}

/** PBKDF2 as a PHC string; the length of the key is that of the hash. Null when salt or hash is no base64. */
export function pbkdf2Hash({ digest, rounds, salt, hash }: Pbkdf2): HashObject | null {
  const length = base64Bytes(hash);
  if (length === null || base64Bytes(salt) === null) return null;
  const value = `$pbkdf2-${digest}$i=${rounds},l=${length}$${unpadded(salt)}$${unpadded(hash)}`;
  return { algorithm: 'pbkdf2', hash: { value, encoding: 'utf8' } };
}

/** A hash whose beginning tells what it is. */
export function detectedHash(value: string): HashObject {
  return { algorithm: 'AUTO', hash: { value } };
}

const ofFirebase = 'firebase';

/** A hash of a Firebase project whose settings are kept apart: SECURITY: no row repeats the secret of the project. */
export function firebaseHash(hash: string, salt: string): HashObject {
  const encoding = 'base64';
  return { algorithm: ofFirebase, hash: { value: hash, encoding }, salt: { value: salt, encoding } };
}

/** What `firebaseHash` wrote, as Firebase names it; null for any other hash. */
export function firebaseMembers(
  given: Readonly<Record<string, unknown>>,
): { readonly passwordHash: unknown; readonly salt: unknown } | null {
  if (given['algorithm'] !== ofFirebase) return null;
  const valueOf = (name: string): unknown => (given[name] as { readonly value?: unknown } | undefined)?.value;
  return { passwordHash: valueOf('hash'), salt: valueOf('salt') };
}

/** Whether the text is a bcrypt hash as `password_hash` takes it. */
export function isBcrypt(text: string): boolean {
  return /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(text);
}
