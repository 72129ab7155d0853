import type { Call } from '#src/access/call';
import type { Connection } from '#src/features/connections/connection.service';
import type { MappedClaims } from '#src/features/connections/mapping/map-claims';
import type { EmailVerifiedPolicy } from '#src/features/connections/mapping/mapping';
import { insertNewUser, type UserDependencies } from '#src/features/users/changes/create-user';
import { requireIdentifier } from '#src/features/users/identifiers/login-identifiers';
import { withSources, type AttributeSources } from '#src/features/users/profile/attribute-sources';
import {
  attributePaths,
  changedKeys,
  identifierKeys,
  profileOf,
  type ProfileChange,
  type ProfileKey,
} from '#src/features/users/profile/profile';
import { findSources } from '#src/features/users/profile/source.repository';
import { firstProfile, laterChange, providesAttributes } from '#src/features/users/profile/synchronise';
import type { UserRow } from '#src/features/users/user-row';
import {
  countLogin,
  findUsers,
  raiseCredentialEpoch,
  updateProfile,
} from '#src/features/users/user.repository';
import type { Store } from '#src/storage/store';

/** Somebody signed in at a connection: what the provider said, checked and without anything blacklisted. */
export interface LoginProfile {
  readonly connection: Connection;
  readonly sent: ProfileChange;
  readonly unusable: readonly ProfileKey[];
  readonly toldOnce?: readonly ProfileKey[];
  readonly emailVerified: EmailVerifiedPolicy;
  readonly claims: Pick<MappedClaims, 'attributes' | 'userMetadata' | 'appMetadata'>;
}

/** The user that a first sign-in makes. Inside a transaction; counts nothing and writes no audit record. */
export async function createFromLogin(
  dependencies: UserDependencies,
  store: Store,
  call: Call,
  login: LoginProfile & { readonly providerUserId: string },
): Promise<UserRow> {
  const { connection, claims, providerUserId } = login;
  const profile = profileOf(firstProfile(connection, login));
  requireIdentifier(profile, connection);
  const input = {
    providerUserId,
    attributes: orNull(claims.attributes),
    userMetadata: claims.userMetadata,
    appMetadata: claims.appMetadata,
  };
  return insertNewUser(dependencies, store, call, { input, profile, connection, source: 'PROVIDER' });
}

/** Brings a locked user up to what its primary identity's provider said; answers the paths that changed. Another address, name or phone number ends its sessions. */
export async function synchroniseUser(
  { hooks }: Pick<UserDependencies, 'hooks'>,
  store: Store,
  call: Call,
  user: UserRow,
  login: LoginProfile,
  known: AttributeSources | null,
): Promise<readonly string[]> {
  const { connection, claims } = login;
  if (!providesAttributes(connection)) return [];
  const before = profileOf(user);
  const sources = known ?? (await findSources(store, [user.id]))[0] ?? {};
  const change = laterChange(connection, login, { profile: before, sources });
  const changed = changedKeys(before, change);
  const attributes = orNull(claims.attributes);
  const othersChanged = JSON.stringify(attributes) !== JSON.stringify(user.attributes);
  if (changed.length === 0 && !othersChanged) return [];
  const now = call.clock.now();
  const source = { source: 'PROVIDER' as const, connection: connection.name, at: now };
  await updateProfile(store, user.id, {
    profile: { ...before, ...change },
    attributeSources: withSources(sources, changed, source),
    attributes,
    version: user.version + 1,
    now,
  });
  // What was signed in under the former address, name or number ends, as after any other change of them.
  if (identifierKeys.some((key) => changed.includes(key) && before[key] !== null)) {
    await raiseCredentialEpoch(store, user.id);
    for (const listener of hooks.signedOut) await listener(store, call, user.id);
  }
  const paths = changed.map((key) => attributePaths[key]);
  return othersChanged ? [...paths, 'attributes'] : paths;
}

/** Moves the counters of a sign-in, one that is refused because the user is blocked included; answers the user as it is now. */
export async function countUserLogin(
  store: Store,
  call: Call,
  id: string,
  ip: string | null,
): Promise<UserRow> {
  await countLogin(store, id, { now: call.clock.now(), ip });
  const [user] = await findUsers(store, [id], null);
  return user as UserRow;
}

function orNull(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> | null {
  return Object.keys(attributes).length === 0 ? null : { ...attributes };
}
