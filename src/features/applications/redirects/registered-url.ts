import { getPublicSuffix } from 'tldts';
import { isLoopbackHost } from '#src/config/origin';

/** What decides which URLs an application may register. */
export interface UrlPolicy {
  readonly type: string;
  /** For development only: allows `http` everywhere and one wildcard in a host. */
  readonly devMode: boolean;
}

export const longestUrl = 2_048;

/** Stands for the name of the organization of a sign-in: the leftmost label of a host, and alone in it. */
export const organizationLabel = '{organization_name}';
const organizationStandIn = 'organization-name-stand-in';

/** Never a place to send people to: they run script in, or read from, the page that follows them. */
const forbiddenSchemes = new Set(['javascript:', 'data:', 'file:', 'vbscript:', 'blob:', 'about:']);

/**
 * What is wrong with the spelling of a URL, or null. Looks at the text before any parser normalises it.
 * SECURITY: parsers differ in what they do with these, and a URL that two programs read differently leads past a list.
 */
export function spellingProblem(text: string): string | null {
  if (text.length > longestUrl) return `is longer than ${longestUrl} characters`;
  if (/[\p{Cc}\p{Surrogate}\s]/u.test(text)) return 'holds white space or control characters';
  if (text.includes('\\')) return 'holds a backslash';
  if (text.includes('#')) return 'has a fragment';
  const [, authority = '', path = ''] = /^[a-zA-Z][\w+.-]*:\/\/([^/?]*)([^?]*)/.exec(text) ?? [];
  if (authority.includes('@')) return 'holds a user name or password';
  if (/[^\x20-\x7e]/.test(authority)) return 'has a host that is not written in ASCII; use its punycode form';
  if (hasDotSegment(path)) return 'has "." or ".." segments';
  return null;
}

function hasDotSegment(path: string): boolean {
  return path.split('/').some((segment) => /^\.{1,2}$/.test(segment.replace(/%2e/gi, '.')));
}

/** A URL as lists compare it: scheme, host, port, path and query in their normal form. Null when it is none. */
export function normalisedUrl(text: string): string | null {
  const url = parse(text);
  if (url === null || url.username !== '' || url.password !== '') return null;
  return url.href.replace(`//${organizationStandIn}.`, `//${organizationLabel}.`);
}

/** What is wrong with a callback or logout URL that an application wants to register, or null. */
export function registrationProblem(text: string, policy: UrlPolicy): string | null {
  const spelling = spellingProblem(text);
  if (spelling !== null) return spelling;
  const url = parse(text);
  if (url === null) return 'is not an absolute URL';
  if (forbiddenSchemes.has(url.protocol)) return `uses the scheme ${url.protocol}`;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return customSchemeProblem(url, policy);
  if (!/^https?:\/\//i.test(text)) return 'is not an absolute URL';
  if (url.protocol === 'http:' && !policy.devMode && !isLoopbackHost(url.hostname)) {
    return 'uses http off loopback; use https';
  }
  return text.includes('*') || text.includes('{') ? wildcardProblem(text, url, policy) : null;
}

/** What is wrong with an origin that an application wants to register, or null. */
export function originProblem(text: string, policy: UrlPolicy): string | null {
  const spelling = spellingProblem(text);
  if (spelling !== null) return spelling;
  // SECURITY: a wildcard with credentials would let every site under it read with the visitor's cookie.
  if (text.includes('*') || text.includes('{')) return 'must not hold a wildcard';
  const url = parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return 'is not an http or https origin';
  }
  if (url.origin !== text) return `is not an origin; write ${url.origin}`;
  const isPlain = url.protocol === 'http:' && !policy.devMode && !isLoopbackHost(url.hostname);
  return isPlain ? 'uses http off loopback; use https' : null;
}

/** RFC 8252 section 7.1: a private-use scheme is a domain name turned round, so that two applications do not share it by chance. */
function customSchemeProblem(url: URL, { type }: UrlPolicy): string | null {
  if (type !== 'NATIVE') return 'uses a scheme that only a native application may use';
  return url.protocol.includes('.')
    ? null
    : 'uses a scheme without a dot; write it as com.example.app:/callback';
}

function wildcardProblem(text: string, url: URL, { devMode }: UrlPolicy): string | null {
  const [label = '', ...rest] = (/^https?:\/\/([^/:?]*)/i.exec(text)?.[1] ?? '').split('.');
  const outside = text.replace(label, '');
  if (/[*{}]/.test(outside)) return 'may hold a wildcard only in the leftmost part of its host';
  const parent = rest.join('.');
  const isOrganization = label === organizationLabel;
  if (!isOrganization && (/[{}]/.test(label) || label.split('*').length !== 2)) {
    return `may hold one "*" or "${organizationLabel}" alone, not both`;
  }
  if (!isOrganization && !devMode)
    return 'holds a wildcard, which only an application in development mode may use';
  // SECURITY: a wildcard directly under a public suffix is a wildcard over other people's sites.
  const suffix = getPublicSuffix(url.hostname.slice(url.hostname.indexOf('.') + 1), {
    allowPrivateDomains: true,
  });
  return parent === '' || parent === suffix ? 'holds a wildcard directly under a public suffix' : null;
}

function parse(text: string): URL | null {
  const standIn = text.replace(`//${organizationLabel}.`, `//${organizationStandIn}.`);
  return URL.canParse(standIn) ? new URL(standIn) : null;
}
