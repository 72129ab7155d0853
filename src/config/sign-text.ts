import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DerivedKey } from './open-secrets';

const macLength = 43;

/** A text with a signature in front that only this deployment can make (HMAC-SHA-256), for values that a browser keeps for us. */
export function signText(ring: readonly DerivedKey[], text: string): string {
  const [first] = ring;
  if (!first) throw new TypeError('There is no key to sign with.');
  return `${macOf(first, text).toString('base64url')}.${text}`;
}

/** The text that one of the keys has signed; null for everything else, such as what a key signed that is gone. */
export function readSignedText(ring: readonly DerivedKey[], signed: string): string | null {
  if (signed[macLength] !== '.') return null;
  const given = Buffer.from(signed.slice(0, macLength), 'base64url');
  const text = signed.slice(macLength + 1);
  const isOurs = ring.some((key) => {
    const mac = macOf(key, text);
    return given.length === mac.length && timingSafeEqual(given, mac);
  });
  return isOurs ? text : null;
}

function macOf({ key }: DerivedKey, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
