import { isSecureIssuer } from '#src/config/origin';
import { clearCookieHeader, cookieName, readCookie, setCookieHeader } from '#src/http/cookies';
import type { Instant } from '#src/shared/clock';
import { isSessionSecret } from './session-token';

/** The session cookie of one issuer: its name and attributes never vary within a deployment. */
export interface SessionCookie {
  readonly name: string;
  /** The `Set-Cookie` header that hands out a secret. With `expiresAt` the browser keeps it until then, without only until it closes. */
  give(secret: string, now: Instant, expiresAt?: Instant): string;
  /** The `Set-Cookie` header that deletes the cookie. */
  remove(): string;
  /** The secret in a request's `Cookie` header, or null when there is none or it cannot be one. */
  read(header: string | undefined): string | null;
}

const name = 'gid_session';

/** On http, which the configuration allows on loopback alone, browsers refuse the prefix and `Secure`. */
export function createSessionCookie(config: { readonly issuer: string }): SessionCookie {
  const isSecure = isSecureIssuer(config);
  return {
    // SECURITY: cookie tossing from a sibling domain; browsers take a __Host- cookie from this very host alone.
    name: cookieName(name, isSecure),
    give: (secret, now, expiresAt) => {
      if (!isSessionSecret(secret)) throw new Error('This is no session secret.');
      if (expiresAt === undefined) return setCookieHeader(name, secret, { isSecure });
      const maxAgeSeconds = Math.max(0, Math.floor((expiresAt - now) / 1_000));
      return setCookieHeader(name, secret, { isSecure, maxAgeSeconds });
    },
    remove: () => clearCookieHeader(name, isSecure),
    read: (header) => {
      const value = readCookie(header, name, isSecure);
      return value !== undefined && isSessionSecret(value) ? value : null;
    },
  };
}
