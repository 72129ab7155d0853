import { anonymous, principal, type Principal } from '#src/access/principal';
import type { SessionsConfig } from '#src/config/sessions';
import type { ApplicationGrantService } from '#src/features/applications/grants/application-grant.service';
import { gatewayGrants } from '#src/features/organizations/effective-permissions/gateway-grants.service';
import type { Authenticate, Authenticated, SeenFrom } from '#src/graphql/authenticate';
import type { OwnRead } from '#src/graphql/own-user';
import type { Clock } from '#src/shared/clock';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import type { TokenVerifier } from '#src/features/sessions/tokens/access-token';
import { findTokenContext } from '#src/features/sessions/tokens/token-context.repository';
import { isApplicationId } from '#src/features/sessions/tokens/exchange-client-credentials';
import type { AccessToken } from '#src/features/sessions/tokens/access-token-claims';
import type { ProvenMethod } from '#src/features/sessions/minting/proven-user';
import { findVisitorPermissions } from '#src/features/sessions/activity/anonymous-session.repository';
import { anonymousIdOf } from '#src/features/sessions/activity/anonymous-token';
import {
  actorStanding,
  sharedLimit,
  sharedPermissions,
  type SessionActor,
} from '#src/features/sessions/impersonation/actor-standing';
import { callerReads, type CookieCaller, type TokenCaller } from './caller.repository';
import { lentPermissions } from './lent-permissions';
import {
  isAlive,
  sessionLimits,
  touchTimes,
  type CookieMode,
  type SessionTimes,
} from '#src/features/sessions/session-policy';
import type { SessionToucher } from '#src/features/sessions/touch-sessions';
import { isSessionSecret } from '#src/features/sessions/session-token';
import { hashSecret } from '#src/shared/secret-hash';

export interface AuthenticateParts {
  readonly verifier: TokenVerifier;
  readonly config: SessionsConfig;
  readonly clock: Clock;
  /** Says what a registered application holds now; null when it is gone or disabled. */
  readonly grants: Pick<ApplicationGrantService, 'gatewayPermissions' | 'ownAccountPermissions'>;
  /** Told of an interaction whose time is to be stored; must not throw and is not waited for. */
  readonly touch: SessionToucher['touch'];
}

const reads = callerReads(gatewayGrants.columns);

/**
 * Recognises callers. The token of a machine of the command line costs no statement, that of a registered application, a visitor's,
 * a user's token and a session cookie one each; one more for a user's token with permissions over the own account, and two more where what the roles of the user hold is not in memory; a machine's
 * token that is bound to an organization one more.
 */
export function createAuthenticate(parts: AuthenticateParts): Authenticate {
  return async ({ authorization, sessionCookie, from = null, ownRead = null }, store, later) => {
    // SECURITY: mixing identities; beside an Authorization header, even a faulty one, the cookie does not exist.
    if (authorization !== undefined) return fromHeader(parts, authorization, store, ownRead);
    if (sessionCookie === undefined || !isSessionSecret(sessionCookie)) return nobody;
    const found = await reads.bySecret(store, hashSecret(sessionCookie), ownRead);
    if (found === null) return nobody;
    const caller = await recogniseSession(parts, store, found.caller, from, later);
    return caller === null ? nobody : { principal: caller, via: 'cookie', ownRow: found.ownRow };
  };
}

const nobody: Authenticated = { principal: anonymous, via: 'nothing' };

const bearerForm = /^Bearer +([^\s]+) *$/i;

async function fromHeader(
  parts: AuthenticateParts,
  authorization: string,
  store: Store,
  ownRead: OwnRead | null,
): Promise<Authenticated> {
  const [, text] = bearerForm.exec(authorization) ?? [];
  if (text === undefined) {
    throw refused('AUTHORIZATION_INVALID', 'The Authorization header must be "Bearer" and an access token.');
  }
  const token = await parts.verifier.verify(text);
  if (token.kind === 'machine') await requireOrganization(token, store);
  // Visitors have tokens of users too, and no user.
  if (token.kind === 'user' && anonymousIdOf(token.subject) === null)
    return { ...(await userOf(parts, token, store, ownRead)), via: 'bearer' };
  return { principal: await otherCaller(parts, token, store), via: 'bearer' };
}

function otherCaller(
  parts: AuthenticateParts,
  token: AccessToken,
  store: Store,
): Principal | Promise<Principal> {
  const visitId = anonymousIdOf(token.subject);
  if (visitId !== null) return visitor(parts, token, visitId, store);
  return isApplicationId(token.subject) ? application(parts, token, store) : machine(token);
}

/** SECURITY: a token that outlives the visitor, the setting of its application or a permission of visitors; asked at each request. */
async function visitor(
  parts: AuthenticateParts,
  token: AccessToken,
  id: string,
  store: Store,
): Promise<Principal> {
  const held = await findVisitorPermissions(store, id, parts.clock.now());
  if (held === null) throw revoked();
  return principal({
    ...anonymous,
    subject: token.subject,
    clientId: token.clientId,
    permissions: within(token.permissions, held),
  });
}

/** SECURITY: a token that outlives its application, or what the application may do; asked at each request. */
async function application(parts: AuthenticateParts, token: AccessToken, store: Store): Promise<Principal> {
  const held = await parts.grants.gatewayPermissions(store, token.subject);
  if (held === null) throw revoked();
  return machinePrincipal(token, within(token.permissions, held));
}

/** SECURITY: a machine's token that outlived its organization, or names one that has another name now; asked at each request. */
async function requireOrganization(
  { organizationId, organizationName }: AccessToken,
  store: Store,
): Promise<void> {
  if (organizationId === null) return;
  const found = await findTokenContext(store, organizationId, null);
  if (found === null || (organizationName !== undefined && organizationName !== found.name)) throw revoked();
}

/** A verified token is one object for as long as it is kept, so a machine's principal is made once for it. */
const machines = new WeakMap<AccessToken, Principal>();

/** A machine that is not registered holds nothing in the database: its token names exactly what it may do. */
function machine(token: AccessToken): Principal {
  const known = machines.get(token);
  if (known) return known;
  const made = machinePrincipal(token, token.permissions ?? []);
  machines.set(token, made);
  return made;
}

function machinePrincipal(token: AccessToken, permissions: Iterable<string>): Principal {
  return principal({
    kind: 'machine',
    userId: null,
    subject: token.subject,
    sessionId: null,
    clientId: token.clientId,
    organizationId: token.organizationId,
    permissions,
    roles: token.roles ?? [],
    acr: null,
    authenticatedAt: null,
  });
}

async function userOf(
  parts: AuthenticateParts,
  token: AccessToken,
  store: Store,
  ownRead: OwnRead | null,
): Promise<Omit<Authenticated, 'via'>> {
  const { subject: userId, sessionId, familyId, organizationId } = token;
  const organizationName = token.organizationName ?? null;
  const applicationId = isApplicationId(token.clientId) ? token.clientId : null;
  const key = { userId, sessionId, familyId, organizationId, organizationName, applicationId };
  const known = await reads.byToken(store, key, ownRead);
  // SECURITY: one answer for a user that is blocked, deleted or signed out, so that a stolen token tells nothing about its user.
  if (known === null || !isInForce(parts, token, known.caller)) throw revoked();
  const { caller, ownRow } = known;
  const { permissions, roles } = await gatewayGrants.read(store, caller);
  const found = isFound(caller) && isLive(parts, caller);
  const made = principal({
    kind: 'user',
    userId,
    subject: userId,
    // An offline token outlives its session, which is then no longer the caller's.
    sessionId: found ? sessionId : null,
    clientId: token.clientId,
    organizationId,
    permissions: within(token.permissions, permissions),
    limitedTo: await lentPermissions(parts.grants, token, applicationId, store),
    roles: within(token.roles, roles),
    heldRoles: roles,
    acr: token.acr,
    amr: token.amr,
    authenticatedAt: token.authenticatedAt,
    credentialEpoch: caller.userEpoch,
  });
  const acting = await delegated(parts, store, made, found ? caller.actor : null);
  if (acting === null) throw revoked();
  return { principal: acting, ownRow };
}

function isInForce(parts: AuthenticateParts, token: AccessToken, caller: TokenCaller): boolean {
  // A token without an epoch is older than any.
  if (caller.isBlocked || (token.credentialEpoch ?? -1) < caller.userEpoch) return false;
  // SECURITY: a token that outlives the application that was given it, as for machines.
  if (!caller.hasOrganization || !caller.hasApplication) return false;
  if (token.familyId !== null) return caller.hasFamily;
  return token.sessionId === null || (isFound(caller) && isLive(parts, caller));
}

type FoundSession = { readonly [property in keyof TokenCaller]: NonNullable<TokenCaller[property]> };

/** The columns of a session are null together. */
function isFound(caller: TokenCaller): caller is FoundSession {
  return caller.sessionId !== null;
}

function within(bound: ReadonlySet<string> | null, held: readonly string[]): readonly string[] {
  return bound === null ? held : held.filter((name) => bound.has(name));
}

/**
 * Who holds this session, with what is in force now; null when it or its user is no longer good. Counts as an
 * interaction of the session, at once or when `later` runs what it is given.
 */
async function recogniseSession(
  parts: AuthenticateParts,
  store: Store,
  caller: CookieCaller,
  from: SeenFrom | null,
  later: (touch: () => void) => void = (touch) => touch(),
): Promise<Principal | null> {
  // SECURITY: a session that outlives its organization would fall back to the user's rights outside of all.
  if (caller.isBlocked || !caller.hasOrganization || !isLive(parts, caller)) return null;
  const times = touchTimes(caller, parts.clock.now(), limitsOf(parts, caller));
  if (times !== null) later(() => parts.touch(caller.sessionId, caller, times, from));
  return delegated(parts, store, await holder(store, caller), caller.actor);
}

/**
 * The caller, with the one who acts in its name; null when that one may no longer. SECURITY: a delegated session has at most the rights
 * that both have, up to the ceiling, and ends with the session, the permission and the good standing of its actor.
 */
async function delegated(
  { config, clock }: AuthenticateParts,
  store: Store,
  caller: Principal,
  stored: Readonly<Record<string, unknown>> | null,
): Promise<Principal | null> {
  if (stored === null) return caller;
  const { userId, sessionId } = stored as unknown as SessionActor;
  const standing = await actorStanding(config, store, clock.now(), { userId, sessionId });
  if (standing === null) return null;
  const permissions = sharedPermissions(config, caller.permissions, standing.permissions);
  const limitedTo = sharedLimit(config, caller.limitedTo);
  return principal({
    ...caller,
    permissions,
    limitedTo,
    authenticatedAt: null,
    actor: { userId, sessionId },
  });
}

type Liveness = Pick<CookieCaller, 'status' | 'sessionEpoch' | 'userEpoch' | 'cookieMode'> & SessionTimes;

function isLive(parts: AuthenticateParts, session: Liveness): boolean {
  return (
    session.status === 'ACTIVE' &&
    session.sessionEpoch >= session.userEpoch &&
    isAlive(session, parts.clock.now(), limitsOf(parts, session))
  );
}

function limitsOf({ config }: AuthenticateParts, session: { readonly cookieMode: string }) {
  return sessionLimits(config, session.cookieMode as CookieMode);
}

async function holder(store: Store, caller: CookieCaller): Promise<Principal> {
  const { permissions, roles } = await gatewayGrants.read(store, caller);
  return principal({
    kind: 'user',
    userId: caller.userId,
    subject: caller.userId,
    sessionId: caller.sessionId,
    organizationId: caller.organizationId,
    permissions,
    roles,
    acr: caller.assurance.toLowerCase(),
    amr: methodNames(caller.authenticationMethods),
    authenticatedAt: caller.authenticatedAt,
    credentialEpoch: caller.userEpoch,
  });
}

function methodNames(methods: readonly unknown[]): readonly string[] {
  return (methods as readonly ProvenMethod[]).map(({ name }) => name);
}

function revoked(): GatehouseError {
  return refused('TOKEN_REVOKED', 'The bearer token is no longer in force. Sign in again.');
}

function refused(reason: string, message: string): GatehouseError {
  return commonErrors.UNAUTHENTICATED({ message, extensions: { reason } });
}
