import type { Instant } from '#src/shared/clock';

/** What a verified access token says. Frozen: requests with the same token share it. */
export interface AccessToken {
  /** A token whose subject is its own client speaks for a machine. */
  readonly kind: 'user' | 'machine';
  /** User id, or the client id of a machine. */
  readonly subject: string;
  readonly clientId: string;
  readonly tokenId: string;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** The session that the token lives and dies with. */
  readonly sessionId: string | null;
  /** The family of refresh tokens that it lives and dies with; the session is then only named. */
  readonly familyId: string | null;
  /** The user's credential epoch at issue: a user with a higher one has disowned the token. */
  readonly credentialEpoch: number | null;
  readonly organizationId: string | null;
  /** A second check: the organization must still have this name. */
  readonly organizationName?: string;
  /** At most these are in force; null sets no bound beyond what the user holds. Never null for a machine. */
  readonly permissions: ReadonlySet<string> | null;
  /** Where `permissions` sets no bound: the permissions over the own account that the token is good for all the same; null: all. */
  readonly ownPermissions: ReadonlySet<string> | null;
  readonly roles: ReadonlySet<string> | null;
  /** Authentication context class of the sign-in. */
  readonly acr: string | null;
  /** Names of the methods of the sign-in. */
  readonly amr: readonly string[];
  readonly authenticatedAt: Instant | null;
}

/** Claims as they stand in the token, after RFC 9068 and RFC 7519; times in seconds. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly client_id: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly nbf?: number;
  readonly sid?: string;
  readonly fid?: string;
  readonly epoch?: number;
  readonly org_id?: string;
  readonly org_name?: string;
  readonly acr?: string;
  readonly amr?: readonly string[];
  /** Told to others; the gateway itself reads it from the session. */
  readonly act?: { readonly sub: string; readonly sub_profile: 'human' };
  readonly auth_time?: number;
  readonly permissions?: readonly string[];
  /** The same permissions for those who read them there (RFC 9068 section 2.2.3); never read here. */
  readonly scope?: string;
  readonly permissions_omitted?: true;
  /** Beside `permissions_omitted`: those over the own account (`…:me:…`), which no database bounds. */
  readonly own_permissions?: readonly string[];
  readonly roles?: readonly string[];
  readonly roles_omitted?: true;
}

export interface ExpectedClaims {
  readonly issuer: string;
  readonly audience: string;
  readonly now: Instant;
  readonly skewSeconds: number;
}

/** The longest that a token may live, in seconds. */
export const maximumTokenSeconds = 86_400;

export type ClaimsProblem = 'TOKEN_INVALID' | 'TOKEN_EXPIRED';

/**
 * Reads the payload of a token whose signature was verified. Strict: a claim of another type, a missing one, an audience
 * list or a fraction of a second makes the token invalid. The end is exact; only `iat` and `nbf` have the clocks' tolerance.
 */
export function readClaims(payload: Uint8Array, expected: ExpectedClaims): AccessToken | ClaimsProblem {
  const claims = parseClaims(payload);
  if (!claims || claims['iss'] !== expected.issuer || claims['aud'] !== expected.audience)
    return 'TOKEN_INVALID';
  const {
    sub,
    client_id: clientId,
    jti,
    iat,
    nbf,
    exp,
    sid,
    fid,
    epoch,
    org_id: organizationId,
    acr,
  } = claims;
  const organizationName = claims['org_name'];
  const permissions = readBound(claims['permissions'], claims['permissions_omitted']);
  const roles = readBound(claims['roles'], claims['roles_omitted']);
  const ownPermissions = claims['own_permissions'];
  const authTime = claims['auth_time'];
  const amr = claims['amr'];
  const areValid =
    isName(sub) &&
    isName(clientId) &&
    isName(jti) &&
    isSeconds(iat) &&
    isSeconds(exp) &&
    isAbsentOr(isSeconds, nbf) &&
    isAbsentOr(isSeconds, authTime) &&
    isAbsentOr(isSeconds, epoch) &&
    isAbsentOr(isName, sid) &&
    isAbsentOr(isName, fid) &&
    isAbsentOr(isNames, amr) &&
    isAbsentOr(isNames, ownPermissions) &&
    isAbsentOr(isName, organizationId) &&
    isAbsentOr(isName, organizationName) &&
    // SECURITY: a name can pass to another organization, so that it is never looked up by itself.
    (organizationName === undefined || organizationId !== undefined) &&
    isAbsentOr(isName, acr);
  if (!areValid || permissions === undefined || roles === undefined) return 'TOKEN_INVALID';

  const now = expected.now / 1_000;
  if (iat > now + expected.skewSeconds || (nbf ?? 0) > now + expected.skewSeconds) return 'TOKEN_INVALID';
  if (exp - iat > maximumTokenSeconds) return 'TOKEN_INVALID';
  if (exp <= now) return 'TOKEN_EXPIRED';

  const kind = sub === clientId ? 'machine' : 'user';
  // SECURITY: a machine holds nothing in the database that could bound it, so its token must name what it may do.
  if (kind === 'machine' && (permissions === null || roles === null)) return 'TOKEN_INVALID';
  return Object.freeze({
    kind,
    subject: sub,
    clientId,
    tokenId: jti,
    issuedAt: iat * 1_000,
    expiresAt: exp * 1_000,
    sessionId: sid ?? null,
    familyId: fid ?? null,
    credentialEpoch: epoch ?? null,
    organizationId: organizationId ?? null,
    ...(organizationName !== undefined && { organizationName }),
    permissions,
    ownPermissions: ownPermissions === undefined ? null : new Set(ownPermissions),
    roles,
    acr: acr ?? null,
    amr: amr ?? [],
    authenticatedAt: authTime === undefined ? null : authTime * 1_000,
  });
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parseClaims(payload: Uint8Array): Record<string, unknown> | null {
  try {
    const text = decoder.decode(payload);
    const claims: unknown = JSON.parse(text);
    if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return null;
    // SECURITY: a claim given twice is read differently by different parsers. Printing what was read gives back the text
    // exactly, unless something in it was dropped.
    return JSON.stringify(claims) === text ? (claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A list that bounds the token; null when it is said to be left out; empty when nothing is said; undefined when malformed. */
function readBound(list: unknown, isOmitted: unknown): ReadonlySet<string> | null | undefined {
  if (isOmitted === true) return list === undefined ? null : undefined;
  if (isOmitted !== undefined) return undefined;
  if (list === undefined) return new Set();
  return Array.isArray(list) && list.every(isName) ? new Set(list) : undefined;
}

const maximumNameLength = 1_024;

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= maximumNameLength;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 20 && value.every(isName);
}

function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAbsentOr<Value>(
  is: (value: unknown) => value is Value,
  value: unknown,
): value is Value | undefined {
  return value === undefined || is(value);
}
