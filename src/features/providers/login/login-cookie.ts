import { randomBytes } from 'node:crypto';
import { isSecureIssuer } from '#src/config/origin';
import { readCookie, setCookieHeader } from '#src/http/cookies';

const name = 'gid_txn';
const form = /^[\w-]{43}$/;
/** A page may stand open for a while before its form is sent; what is under way at a provider ends after ten minutes by itself. */
const lifetimeSeconds = 3_600;

/** The secret that binds sign-ins under way to one browser. It is no credential: it only says that the same browser came back. */
export interface LoginCookie {
  /** The browser's secret, or a new one, with the header that keeps it for an hour more. */
  renew(header: string | undefined): { readonly secret: string; readonly setCookie: string };
  read(header: string | undefined): string | null;
}

export function createLoginCookie(config: { readonly issuer: string }): LoginCookie {
  const isSecure = isSecureIssuer(config);
  const read = (header: string | undefined): string | null => {
    const value = readCookie(header, name, isSecure);
    return value !== undefined && form.test(value) ? value : null;
  };
  return {
    read,
    renew: (header) => {
      // Two tabs that sign in at the same time share it.
      const secret = read(header) ?? randomBytes(32).toString('base64url');
      return {
        secret,
        setCookie: setCookieHeader(name, secret, { isSecure, maxAgeSeconds: lifetimeSeconds }),
      };
    },
  };
}
