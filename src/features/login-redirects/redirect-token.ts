import { compactVerify, SignJWT } from 'jose';
import type { Instant } from '#src/shared/clock';

const skewSeconds = 60;
const longestToken = 8_192;

/** What a page is told of the sign-in that it interrupts. */
export interface VisitClaims {
  readonly userId: string;
  readonly issuer: string;
  readonly id: string;
  readonly ip: string | null;
  readonly payload: Readonly<Record<string, string | number | boolean>>;
  readonly now: Instant;
  readonly seconds: number;
}

/** The token for the page. SECURITY: it has no `state`, so it is none that could come back as the page's answer. */
export function signVisit(
  key: Uint8Array,
  { userId, issuer, id, ip, payload, now, seconds }: VisitClaims,
): Promise<string> {
  const issuedAt = Math.floor(now / 1_000);
  return new SignJWT({ ...payload, ...(ip === null ? {} : { ip }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(userId)
    .setIssuer(issuer)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + seconds)
    .setJti(id)
    .sign(key);
}

/**
 * The id of the page's answer: a token by the same key, of now, about this user and this very visit. Null for anything else. SECURITY: HS256
 * alone, whatever its header names; without `state` it could be the answer to another visit, of another browser.
 */
export async function readAnswer(
  key: Uint8Array,
  token: string,
  expected: { readonly userId: string; readonly state: string; readonly now: Instant },
): Promise<string | null> {
  if (token.length > longestToken) return null;
  let claims: unknown;
  try {
    const { payload } = await compactVerify(token, key, { algorithms: ['HS256'] });
    claims = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return null;
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return null;
  const { sub, state, exp, iat, nbf, jti } = claims as Readonly<Record<string, unknown>>;
  if (sub !== expected.userId || state !== expected.state) return null;
  const now = expected.now / 1_000;
  if (!isTime(exp) || exp + skewSeconds <= now) return null;
  if ([iat, nbf].some((time) => time !== undefined && (!isTime(time) || time - skewSeconds > now)))
    return null;
  return typeof jti === 'string' && jti.length > 0 && jti.length <= 256 ? jti : null;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
