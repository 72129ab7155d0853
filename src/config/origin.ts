/** Whether a URL's host names this machine: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    hostname === '::1' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/** What is wrong with an issuer URL, or null. */
export function issuerProblem(value: string): string | null {
  const url = parse(value);
  if (!url) return 'is not a URL';
  if (url.username || url.password) return 'must not hold credentials';
  if (/[?#]/.test(value)) return 'must have no query and no fragment';
  if (url.protocol === 'https:') return null;
  if (url.protocol !== 'http:') return 'must begin with https://';
  return isLoopbackHost(url.hostname)
    ? null
    : 'uses http off loopback: tokens and cookies would travel in the clear; use https';
}

/** What is wrong with the URL of a page that people are sent to, or null. */
export function loginUrlProblem(value: string): string | null {
  const url = parse(value);
  if (!url) return 'is not a URL';
  if (url.username || url.password) return 'must not hold credentials';
  if (url.hash !== '') return 'must have no fragment';
  if (url.protocol === 'https:') return null;
  return url.protocol === 'http:' && isLoopbackHost(url.hostname) ? null : 'must begin with https://';
}

/** What is wrong with an allowed web origin, or null. */
export function webOriginProblem(value: string): string | null {
  // SECURITY: a wildcard with credentials would let every site read with the visitor's cookie.
  if (value.includes('*')) return 'must not be a wildcard';
  const url = parse(value);
  if (!url || !['https:', 'http:'].includes(url.protocol)) return 'is not an http or https origin';
  if (url.origin !== value) return `is not an origin; write ${url.origin}`;
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) return 'uses http off loopback; use https';
  return null;
}

/** The origin of the issuer, as a browser writes it in the `Origin` header. */
export function issuerOrigin(config: { readonly issuer: string }): string {
  return new URL(config.issuer).origin;
}

/** The address of a path of the gateway, which begins with a slash. */
export function addressOf(issuer: string, path: string): string {
  return `${issuer.replace(/\/$/, '')}${path}`;
}

/** Whether the issuer is on https: then cookies are `Secure` and HSTS is sent. */
export function isSecureIssuer(config: { readonly issuer: string }): boolean {
  return config.issuer.startsWith('https:');
}

function parse(value: string): URL | null {
  try {
    return new URL(value);
  } catch {
    return null;
  }
}
