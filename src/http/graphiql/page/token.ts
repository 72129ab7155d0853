/** What a person pastes, as the bare token: without quotes, line breaks and a leading `Bearer`. */
export function cleanToken(text: string): string {
  return text
    .replace(/^[\s"']*(?:authorization\s*:\s*)?(?:bearer\s+)?/i, '')
    .replace(/[^\x21-\x7e]|["']/g, '');
}

/**
 * One sentence about the credential that requests will carry. The token is only decoded to help the reader; nothing
 * relies on what it says, and a text that is no token gives a sentence too.
 */
export function describeToken(token: string, now: number): string {
  if (token === '') return 'No token: requests use the session cookie, if there is one.';
  const claims = readClaims(token);
  const caller = typeof claims['sub'] === 'string' ? ` of ${claims['sub'].slice(0, 80)}` : '';
  const expiry = typeof claims['exp'] === 'number' ? describeExpiry(claims['exp'] * 1000 - now) : '';
  return `Requests carry the token${caller}${expiry}.`;
}

function describeExpiry(left: number): string {
  if (left <= 0) return ', which has expired';
  const minutes = Math.ceil(left / 60_000);
  return minutes < 120 ? `, valid for ${minutes} min` : `, valid for ${Math.round(minutes / 60)} h`;
}

function readClaims(token: string): Record<string, unknown> {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
