import { createHash } from 'node:crypto';
import type { DerivedKey } from '#src/config/open-secrets';
import { isSecureIssuer } from '#src/config/origin';
import { readSignedText, signText } from '#src/config/sign-text';
import { readCookie, setCookieHeader } from '#src/http/cookies';
import type { Ids } from '#src/shared/ids';

const cookie = 'gid_did';
const form = /^[\w-]{22}(\.[\w-]{16}){0,5}$/;
const idBytes = 16;
const markLength = 16;
const mostMarks = 5;
const yearSeconds = 31_536_000;

/** A browser, by a random id that it keeps for us. It proves nothing about who sits in front of it. */
export interface Device {
  readonly id: string;
  /** The accounts whose password was right here, the latest first: hashes that say nothing without the id. */
  readonly marks: readonly string[];
}

/** The cookie by which a browser is known again. */
export interface DeviceCookie {
  /** Null for a browser that has none, or one that no key of today has signed. */
  read(header: string | undefined): Device | null;
  newDevice(ids: Ids): Device;
  /**
   * The `Set-Cookie` header that keeps the id for a year, or with `isKept: false` until the browser closes. `subject`: whose password was
   * just right; null: nobody's.
   */
  give(device: Device, options: { readonly subject: string | null; readonly isKept: boolean }): string;
}

/**
 * SECURITY: signed, so that nobody invents browsers, and counts of wrong passwords with them: an id is given only with a sign-in, and an account
 * is noted only when its password was right (OWASP, Slow Down Online Guessing Attacks with Device Cookies).
 */
export function createDeviceCookie(
  config: { readonly issuer: string },
  ring: () => readonly DerivedKey[],
): DeviceCookie {
  const isSecure = isSecureIssuer(config);
  return {
    read: (header) => {
      const signed = readCookie(header, cookie, isSecure);
      const text = signed === undefined ? null : readSignedText(ring(), signed);
      if (text === null || !form.test(text)) return null;
      const [id = '', ...marks] = text.split('.');
      return { id, marks };
    },
    newDevice: (ids) => ({ id: ids.secret(idBytes), marks: [] }),
    give: (device, { subject, isKept }) => {
      const mark = subject === null ? [] : [markOf(device, subject)];
      const marks = [...new Set([...mark, ...device.marks])].slice(0, mostMarks);
      const value = signText(ring(), [device.id, ...marks].join('.'));
      return setCookieHeader(cookie, value, { isSecure, ...(isKept ? { maxAgeSeconds: yearSeconds } : {}) });
    },
  };
}

/** Whether the password of an account was right in this browser before. `subject` as counters know the account. */
export function isKnownTo(device: Device, subject: string): boolean {
  return device.marks.includes(markOf(device, subject));
}

function markOf({ id }: Device, subject: string): string {
  return createHash('sha256').update(`${id}.${subject}`).digest('base64url').slice(0, markLength);
}
