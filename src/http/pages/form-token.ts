import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { DerivedKey } from '#src/config/open-secrets';
import { isSecureIssuer, issuerOrigin } from '#src/config/origin';
import { readSignedText, signText } from '#src/config/sign-text';
import { readCookie, setCookieHeader } from '#src/http/cookies';
import { Html } from './html';

declare module 'fastify' {
  interface FastifyInstance {
    /** Says which forms came from pages of ours. */
    formTokens: FormTokens;
  }
}

const cookie = 'gid_csrf';
const field = 'csrf';
const randomLength = 16;

/** Where the token stands until the page is sent; nobody can write it into a page beforehand. */
const place = randomBytes(16).toString('hex');

/** Stands in every form of a page that is sent to here. The page brings the cookie along that the field is compared with. */
export const formToken = new Html(`<input type="hidden" name="${field}" value="${place}">`);

/** The token of one browser, and the header by which it keeps it; null: it has it already. */
export interface BrowserToken {
  readonly token: string;
  readonly setCookie: string | null;
}

/** Tells forms of our own pages from those that another site sends in the name of its visitor. */
export interface FormTokens {
  of(cookieHeader: string | undefined): BrowserToken;
  accepts(headers: IncomingHttpHeaders, form: ReadonlyMap<string, string>): boolean;
}

/**
 * SECURITY: cross-site request forgery, login CSRF among it. The field of the form must be a token that this deployment has signed, and the
 * cookie must hold the same (double submit), or the browser itself says that the form is of this origin: it does when a second page was
 * opened from a mail meanwhile, which brought a cookie of its own.
 */
export function createFormTokens(
  config: { readonly issuer: string },
  ring: () => readonly DerivedKey[],
): FormTokens {
  const isSecure = isSecureIssuer(config);
  const origin = issuerOrigin(config);
  const isOurs = (token: string | undefined): token is string =>
    token !== undefined && readSignedText(ring(), token) !== null;
  return {
    of: (cookieHeader) => {
      const known = readCookie(cookieHeader, cookie, isSecure);
      if (isOurs(known)) return { token: known, setCookie: null };
      const token = signText(ring(), randomBytes(randomLength).toString('base64url'));
      // Nobody needs it longer than the page is open, and no link from elsewhere has to bring it.
      return { token, setCookie: setCookieHeader(cookie, token, { isSecure, sameSite: 'strict' }) };
    },
    accepts: (headers, form) => {
      const site = headers['sec-fetch-site'];
      if (site === 'cross-site' || site === 'same-site') return false;
      // `null` is what browsers write for our own pages, whose referrer policy lets nothing out.
      const from = headers.origin ?? 'null';
      if (from !== 'null' && from !== origin) return false;
      const token = form.get(field);
      if (!isOurs(token)) return false;
      return site === 'same-origin' || readCookie(headers.cookie, cookie, isSecure) === token;
    },
  };
}

/** A finished page with the token of its browser in the forms; `setCookie` for the header. A page without forms is left alone. */
export function withFormToken(
  page: string,
  tokens: FormTokens,
  cookieHeader: string | undefined,
): { readonly page: string; readonly setCookie: string | null } {
  if (!page.includes(place)) return { page, setCookie: null };
  const { token, setCookie } = tokens.of(cookieHeader);
  return { page: page.replaceAll(place, token), setCookie };
}
