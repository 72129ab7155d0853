import { readCookie, setCookieHeader } from '#src/http/cookies';
import { hashSecret } from '#src/shared/secret-hash';
import type { Ids } from '#src/shared/ids';

/**
 * Who asked for a ticket that is sent to somebody else's mailbox, perhaps. SECURITY: verification bait; whoever makes an account with the
 * address of another person waits for that person to press the button in the mail. So the mail alone says nothing about whose the account
 * is: that tells the browser that asked, or the code that it was shown, and the mail holds neither.
 */
export interface Asker {
  /** Of the ticket that is made for it, by a job perhaps. */
  readonly ticketId: string;
  /** Keyed hash of the code. */
  readonly confirmationHash: string;
  /** Hash of what the browser keeps; null where no browser asked. */
  readonly browserHash: string | null;
}

export interface Asked {
  readonly asker: Asker;
  /** To be shown where somebody asked, and nowhere else. */
  readonly confirmationCode: string;
  /** For the browser that asked; null: none did. */
  readonly setCookie: string | null;
}

/** The browser that asks, as far as it matters. */
export interface AskingBrowser {
  readonly cookies: string | undefined;
  /** False for programs: one that keeps cookies would be taken for a browser from then on. */
  readonly isBrowser: boolean;
}

const cookie = 'gid_asked';
const secretBytes = 16;
const secretForm = /^[\w-]{22}$/;

/** No vowels, which make words, and no letter that looks like a digit (RFC 8628, section 6.1). 64 million codes, of which five can be tried. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ';
const codeLength = 6;

/** Six letters in two groups: nobody takes them for the digits of the mail. */
export function newConfirmationCode(ids: Ids): string {
  let chance = Buffer.from(ids.secret(8), 'base64url').readBigUInt64BE();
  let code = '';
  for (let at = 0; at < codeLength; at += 1) {
    code += letters[Number(chance % BigInt(letters.length))] ?? '';
    chance /= BigInt(letters.length);
  }
  return `${code.slice(0, 3)}-${code.slice(3)}`;
}

/** A code as it is compared, however it was typed; null for what cannot be one. */
export function readConfirmationCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const isCode = code.length === codeLength && [...code].every((letter) => letters.includes(letter));
  return isCode ? code : null;
}

/** What the browser keeps: what it kept before, so that a second request does not disown the first. */
export function keptSecret(cookies: string | undefined, isSecure: boolean): string | null {
  const kept = readCookie(cookies, cookie, isSecure);
  return kept !== undefined && secretForm.test(kept) ? kept : null;
}

/** The secret of the asking browser and the header by which it keeps it as long as a link can be good. */
export function secretOf(
  ids: Ids,
  browser: AskingBrowser,
  isSecure: boolean,
): { readonly browserHash: string | null; readonly setCookie: string | null } {
  if (!browser.isBrowser) return { browserHash: null, setCookie: null };
  const secret = keptSecret(browser.cookies, isSecure) ?? ids.secret(secretBytes);
  return {
    browserHash: hashSecret(secret),
    // Lax: the link of a message is followed from the page of a mail provider.
    setCookie: setCookieHeader(cookie, secret, { isSecure, maxAgeSeconds: 5 * 86_400 }),
  };
}
