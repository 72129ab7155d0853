import { serialize } from 'cookie';

export interface CookieOptions {
  /** Whether the issuer is on https. Off https (loopback only) the prefix and `Secure` are left out. */
  readonly isSecure: boolean;
  /** Seconds the browser keeps it; without it the cookie ends with the browser's session. */
  readonly maxAgeSeconds?: number;
  /** `lax`: sent when somebody follows a link to here from another site; `strict`: not even then. */
  readonly sameSite?: 'lax' | 'strict';
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
    sameSite: options.sameSite ?? 'lax',
    path: '/',
    ...(options.maxAgeSeconds === undefined ? {} : { maxAge: options.maxAgeSeconds }),
  });
}

/** A `Set-Cookie` header that deletes the cookie. */
export function clearCookieHeader(name: string, isSecure: boolean): string {
  return setCookieHeader(name, '', { isSecure, maxAgeSeconds: 0 });
}

/**
 * The value of one cookie of a `Cookie` header; `name` is without prefix. Nothing is decoded: no value of ours needs it.
 * SECURITY: cookie tossing. A browser sends two cookies of one name when one was set by somebody else, for another path or domain, and
 * nothing in the header says which is whose; so neither is read.
 */
export function readCookie(header: string | undefined, name: string, isSecure: boolean): string | undefined {
  if (header === undefined) return undefined;
  const start = `${cookieName(name, isSecure)}=`;
  let found: string | undefined;
  for (let at = header.indexOf(start); at !== -1; at = header.indexOf(start, at + 1)) {
    if (!beginsCookie(header, at)) continue;
    if (found !== undefined) return undefined;
    const end = header.indexOf(';', at);
    found = header.slice(at + start.length, end === -1 ? undefined : end).trim();
  }
  return found;
}

/** Whether nothing but blanks stands between this place and the cookie before. */
function beginsCookie(header: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && (header[before] === ' ' || header[before] === '\t')) before -= 1;
  return before < 0 || header[before] === ';';
}
