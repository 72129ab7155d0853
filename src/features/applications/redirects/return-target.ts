import { matchUrl } from './match-url';

/** What of an application decides where people may be sent back to. */
export interface ReturnPolicy {
  readonly type: string;
  readonly devMode: boolean;
  readonly callbacks: readonly string[];
  /** Where people go when they asked for nothing else; its origin is the base of paths. */
  readonly defaultRedirectUri: string | null;
}

export interface ReturnTarget {
  /** Where to send the browser; null when the application has no default either. */
  readonly url: string | null;
  /** Whether what was asked for is not allowed, and the default is used in its place. */
  readonly isRefused: boolean;
}

const deepestEncoding = 5;

/**
 * Where a browser goes after a sign-in: a path within the application (`/orders?page=2`), or one of its callbacks. Anything else is
 * dropped for the default, and said to be, so that it can be recorded.
 */
export function returnTarget(asked: string | null, policy: ReturnPolicy): ReturnTarget {
  const fallback = policy.defaultRedirectUri;
  if (asked === null || asked === '') return { url: fallback, isRefused: false };
  const url = asked.startsWith('/')
    ? withinApplication(asked, policy)
    : matchUrl({ ...policy, url: asked }, policy.callbacks);
  return url === null ? { url: fallback, isRefused: true } : { url, isRefused: false };
}

function withinApplication(path: string, { defaultRedirectUri }: ReturnPolicy): string | null {
  if (path.length > 2_048 || defaultRedirectUri === null || !isPlainPath(path)) return null;
  const base = new URL(defaultRedirectUri);
  if (!URL.canParse(path, base.href)) return null;
  const url = new URL(path, base.href);
  return url.origin === base.origin && base.origin !== 'null' ? url.href : null;
}

/**
 * SECURITY: open redirects. `//evil`, `/\evil` and `/<tab>/evil` are other hosts to a browser, and encoded they become so at the next
 * program that decodes them; `?next=//evil` becomes one at the application's own sign-in page. So every layer of encoding is looked at.
 */
function isPlainPath(path: string): boolean {
  let layer = path;
  for (let depth = 0; depth < deepestEncoding; depth += 1) {
    if (leadsElsewhere(layer)) return false;
    const decoded = decodedOnce(layer);
    if (decoded === layer) return true;
    if (decoded === null) return false;
    layer = decoded;
  }
  return false;
}

function leadsElsewhere(path: string): boolean {
  if (/[\p{Cc}\p{Surrogate}\\#]/u.test(path) || /^\/\//.test(path)) return true;
  const [, query = ''] = /^[^?]*\?(.*)$/s.exec(path) ?? [];
  return query.split('&').some((pair) => {
    const value = pair.slice(pair.indexOf('=') + 1);
    return value.startsWith('//') || /^[a-z][a-z0-9+.-]*:/i.test(value);
  });
}

function decodedOnce(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
