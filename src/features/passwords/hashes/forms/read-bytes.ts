import {
  decodeAdaptedBase64,
  decodeText,
  type TextEncoding,
} from '#src/features/passwords/hashes/decode-text';
import { malformed } from '#src/features/passwords/hashes/hash-problem';
import type { MessagePart } from '#src/features/passwords/hashes/imported-hash';

/** The bytes as base64; HASH_MALFORMED where the text is not in the encoding. */
export function readBytes(text: string, encoding: TextEncoding, path = ''): string {
  const bytes = decodeText(text, encoding);
  if (bytes === null) throw malformed(`This is not ${encoding}.`, path);
  return bytes.toString('base64');
}

export function readAdaptedBytes(text: string): string {
  const bytes = decodeAdaptedBase64(text);
  if (bytes === null) throw malformed('This is not base64 as passlib writes it.');
  return bytes.toString('base64');
}

/** A whole number in decimal digits; HASH_MALFORMED for anything else. */
export function readWhole(text: string | undefined, name: string): number {
  if (text === undefined || !/^\d{1,12}$/.test(text)) throw malformed(`${name} is not a whole number.`);
  return Number(text);
}

export const password: MessagePart = 'password';

/** Bytes that are hashed together with the password. */
export function literal(base64: string): MessagePart {
  return { bytes: base64 };
}

export function literalText(text: string): MessagePart {
  return literal(Buffer.from(text, 'utf8').toString('base64'));
}

/** Password and salt in their order; without a salt the password alone. */
export function salted(salt: string | null, position: 'prefix' | 'suffix'): MessagePart[] {
  if (salt === null) return [password];
  return position === 'prefix' ? [literal(salt), password] : [password, literal(salt)];
}

/** Splits text with placeholders into what is hashed, in its order. */
export function templateParts(
  template: string,
  { salt, passwordMark, saltMark }: { salt: MessagePart | null; passwordMark: string; saltMark: string },
): MessagePart[] {
  const parts: MessagePart[] = [];
  let rest = template;
  while (rest !== '') {
    const marks = [passwordMark, saltMark].map((mark) => ({ mark, at: rest.indexOf(mark) }));
    const next = marks.filter(({ at }) => at >= 0).sort((left, right) => left.at - right.at)[0];
    const plain = next ? rest.slice(0, next.at) : rest;
    if (plain !== '') parts.push(literalText(plain));
    if (!next) break;
    if (next.mark === passwordMark) parts.push(password);
    else if (salt !== null) parts.push(salt);
    else throw malformed('The template names a salt, but there is none.');
    rest = rest.slice(next.at + next.mark.length);
  }
  if (!parts.includes(password)) throw malformed('The template does not name the password.');
  return parts;
}
