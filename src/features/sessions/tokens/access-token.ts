import { hash } from 'node:crypto';
import { CompactSign, compactVerify, type CompactVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Clock, Instant } from '#src/shared/clock';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Ids } from '#src/shared/ids';
import {
  maximumTokenSeconds,
  readClaims,
  type AccessToken,
  type AccessTokenClaims,
  type ClaimsProblem,
} from './access-token-claims';
import { currentKey, signingAlgorithms, verificationKeys, type SigningKeySource } from './signing-keys';

/** What a token is made for. */
export interface TokenGrant {
  /** User id, or for a machine its client id. */
  readonly subject: string;
  readonly clientId: string;
  /** At most these permissions are in force; `all` sets no bound beyond what the user holds and is refused for a machine. */
  readonly permissions: readonly string[] | 'all';
  /** With `all`: the permissions over the own account that are in force; all of them when absent. */
  readonly ownPermissions?: readonly string[];
  readonly roles: readonly string[] | 'all';
  readonly lifetimeSeconds: number;
  readonly sessionId?: string;
  readonly credentialEpoch?: number;
  readonly organizationId?: string;
  readonly organizationName?: string;
  /** The family of refresh tokens that the token lives and dies with, in place of the session. */
  readonly familyId?: string;
  /** Who acts in the name of the subject (RFC 8693 section 4.1). */
  readonly actorId?: string;
  readonly acr?: string;
  /** Names of the methods of the sign-in. */
  readonly amr?: readonly string[];
  readonly authenticatedAt?: Instant;
  /** Set where the token is for another API than the gateway, which then says nothing of what may be done here. */
  readonly api?: ApiGrant;
  /** Told to others, under names with a namespace; never read here. */
  readonly moreClaims?: Readonly<Record<string, unknown>>;
}

/** What a token says to another API. */
export interface ApiGrant {
  readonly audience: string;
  readonly scope: readonly string[];
  /** Null: the token has no such claim. */
  readonly permissions: readonly string[] | null;
}

export interface TokenIssuer {
  /** Signs an access token after RFC 9068. Throws VALIDATION_FAILED for a grant that no verifier would accept. */
  issue(grant: TokenGrant): Promise<{ readonly token: string; readonly expiresAt: Instant }>;
}

export interface TokenVerifier {
  /** What the token says. Throws UNAUTHENTICATED, with `reason` TOKEN_EXPIRED or TOKEN_INVALID, for any token but a valid one. */
  verify(token: string): Promise<AccessToken>;
}

interface TokenSetting {
  readonly keys: readonly SigningKeySource[];
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
}

const tokenType = 'at+jwt';
const maximumTokenLength = 8_192;
const tokenForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export function createTokenIssuer(setting: TokenSetting & { readonly ids: Ids }): TokenIssuer {
  const { kid, alg, privateKey } = currentKey(setting.keys);
  return {
    issue: async (grant) => {
      checkGrant(grant, setting.audience);
      const iat = Math.floor(setting.clock.now() / 1_000);
      const exp = iat + grant.lifetimeSeconds;
      const claims: AccessTokenClaims = {
        ...foreignClaims(grant.moreClaims),
        iss: setting.issuer,
        sub: grant.subject,
        aud: grant.api?.audience ?? setting.audience,
        client_id: grant.clientId,
        iat,
        exp,
        jti: setting.ids.secret(16),
        ...(grant.sessionId !== undefined && { sid: grant.sessionId }),
        ...(grant.familyId !== undefined && { fid: grant.familyId }),
        ...(grant.credentialEpoch !== undefined && { epoch: grant.credentialEpoch }),
        ...(grant.organizationId !== undefined && { org_id: grant.organizationId }),
        ...(grant.organizationName !== undefined && { org_name: grant.organizationName }),
        ...(grant.acr !== undefined && { acr: grant.acr }),
        ...(grant.actorId !== undefined && { act: { sub: grant.actorId, sub_profile: 'human' } }),
        ...(grant.amr !== undefined && { amr: grant.amr }),
        ...(grant.authenticatedAt !== undefined && { auth_time: Math.floor(grant.authenticatedAt / 1_000) }),
        ...(grant.api === undefined ? claimsForGateway(grant) : claimsForApi(grant.api)),
      };
      const token = await new CompactSign(Buffer.from(JSON.stringify(claims), 'utf8'))
        .setProtectedHeader({ alg, kid, typ: tokenType })
        .sign(privateKey);
      if (token.length > maximumTokenLength)
        throw refusedGrant('permissions', 'The token would be too long.');
      return { token, expiresAt: exp * 1_000 };
    },
  };
}

function claimsForGateway({ permissions, ownPermissions, roles }: TokenGrant): Partial<AccessTokenClaims> {
  return {
    ...(permissions === 'all'
      ? {
          permissions_omitted: true,
          ...(ownPermissions !== undefined && { own_permissions: ownPermissions }),
        }
      : { permissions, scope: permissions.join(' ') }),
    ...(roles === 'all' ? { roles_omitted: true } : { roles }),
  };
}

function claimsForApi({ scope, permissions }: ApiGrant): Partial<AccessTokenClaims> {
  return { scope: scope.join(' '), ...(permissions !== null && { permissions }) };
}

/** The claims that mean something here or by their standards. */
const ourClaims: ReadonlySet<string> = new Set([
  ...[
    'iss',
    'sub',
    'aud',
    'client_id',
    'iat',
    'exp',
    'nbf',
    'jti',
    'sid',
    'fid',
    'epoch',
    'org_id',
    'org_name',
  ],
  ...['acr', 'amr', 'auth_time', 'act', 'may_act', 'cnf', 'scope', 'permissions', 'permissions_omitted'],
  'own_permissions',
  ...['roles', 'roles_omitted'],
]);

/** SECURITY: what features add never takes the place of a claim of ours, and names no actor where there is none. */
function foreignClaims(claims: TokenGrant['moreClaims'] = {}): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !ourClaims.has(name)));
}

function checkGrant(grant: TokenGrant, ownAudience: string): void {
  // SECURITY: an API that is named like the gateway defines its permissions itself; a token for it must not be one for the gateway.
  if (grant.api?.audience === ownAudience)
    throw refusedGrant('audience', 'For the gateway itself, leave the audience out.');
  const { lifetimeSeconds: lifetime } = grant;
  if (!Number.isSafeInteger(lifetime) || lifetime < 1 || lifetime > maximumTokenSeconds) {
    throw refusedGrant('lifetimeSeconds', `A token lives 1 to ${maximumTokenSeconds} seconds.`);
  }
  const isMachine = grant.subject === grant.clientId;
  if (isMachine && (grant.permissions === 'all' || grant.roles === 'all')) {
    throw refusedGrant('permissions', "A machine's token names its permissions and roles.");
  }
}

function refusedGrant(field: string, message: string): GatehouseError {
  return commonErrors.VALIDATION_FAILED({ message, extensions: { field } });
}

/**
 * Verifies tokens that this deployment signed. A token that was verified before costs a hash instead of a signature check
 * until it expires; whether its user and session still live is for the caller to ask at each request.
 */
export function createTokenVerifier(
  setting: TokenSetting & { readonly skewSeconds?: number; readonly cacheSize?: number },
): TokenVerifier {
  const { issuer, audience, clock, skewSeconds = 60, cacheSize = 10_000 } = setting;
  const keys = verificationKeys(setting.keys);
  const verified = new LRUCache<string, AccessToken>({ max: cacheSize });

  const keyFor: CompactVerifyGetKey = (header) => {
    const key = typeof header.kid === 'string' ? keys.get(header.kid) : undefined;
    // SECURITY: algorithm confusion and smuggled keys (RFC 8725 sections 2.1, 3.1, 3.5). The key is one of ours or none, it
    // serves its own algorithm alone, and `jwk`, `jku`, `x5u` and `x5c` of the header are never looked at.
    if (!key || key.alg !== header.alg) throw unauthenticated('TOKEN_INVALID');
    return key.publicKey;
  };

  const verifySignature = async (token: string): Promise<Uint8Array> => {
    try {
      const { payload, protectedHeader } = await compactVerify(token, keyFor, {
        algorithms: [...signingAlgorithms],
      });
      // SECURITY: an ID token or logout token signed by the same key must not serve as an access token (RFC 9068 section 4).
      if (protectedHeader.typ?.toLowerCase() === tokenType) return payload;
    } catch (cause) {
      throw unauthenticated('TOKEN_INVALID', cause);
    }
    throw unauthenticated('TOKEN_INVALID');
  };

  return {
    verify: async (token) => {
      if (token.length > maximumTokenLength) throw unauthenticated('TOKEN_INVALID');
      // SECURITY: the cache holds hashes, so that a dump of the memory's long-lived part gives no usable token away.
      const digest = hash('sha256', token, 'base64');
      const now = clock.now();
      const known = verified.get(digest);
      if (known) {
        if (known.expiresAt > now) return known;
        verified.delete(digest);
        throw unauthenticated('TOKEN_EXPIRED');
      }
      if (!tokenForm.test(token)) throw unauthenticated('TOKEN_INVALID');
      const result = readClaims(await verifySignature(token), { issuer, audience, now, skewSeconds });
      if (typeof result === 'string') throw unauthenticated(result);
      verified.set(digest, result);
      return result;
    },
  };
}

function unauthenticated(reason: ClaimsProblem, cause?: unknown): GatehouseError {
  const message =
    reason === 'TOKEN_EXPIRED' ? 'The bearer token has expired.' : 'The bearer token is not valid here.';
  return commonErrors.UNAUTHENTICATED({ message, extensions: { reason }, cause });
}
