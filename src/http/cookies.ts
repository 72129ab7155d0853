import { parse, serialize } from 'cookie';

export interface CookieOptions {
  /** Whether the issuer is on https. Off https (loopback only) the prefix and `Secure` are left out. */
  readonly isSecure: boolean;
  /** Seconds the browser keeps it; without it the cookie ends with the browser's session. */
  readonly maxAgeSeconds?: number;
}

/** The name as it is sent: `__Host-gid_session` on https, where browsers then refuse it from any other host or path. */
export function cookieName(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name;
}

/** A `Set-Cookie` header that scripts cannot read and other sites cannot send along. `name` is without prefix. */
export function setCookieHeader(name: string, value: string, options: CookieOptions): string {
  return serialize(cookieName(name, options.isSecure), value, {
    httpOnly: true,
    secure: options.isSecure,
    sameSite: 'lax',
    path: '/',
    ...(options.maxAgeSeconds === undefined ? {} : { maxAge: options.maxAgeSeconds }),
  });
}

/** A `Set-Cookie` header that deletes the cookie. */
export function clearCookieHeader(name: string, isSecure: boolean): string {
  return setCookieHeader(name, '', { isSecure, maxAgeSeconds: 0 });
}

/** The value of one cookie of a `Cookie` header; `name` is without prefix. */
export function readCookie(header: string | undefined, name: string, isSecure: boolean): string | undefined {
  if (header === undefined) return undefined;
  const full = cookieName(name, isSecure);
  // Cheaper than parsing them all when it cannot be there.
  return header.includes(full) ? parse(header)[full] : undefined;
}
