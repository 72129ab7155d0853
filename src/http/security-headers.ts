/** Headers of every answer; a page sets its own `content-security-policy` instead. */
export function securityHeaders(isSecureIssuer: boolean): Readonly<Record<string, string>> {
  return {
    // SECURITY: answers hold personal data; no cache between may keep them.
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // SECURITY: nothing of ours may be framed, so no click can be hijacked.
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    ...(isSecureIssuer ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}
