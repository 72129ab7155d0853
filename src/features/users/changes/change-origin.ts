import type { Call } from '#src/access/call';
import type { Connection } from '#src/features/connections/connection.service';
import { ownsIdentifiers } from '#src/features/connections/strategy';
import type { UserDependencies } from '#src/features/users/changes/create-user';
import { identifiersOf, requireIdentifier } from '#src/features/users/identifiers/login-identifiers';
import { withSources } from '#src/features/users/profile/attribute-sources';
import {
  attributePaths,
  changedKeys,
  identifierKeys,
  profileKeys,
  profileOf,
  type ProfileChange,
} from '#src/features/users/profile/profile';
import type { UserRow } from '#src/features/users/user-row';
import {
  findIdentifierOwner,
  insertIdentifier,
  raiseCredentialEpoch,
  updateOrigin,
  updateProfile,
  type LoginIdentifier,
} from '#src/features/users/user.repository';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface Origin {
  /** The row is locked. */
  readonly user: UserRow;
  /** The connection whose account the user is from now on. */
  readonly connection: Connection;
  /** What is known of the person there. */
  readonly profile: ProfileChange;
  readonly attributes: Readonly<Record<string, unknown>> | null;
}

/**
 * Makes a user one of another connection: its root attributes become what is known of the person there, and nothing else of it changes, its id
 * neither. What was reserved for it at the former connection stays reserved. Answers the paths that changed. CONFLICT where another user of
 * the connection has its address by now, or the user would lose its one verified address; sessions end as with any other change of an
 * identifier. Inside the transaction of `store`.
 */
export async function changeOrigin(
  { hooks }: Pick<UserDependencies, 'hooks'>,
  store: Store,
  call: Call,
  { user, connection, profile, attributes }: Origin,
): Promise<readonly string[]> {
  const before = profileOf(user);
  const after = profileOf(profile);
  requireIdentifier(after, connection);
  // Whoever forgets how to sign in is helped by mail.
  if (before.email !== null && before.emailVerified === true && after.emailVerified !== true)
    throw commonErrors.CONFLICT({
      message: 'This identity has no verified e-mail address, and the user would lose the one it has.',
      extensions: { field: 'providerUserId' },
    });
  const missing: LoginIdentifier[] = [];
  for (const identifier of identifiersOf(after, connection)) {
    const owner = await findIdentifierOwner(store, identifier);
    if (owner !== null && owner !== user.id) throw commonErrors.CONFLICT();
    if (owner === null) missing.push(identifier);
  }
  for (const identifier of missing) {
    // Somebody took it a moment ago.
    if (!(await insertIdentifier(store, user.id, identifier))) throw commonErrors.CONFLICT();
  }
  const now = call.clock.now();
  const isOwn = ownsIdentifiers(connection.strategy);
  await updateOrigin(store, user.id, connection.name);
  await updateProfile(store, user.id, {
    ...{ profile: after, attributes: attributes === null ? null : { ...attributes } },
    ...{ version: user.version + 1, now },
    attributeSources: withSources(
      null,
      profileKeys.filter((key) => after[key] !== null),
      { source: isOwn ? 'LOCAL' : 'PROVIDER', connection: isOwn ? null : connection.name, at: now },
    ),
  });
  const changed = changedKeys(before, after);
  if (identifierKeys.some((key) => changed.includes(key))) {
    await raiseCredentialEpoch(store, user.id);
    for (const listener of hooks.signedOut) await listener(store, call, user.id);
  }
  const paths = changed.map((key) => attributePaths[key]);
  return JSON.stringify(attributes) === JSON.stringify(user.attributes) ? paths : [...paths, 'attributes'];
}
