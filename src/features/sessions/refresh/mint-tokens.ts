import type { Call } from '#src/access/call';
import { isOwnPermission } from '#src/access/principal';
import type { SessionsConfig } from '#src/config/sessions';
import type { ApplicationGrantService } from '#src/features/applications/grants/application-grant.service';
import { gatewayGrants } from '#src/features/organizations/effective-permissions/gateway-grants.service';
import { tokenPermissions } from '#src/features/roles/token-permissions';
import { requireStanding } from '#src/features/sessions/minting/mint-session';
import { sharedPermissions } from '#src/features/sessions/impersonation/actor-standing';
import type { MintHooks } from '#src/features/sessions/minting/mint-hooks';
import type { ProvenMethod, ProvenUser, TokenUse } from '#src/features/sessions/minting/proven-user';
import type { SessionRow } from '#src/features/sessions/session.repository';
import type { TokenGrant, TokenIssuer } from '#src/features/sessions/tokens/access-token';
import { findTokenContext } from '#src/features/sessions/tokens/token-context.repository';
import type { Instant } from '#src/shared/clock';
import type { Ids } from '#src/shared/ids';
import type { Store } from '#src/storage/store';
import { endFamilies } from './end-families.repository';
import { findFamiliesBeyond, insertFamily, insertToken } from './refresh.repository';
import { hashSecret } from '#src/shared/secret-hash';

/** What a sign-in or an exchange gives to an application. */
export interface TokenSet {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  /** Seconds. */
  readonly expiresIn: number;
  /** Shown this once; null where none was asked for. */
  readonly refreshToken: string | null;
}

export interface MintParts {
  readonly config: SessionsConfig;
  readonly issue: TokenIssuer['issue'];
  readonly nameInTokens: boolean;
  readonly mintHooks: MintHooks;
  readonly grants: Pick<ApplicationGrantService, 'ownAccountPermissions'>;
}

/** For whom a token is made, and by what sign-in. */
export interface TokenSubject {
  readonly userId: string;
  readonly sessionId: string | null;
  /** The family of an offline token. */
  readonly familyId: string | null;
  readonly clientId: string;
  readonly organizationId: string | null;
  readonly credentialEpoch: number;
  readonly assurance: string;
  readonly authenticatedAt: Instant;
  readonly methods: readonly ProvenMethod[];
  /** Who acts in the name of the user, with what that one may do. */
  readonly actor?: { readonly userId: string; readonly permissions: readonly string[] };
}

const delegatedTokenSeconds = 900;
const prefix = 'rt_';
const tokenForm = /^rt_[\w-]{43}$/;

/** A new refresh token: 256 random bits behind a prefix that secret scanners know. */
function newRefreshToken(ids: Ids): string {
  return `${prefix}${ids.secret(32)}`;
}

/** The hash under which a refresh token is stored; null for what cannot be one. */
export function hashRefreshToken(token: string): string | null {
  return tokenForm.test(token) ? hashSecret(token) : null;
}

/**
 * The claims of an access token, read inside the transaction that allows it: the choke point of tokens. INVALID_CREDENTIALS for a user
 * who was blocked, deleted or whose credentials changed; null when the user is no longer a member of the organization.
 */
export async function grantFor(
  parts: MintParts,
  store: Store,
  subject: TokenSubject,
): Promise<TokenGrant | null> {
  await requireStanding(store, subject);
  const { userId, organizationId, sessionId, familyId } = subject;
  const context = organizationId === null ? null : await findTokenContext(store, organizationId, userId);
  if (organizationId !== null && context?.isMember !== true) return null;
  const own = await gatewayGrants.find(store, userId, organizationId);
  const { actor } = subject;
  const held =
    actor === undefined
      ? own
      : { ...own, permissions: sharedPermissions(parts.config, own.permissions, actor.permissions) };
  const said = tokenPermissions({
    enforcePolicies: true,
    tokenDialect: 'RFC9068_PROFILE_AUTHZ',
    defined: held.permissions,
    held: held.permissions,
    requested: held.permissions,
  });
  // Whoever acts in the name of the user has no business with the account itself.
  const lent = actor === undefined ? await parts.grants.ownAccountPermissions(store, subject.clientId) : [];
  const names = [...new Set([...(said.permissions ?? []), ...lent])];
  const permissions = bounded(names, 1_500);
  const more: Record<string, unknown> = {};
  for (const claims of parts.mintHooks.claims) Object.assign(more, await claims(store, subject));
  return {
    subject: userId,
    clientId: subject.clientId,
    // Permissions stand in the token twice: a token is at most 8,192 characters long.
    permissions,
    // SECURITY: what the database bounds may be left out, these would all be in force then.
    ...(permissions === 'all' && actor === undefined && { ownPermissions: names.filter(isOwnPermission) }),
    roles: bounded(held.roles, 1_000),
    ...(Object.keys(more).length > 0 && { moreClaims: more }),
    lifetimeSeconds:
      actor === undefined
        ? parts.config.accessTokenSeconds
        : Math.min(parts.config.accessTokenSeconds, delegatedTokenSeconds),
    credentialEpoch: subject.credentialEpoch,
    acr: subject.assurance.toLowerCase(),
    amr: subject.methods.map(({ name }) => name),
    authenticatedAt: subject.authenticatedAt,
    ...(actor !== undefined && { actorId: actor.userId }),
    ...(sessionId !== null && { sessionId }),
    ...(familyId !== null && { familyId }),
    ...(organizationId !== null && { organizationId }),
    ...(parts.nameInTokens && context !== null && { organizationName: context.name }),
  };
}

/** A list that would make the token too long for headers is left out, and said to be. */
function bounded(names: readonly string[], mostBytes: number): readonly string[] | 'all' {
  return Buffer.byteLength(JSON.stringify(names)) > mostBytes ? 'all' : names;
}

/** Signs what was granted. */
export async function signGrant(
  parts: MintParts,
  grant: TokenGrant,
  refreshToken: string | null,
): Promise<TokenSet> {
  const { token } = await parts.issue(grant);
  return { accessToken: token, tokenType: 'Bearer', expiresIn: grant.lifetimeSeconds, refreshToken };
}

/** Starts a family of refresh tokens; where the user has too many with this application, the oldest end. */
async function startFamily(
  { config }: MintParts,
  store: Store,
  call: Call,
  subject: Omit<TokenSubject, 'familyId'> & {
    readonly isOnline: boolean;
    readonly device: Record<string, unknown>;
  },
): Promise<{ readonly familyId: string; readonly token: string }> {
  const now = call.clock.now();
  const expiresAt = now + config.refreshAbsoluteSeconds * 1_000;
  const familyId = call.ids.next('rtf');
  const { userId, clientId, methods, ...rest } = subject;
  await insertFamily(store, {
    ...{ id: familyId, userId, clientId, methods },
    ...{ sessionId: rest.sessionId, organizationId: rest.organizationId, isOnline: rest.isOnline },
    ...{
      credentialEpoch: rest.credentialEpoch,
      assurance: rest.assurance,
      authenticatedAt: rest.authenticatedAt,
    },
    ...{ device: rest.device, createdAt: now, lastExchangedAt: null, expiresAt },
    idleExpiresAt: Math.min(now + config.refreshIdleSeconds * 1_000, expiresAt),
    ...{ revokedAt: null, revokeReason: null },
  });
  const beyond = await findFamiliesBeyond(store, {
    userId,
    clientId,
    kept: config.refreshTokensPerClient,
    now,
  });
  if (beyond.length > 0) await endFamilies(store, { ids: beyond }, { reason: 'limit', now });
  return { familyId, token: await addToken(store, call, familyId, null) };
}

export async function addToken(
  store: Store,
  call: Call,
  familyId: string,
  parentId: string | null,
): Promise<string> {
  const token = newRefreshToken(call.ids);
  const tokenHash = hashRefreshToken(token) ?? '';
  await insertToken(store, {
    id: call.ids.next('rtk'),
    tokenHash,
    familyId,
    parentId,
    createdAt: call.clock.now(),
  });
  return token;
}

/** The tokens of a sign-in that was just proved, signed when its transaction is committed. */
export interface UnsignedTokens {
  readonly grant: TokenGrant;
  readonly refreshToken: string | null;
}

/** The tokens that an application asked for in place of a cookie; inside the transaction that made the session. */
export async function mintForSession(
  parts: MintParts,
  store: Store,
  call: Call,
  {
    session,
    user,
    tokenUse,
  }: { readonly session: SessionRow; readonly user: ProvenUser; readonly tokenUse: TokenUse },
): Promise<UnsignedTokens | null> {
  const { clientId } = user;
  if (clientId === null) return null;
  const { id: sessionId, userId, organizationId, assurance, authenticatedAt, device } = session;
  const { credentialEpoch, methods } = user;
  const subject = {
    userId,
    sessionId,
    clientId,
    organizationId,
    credentialEpoch,
    assurance,
    authenticatedAt,
    methods,
  };
  const isOnline = tokenUse === 'ONLINE';
  const family =
    tokenUse === 'ACCESS' ? null : await startFamily(parts, store, call, { ...subject, isOnline, device });
  const familyId = family === null || isOnline ? null : family.familyId;
  const grant = await grantFor(parts, store, { ...subject, familyId });
  return grant === null ? null : { grant, refreshToken: family?.token ?? null };
}
