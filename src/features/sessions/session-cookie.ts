import { parse, serialize, type SerializeOptions } from 'cookie';
import { isSecureIssuer } from '#src/config/origin';
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

/** On http, which the configuration allows on loopback alone, browsers refuse the prefix and `Secure`. */
export function createSessionCookie(config: { readonly issuer: string }): SessionCookie {
  const isSecure = isSecureIssuer(config);
  // SECURITY: cookie tossing from a sibling domain; browsers take a __Host- cookie from this very host alone.
  const name = isSecure ? '__Host-gid_session' : 'gid_session';
  const attributes: SerializeOptions = { httpOnly: true, secure: isSecure, sameSite: 'lax', path: '/' };
  return {
    name,
    give: (secret, now, expiresAt) => {
      if (!isSessionSecret(secret)) throw new Error('This is no session secret.');
      if (expiresAt === undefined) return serialize(name, secret, attributes);
      const maxAge = Math.max(0, Math.floor((expiresAt - now) / 1_000));
      return serialize(name, secret, { ...attributes, maxAge });
    },
    remove: () => serialize(name, '', { ...attributes, maxAge: 0 }),
    read: (header) => {
      const value = header === undefined ? undefined : parse(header)[name];
      return value !== undefined && isSessionSecret(value) ? value : null;
    },
  };
}
