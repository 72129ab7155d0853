/** Bytes as text: the encodings in which systems write hashes, salts and keys. */
export type TextEncoding = 'base64' | 'hex' | 'utf8';

const standard = /^[A-Za-z0-9+/]*={0,2}$/;
const urlSafe = /^[A-Za-z0-9_-]*={0,2}$/;

/** The bytes, or null where the text is not in the encoding: nothing is skipped, nothing is guessed. */
export function decodeText(text: string, encoding: TextEncoding): Buffer | null {
  if (encoding === 'utf8') return Buffer.from(text, 'utf8');
  if (encoding === 'hex') return /^(?:[0-9a-f]{2})*$/i.test(text) ? Buffer.from(text, 'hex') : null;
  const bare = text.replace(/=+$/, '');
  const isPadded = bare.length !== text.length;
  if (!standard.test(text) && !urlSafe.test(text)) return null;
  if (bare.length % 4 === 1 || (isPadded && text.length % 4 !== 0)) return null;
  return Buffer.from(bare, 'base64');
}

/** The base64 of passlib, with a dot for the plus, and no padding. */
export function decodeAdaptedBase64(text: string): Buffer | null {
  return text.includes('+') || text.includes('=') ? null : decodeText(text.replaceAll('.', '+'), 'base64');
}
