import { csrfVerdict, type CsrfVerdict, type RequestOrigin } from '#src/http/csrf';

const allowed = new Set(['https://id.example.com', 'https://app.example.com']);

type Case = readonly [origin: string | undefined, secFetchSite: string | undefined, verdict: CsrfVerdict];

function verdictOf({
  isCredentialMutation = false,
  ...request
}: Partial<RequestOrigin> & { isCredentialMutation?: boolean }): CsrfVerdict {
  return csrfVerdict(
    {
      origin: undefined,
      secFetchSite: undefined,
      hasCookie: false,
      isCookieAuthenticated: false,
      ...request,
    },
    isCredentialMutation,
    allowed,
  );
}

/** What holds for cookie callers and credential mutations alike. */
const withCookie: readonly Case[] = [
  ['https://id.example.com', undefined, 'allowed'],
  ['https://app.example.com', 'same-site', 'allowed'],
  ['https://app.example.com', 'cross-site', 'allowed'],
  ['https://evil.example', undefined, 'foreign-origin'],
  ['https://evil.example', 'same-origin', 'foreign-origin'],
  ['http://id.example.com', undefined, 'foreign-origin'],
  ['https://id.example.com:8443', undefined, 'foreign-origin'],
  ['https://id.example.com.evil.example', undefined, 'foreign-origin'],
  ['https://evilid.example.com', undefined, 'foreign-origin'],
  ['https://id.example.com/', undefined, 'foreign-origin'],
  ['HTTPS://ID.EXAMPLE.COM', undefined, 'foreign-origin'],
  ['', 'same-origin', 'foreign-origin'],
  ['null', undefined, 'opaque-origin'],
  ['null', 'same-origin', 'opaque-origin'],
  [undefined, 'same-origin', 'allowed'],
  [undefined, 'same-site', 'no-origin'],
  [undefined, 'cross-site', 'no-origin'],
  [undefined, 'none', 'no-origin'],
  [undefined, undefined, 'no-origin'],
];

describe('SES-16 csrfVerdict', () => {
  it.each(withCookie)(
    'for a cookie caller, Origin %s and Sec-Fetch-Site %s: %s',
    (origin, secFetchSite, verdict) => {
      expect(verdictOf({ origin, secFetchSite, hasCookie: true, isCookieAuthenticated: true })).toBe(verdict);
    },
  );

  it.each(withCookie)(
    'for a credential mutation with some cookie, Origin %s and Sec-Fetch-Site %s: %s',
    (origin, secFetchSite, verdict) => {
      expect(verdictOf({ origin, secFetchSite, hasCookie: true, isCredentialMutation: true })).toBe(verdict);
    },
  );

  it.each(withCookie)(
    'for a credential mutation without any cookie, Origin %s and Sec-Fetch-Site %s: %s, unless both are absent',
    (origin, secFetchSite, verdict) => {
      const isProgram = origin === undefined && secFetchSite === undefined;
      expect(verdictOf({ origin, secFetchSite, isCredentialMutation: true })).toBe(
        isProgram ? 'allowed' : verdict,
      );
    },
  );

  it.each(withCookie)(
    'asks nothing of other callers, whatever Origin %s and Sec-Fetch-Site %s say',
    (origin, secFetchSite) => {
      expect(verdictOf({ origin, secFetchSite })).toBe('allowed');
      expect(verdictOf({ origin, secFetchSite, hasCookie: true })).toBe('allowed');
    },
  );
});
