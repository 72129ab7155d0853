import type { Origins } from './cors';

/** What the CSRF rules look at of a request. */
export interface RequestOrigin {
  /** `Origin` header, undefined when absent. */
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site` header, undefined when absent. */
  readonly secFetchSite: string | undefined;
  /** Whether the request carries a Cookie header at all. */
  readonly hasCookie: boolean;
  /** Whether the caller was recognised by a cookie. */
  readonly isCookieAuthenticated: boolean;
}

export type CsrfVerdict = 'allowed' | 'foreign-origin' | 'opaque-origin' | 'no-origin';

/**
 * Whether a request may act in the name of the browser's user. Requests without cookie authentication and without
 * credentials in them need no proof of their origin: no other site gains by sending them. A credential mutation proves an
 * identity and so sets a cookie (`signIn` and the like).
 */
export function csrfVerdict(
  request: RequestOrigin,
  isCredentialMutation: boolean,
  allowedOrigins: Origins,
): CsrfVerdict {
  if (!request.isCookieAuthenticated && !isCredentialMutation) return 'allowed';
  // SECURITY: a sandboxed frame or a redirect writes `null`; it stands for any site.
  if (request.origin === 'null') return 'opaque-origin';
  if (request.origin !== undefined) {
    // SECURITY: a page of another site sends the victim's cookie (CSRF) or signs the victim in as the attacker (login CSRF).
    return allowedOrigins.has(request.origin) ? 'allowed' : 'foreign-origin';
  }
  if (request.secFetchSite === 'same-origin') return 'allowed';
  // No browser sends a POST with neither header and without a cookie: this is a program.
  const isProgram =
    request.secFetchSite === undefined && !request.hasCookie && !request.isCookieAuthenticated;
  return isProgram ? 'allowed' : 'no-origin';
}
