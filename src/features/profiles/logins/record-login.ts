import { isIP } from 'node:net';
import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import type { Connection, ConnectionService } from '#src/features/connections/connection.service';
import { mapAllowedClaims } from '#src/features/connections/mapping/allowed-claims';
import {
  mapClaims,
  subjectOf,
  type Claims,
  type MappedClaims,
} from '#src/features/connections/mapping/map-claims';
import { mappingOf } from '#src/features/connections/mapping/mapping-of';
import { storedIds, storedIdsOfOurs } from '#src/features/connections/mapping/stored-ids';
import type { IdentityRow } from '#src/features/identities/identity.repository';
import type { IdentityService } from '#src/features/identities/identity.service';
import type { MailService } from '#src/features/mail/mail.service';
import { emailFollowed } from '#src/features/mail/templates/email-followed';
import { missingAttributes } from './missing-attributes';
import { usableClaims } from './sent-profile';
import { attributePaths, profileKeys } from '#src/features/users/profile/profile';
import type { AttributeSources } from '#src/features/users/profile/attribute-sources';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { reachOf } from '#src/features/users/reach/reach';
import type { UserStanding } from '#src/features/users/standing';
import type { LoginProfile } from '#src/features/users/changes/store-login';
import type { UserRow } from '#src/features/users/user-row';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface LoginParts {
  readonly audit: AuditService;
  readonly mail: MailService;
  readonly connections: ConnectionService;
  readonly users: UserService;
  readonly identities: IdentityService;
}

export interface Login {
  /** Name of the connection. */
  readonly connection: string;
  /** What the identity provider said, under its own names. */
  readonly claims: Claims;
  /** Where the person signed in from, where that is known. */
  readonly ip?: string | null;
  /** The application that the sign-in is for, where it is known. */
  readonly applicationId?: string | null;
  /** False: the sign-in is counted where its session is made. Default: true. */
  readonly isCounted?: boolean;
  /** Whether the id may be the one that the user has here: the claims come from a trusted service, and not from a provider. Default: false. */
  readonly mayNameOurIds?: boolean;
}

export interface RecordedLogin {
  readonly user: UserRow;
  /** A blocked user's sign-in is refused: it was counted, and nothing else was taken from it. */
  readonly outcome: 'CREATED' | 'SIGNED_IN' | 'BLOCKED';
  /** Whether the identity is the user's primary one. */
  readonly isPrimary: boolean;
  /** Attribute paths that the sign-in changed. */
  readonly changed: readonly string[];
  /** Claims that a blacklist stopped. */
  readonly stripped: number;
  /** Attributes that have no column of their own, without blacklisted ones. */
  readonly asserted: Claims;
  /** Values that cannot be stored. */
  readonly ignored: number;
  /** Attributes that the connection requires and the user is without: see `missingAttributes`. */
  readonly missing: readonly string[];
  /**
   * Everything the provider said, blacklisted attributes included, for hooks and tokens of this very sign-in.
   * SECURITY: it lives in memory alone; it is never stored, logged or answered.
   */
  readonly sameLogin: MappedClaims;
}

const mostBytes = 64 * 1024;

/** Somebody whom a provider has vouched for, before anything is made of it. */
export interface Arrival {
  readonly connection: Connection;
  /** Null: nobody here has the identity yet. */
  readonly identity: IdentityRow | null;
  /** Who has it; the row is locked. */
  readonly user: UserRow | null;
  /** What was read with the user; null: nothing was. */
  readonly sources: AttributeSources | null;
  readonly standing: UserStanding | null;
  /** The id at the provider, in the form in which a new identity keeps it. */
  readonly providerUserId: string;
  readonly claims: Claims;
  /** What may be stored for a member of these organizations. */
  profileFor(organizations: readonly string[]): ArrivedProfile;
}

export interface ArrivedProfile extends LoginProfile {
  /** How many claims a blacklist stopped. */
  readonly stripped: number;
  /** Values that cannot be stored. */
  readonly ignored: number;
  /** What no blacklist stopped, besides the attributes of the user. */
  readonly asserted: Claims;
}

/** Checks what a provider said and looks up whose identity it is. Inside the transaction of `store`. */
export async function arrivalOf(parts: LoginParts, store: Store, call: Call, login: Login): Promise<Arrival> {
  checkClaims(login);
  const named = await requireUsable(parts, store, login.connection);
  const { attributeMapping } = named.options;
  const subject = subjectOf(mappingOf(named.strategy, attributeMapping), login.claims);
  const userIds = requireSubject(named, subject, login);
  const found = await whoHas(parts, store, call, named.name, userIds);
  // SECURITY: switched off meanwhile; what was known before the user was locked may be older than the lock.
  const connection = await requireUsable(parts, store, named.name);
  const mapping = mappingOf(connection.strategy, connection.options.attributeMapping);
  return {
    ...{ ...found, connection, providerUserId: userIds[0] as string, claims: login.claims },
    profileFor: (organizations) => {
      const scope = { connections: [connection.name], organizations };
      const { mapped, stripped } = mapAllowedClaims(mapping, login.claims, call.policy, scope);
      const { sent, unusable, attributes, ignored } = usableClaims(mapped, connection);
      const emailVerified = connection.options.emailVerified ?? mapping.emailVerified;
      const toldOnce = profileKeys.filter((key) => mapping.toldOnce?.includes(attributePaths[key]) === true);
      const kept = { connection, sent, unusable, toldOnce, emailVerified, claims: { ...mapped, attributes } };
      return { ...kept, stripped, ignored, asserted: mapped.attributes };
    },
  };
}

type Found = Pick<Arrival, 'identity' | 'user' | 'sources' | 'standing'>;

const nobody: Found = { identity: null, user: null, sources: null, standing: null };

/** Whose identity it is, in one statement where the caller may know of everybody, as at every sign-in. */
async function whoHas(
  { users, identities }: LoginParts,
  store: Store,
  call: Call,
  connection: string,
  userIds: readonly string[],
): Promise<Found> {
  if (reachOf(call) === null) return (await identities.arriving(store, connection, userIds)) ?? nobody;
  const identity = await identities.find(store, connection, userIds);
  const user = identity ? await users.lockReachable(call, store, identity.userId) : null;
  return { ...nobody, identity, user };
}

/**
 * Takes note that somebody signed in at a connection, inside the transaction of `store`: finds the identity or makes the user, applies
 * mapping, blacklist and synchronisation, and moves the counters. Whoever calls it has checked the sign-in itself.
 */
export async function recordLogin(
  parts: LoginParts,
  store: Store,
  call: Call,
  login: Login,
): Promise<RecordedLogin> {
  return recordArrival(parts, store, call, login, await arrivalOf(parts, store, call, login));
}

/** The same for somebody who was looked up already. */
export async function recordArrival(
  parts: LoginParts,
  store: Store,
  call: Call,
  login: Login,
  arrival: Arrival,
): Promise<RecordedLogin> {
  const { connection, user } = arrival;
  const organizations = user ? (await objectFactsOf(call, store, user.id)).organizations : [];
  const profile = arrival.profileFor(organizations);
  const { stripped, ignored, asserted } = profile;
  const taken = await takeOver(parts, store, call, arrival, profile);
  // SECURITY: whoever had the address before learns that it leads to the account no more.
  if (taken.outcome === 'SIGNED_IN' && taken.changed.includes(attributePaths.email) && user?.email) {
    const variables = { connection: connection.name, at: call.clock.now() };
    await parts.mail.notify(store, call, { to: user.email, template: emailFollowed, variables });
  }
  const counted =
    login.isCounted === false
      ? taken.user
      : await parts.users.countLogin(call, store, taken.user.id, login.ip ?? null);
  await parts.audit.record(store, call, {
    action: 'user.login',
    targetType: 'User',
    targetId: counted.id,
    changedPaths: taken.changed,
    result: taken.outcome === 'BLOCKED' ? 'denied' : 'ok',
    details: { connection: connection.name, outcome: taken.outcome, stripped },
  });
  const mapping = mappingOf(connection.strategy, connection.options.attributeMapping);
  const sameLogin = mapClaims(mapping, login.claims);
  const missing = taken.outcome === 'BLOCKED' ? [] : missingAttributes(mapping, counted, sameLogin);
  return { ...taken, user: counted, stripped, asserted, ignored, missing, sameLogin };
}

type Taken = Pick<RecordedLogin, 'user' | 'outcome' | 'isPrimary' | 'changed'>;

async function takeOver(
  { users, identities }: LoginParts,
  store: Store,
  call: Call,
  { identity, user, providerUserId, sources }: Arrival,
  profile: LoginProfile,
): Promise<Taken> {
  if (!identity || !user) {
    const created = await users.createFromLogin(call, store, { ...profile, providerUserId });
    return { user: created, outcome: 'CREATED', isPrimary: true, changed: writtenPaths(profile) };
  }
  const isPrimary = identity.position === 0;
  if (user.blocked) return { user, outcome: 'BLOCKED', isPrimary, changed: [] };
  if (isPrimary) {
    const changed = await users.synchronise(call, store, user, profile, sources);
    return { user, outcome: 'SIGNED_IN', isPrimary, changed };
  }
  const data = profileDataOf(profile, identity.profileData);
  if (JSON.stringify(data) === JSON.stringify(identity.profileData))
    return { user, outcome: 'SIGNED_IN', isPrimary, changed: [] };
  await identities.refresh(store, identity, data);
  return { user, outcome: 'SIGNED_IN', isPrimary, changed: ['identities.profile_data'] };
}

export function writtenPaths({ sent, claims }: LoginProfile): readonly string[] {
  const paths = profileKeys.filter((key) => sent[key] !== undefined).map((key) => attributePaths[key]);
  return Object.keys(claims.attributes).length > 0 ? [...paths, 'attributes'] : paths;
}

/** What a linked identity keeps of its provider's word; an address is not forgotten because it was left out once. */
export function profileDataOf(
  { sent, emailVerified, claims }: LoginProfile,
  before: Readonly<Record<string, unknown>> | null,
): Readonly<Record<string, unknown>> {
  const root = profileKeys
    .filter((key) => sent[key] !== undefined)
    .map((key) => [attributePaths[key], sent[key]] as const);
  const data: Record<string, unknown> = { ...claims.attributes, ...Object.fromEntries(root) };
  if (sent.email === undefined && typeof before?.['email'] === 'string') {
    data['email'] = before['email'];
    data['email_verified'] = before['email_verified'] ?? false;
  } else if (sent.email !== undefined) {
    data['email_verified'] =
      emailVerified === 'ALWAYS_TRUE' || (emailVerified === 'TRUST_CLAIM' && sent.emailVerified === true);
  }
  if (sent.phoneNumber !== undefined) data['phone_verified'] = sent.phoneVerified === true;
  return data;
}

function checkClaims({ claims, ip }: Login): void {
  if (claims === null || typeof claims !== 'object' || Array.isArray(claims))
    throw invalid('claims', 'must be an object.');
  const bytes = Buffer.byteLength(JSON.stringify(claims));
  if (bytes > mostBytes)
    throw invalid('claims', `may have at most ${mostBytes} bytes.`, { limit: mostBytes });
  if (ip && isIP(ip) === 0) throw invalid('ip', 'must be an IP address.');
}

async function requireUsable({ connections }: LoginParts, store: Store, name: string): Promise<Connection> {
  const connection = await connections.require(store, name);
  if (!connection.isEnabled) throw invalid('connection', 'is switched off.');
  return connection;
}

function requireSubject(connection: Connection, subject: string | null, login: Login): readonly string[] {
  if (subject === null) throw invalid('claims', 'hold no id of the user. Map user_id for this connection.');
  return login.mayNameOurIds === true ? storedIdsOfOurs(connection, subject) : storedIds(connection, subject);
}

function invalid(field: string, problem: string, more: Readonly<Record<string, unknown>> = {}): Error {
  return commonErrors.VALIDATION_FAILED({ message: `${field} ${problem}`, extensions: { field, ...more } });
}
