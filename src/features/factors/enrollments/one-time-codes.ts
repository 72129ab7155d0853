import { timingSafeEqual } from 'node:crypto';
import type { Ids } from '#src/shared/ids';

const digits = 6;

/** OWASP ASVS 6.5.5: a code that is sent is good for ten minutes at most. */
export const codeLifetimeMs = 10 * 60_000;

/** Six decimal digits, none favoured. */
export function newOneTimeCode(ids: Ids): string {
  const bytes = Buffer.from(ids.secret(64), 'base64url');
  // 250 is the largest multiple of 10 in a byte.
  const usable = [...bytes].filter((byte) => byte < 250).slice(0, digits);
  return usable.map((byte) => byte % 10).join('');
}

export function isSameCode(expected: string, given: string): boolean {
  const typed = Buffer.from(given.replace(/\s/g, ''), 'utf8');
  const wanted = Buffer.from(expected, 'utf8');
  return wanted.length === digits && typed.length === digits && timingSafeEqual(typed, wanted);
}
