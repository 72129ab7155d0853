import { normalisedUrl, organizationLabel, spellingProblem } from './registered-url';

export interface UrlRequest {
  /** The URL that a request asks to be sent to. */
  readonly url: string;
  /** Type of the application; a native one may listen on any port of loopback. */
  readonly type: string;
  /** Whether the application may use wildcards. */
  readonly devMode: boolean;
  /** Name of the organization of the sign-in, if it has one. */
  readonly organizationName?: string | null;
}

/**
 * The URL to redirect to when it is one of those registered, in its normal form; null when it is not. Compared whole, as strings, after
 * normalisation (RFC 9700 section 2.1); a native application's loopback port is free (RFC 8252 section 7.3).
 */
export function matchUrl(request: UrlRequest, registered: readonly string[]): string | null {
  if (spellingProblem(request.url) !== null || /[*{}]/.test(request.url)) return null;
  const wanted = normalisedUrl(request.url);
  if (wanted === null) return null;
  return registered.some((entry) => matches(wanted, entry, request)) ? wanted : null;
}

function matches(wanted: string, entry: string, request: UrlRequest): boolean {
  const filled = filledIn(entry, request.organizationName ?? null);
  if (filled === null) return false;
  if (filled.includes('*')) return request.devMode && matchesWildcard(wanted, filled);
  const known = normalisedUrl(filled);
  if (known === null) return false;
  if (wanted === known) return true;
  const place = request.type === 'NATIVE' ? withoutLoopbackPort(wanted) : null;
  return place !== null && place === withoutLoopbackPort(known);
}

/** The entry with the organization's name; null when it wants one and there is none. */
function filledIn(entry: string, organizationName: string | null): string | null {
  if (!entry.includes(organizationLabel)) return entry;
  // Names of organizations may hold an underscore, which is no character of a host: such a one has no page here.
  if (organizationName === null || !/^[a-z0-9-]+$/.test(organizationName)) return null;
  return entry.replace(organizationLabel, organizationName);
}

const hostPart = /^(https?:\/\/)([^/:?]*)(.*)$/;

function matchesWildcard(wanted: string, entry: string): boolean {
  const [, scheme, host = '', rest] = hostPart.exec(entry) ?? [];
  const [, wantedScheme, wantedHost = '', wantedRest] = hostPart.exec(wanted) ?? [];
  if (scheme !== wantedScheme || withoutDefaultPath(rest) !== withoutDefaultPath(wantedRest)) return false;
  const [before = '', after = ''] = host.toLowerCase().split('*');
  if (wantedHost.length <= before.length + after.length) return false;
  const middle = wantedHost.slice(before.length, wantedHost.length - after.length);
  return wantedHost.startsWith(before) && wantedHost.endsWith(after) && /^[a-z0-9-]+$/.test(middle);
}

function withoutDefaultPath(rest: string | undefined): string {
  return rest === undefined || rest === '' ? '/' : rest;
}

/** The URL of 127.0.0.1 or ::1 without its port; null for any other, `localhost` among them (RFC 8252 section 8.3). */
function withoutLoopbackPort(text: string): string | null {
  const url = new URL(text);
  if (url.protocol !== 'http:' || (url.hostname !== '127.0.0.1' && url.hostname !== '[::1]')) return null;
  url.port = '';
  return url.href;
}
