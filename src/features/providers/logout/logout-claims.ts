/** What a provider says in a logout token: who signed out, or which of its sessions ended, or both. */
export interface LogoutClaims {
  readonly id: string;
  readonly subject: string | null;
  readonly sessionId: string | null;
}

const event = 'http://schemas.openid.net/event/backchannel-logout';
const longestAgeSeconds = 480;
const skewSeconds = 60;

/** Tokens are remembered until no copy of them would be young enough. */
export const rememberedMs = (longestAgeSeconds + 2 * skewSeconds) * 1_000;

/**
 * Reads the claims of a token whose signature, issuer, audience and end were checked; null for anything but a logout token (OpenID Connect
 * Back-Channel Logout 1.0, section 2.6). `now` in milliseconds.
 * SECURITY: an ID token of the same provider and client has a valid signature too; it has no such event, and it has a nonce.
 */
export function logoutClaims(
  claims: Readonly<Record<string, unknown>>,
  type: string | undefined,
  now: number,
): LogoutClaims | null {
  const { jti, iat, sub, sid, events } = claims;
  const isTyped = type === undefined || ['logout+jwt', 'jwt'].includes(type.toLowerCase());
  if (!isTyped || 'nonce' in claims || !isName(jti) || typeof iat !== 'number') return null;
  const age = now / 1_000 - iat;
  if (age > longestAgeSeconds || age < -skewSeconds) return null;
  if (!isObject(events) || !isObject(events[event])) return null;
  if ((sub !== undefined && !isName(sub)) || (sid !== undefined && !isName(sid))) return null;
  if (sub === undefined && sid === undefined) return null;
  return { id: jti, subject: sub ?? null, sessionId: sid ?? null };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 1_024;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
