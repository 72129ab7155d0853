import type { Call } from '#src/access/call';
import type { Connection } from '#src/features/connections/connection.service';
import { ownsIdentifiers } from '#src/features/connections/strategy';
import type { UserDependencies } from './create-user';
import { insertNewUser } from './create-user';
import { removeUsers } from './delete-user';
import { identifiersOf } from '#src/features/users/identifiers/login-identifiers';
import { profileOf, type ProfileChange } from '#src/features/users/profile/profile';
import type { UserRow } from '#src/features/users/user-row';
import { deleteIdentifier, moveIdentifiers, touchUser } from '#src/features/users/user.repository';
import type { Store } from '#src/storage/store';

export interface Absorption {
  /** The user that stays. */
  readonly primary: UserRow;
  /** The user that goes; both rows are locked. */
  readonly secondary: UserRow;
}

/**
 * Deletes a user whose identities another user has taken over. Its identifiers stay reserved, now for that user: nobody can register
 * the address anew while it is linked.
 */
export async function absorbUser(
  { connections, hooks }: UserDependencies,
  store: Store,
  call: Call,
  { primary, secondary }: Absorption,
): Promise<void> {
  const connection = await connections.require(store, secondary.connection);
  await moveIdentifiers(store, secondary.id, primary.id, identifiersOf(profileOf(secondary), connection));
  await removeUsers({ hooks }, store, call, [secondary.id]);
  await touchUser(store, primary.id, call.clock.now());
}

export interface Separation {
  /** The user that keeps its id; its row is locked. */
  readonly from: UserRow;
  readonly connection: Connection;
  readonly providerUserId: string;
  readonly profile: ProfileChange;
  readonly attributes: Readonly<Record<string, unknown>> | null;
  /** Metadata to begin with; null: none. */
  readonly metadata: { readonly user: unknown; readonly app: unknown } | null;
}

/** The way back: a user of its own for an identity, with the identifiers that were reserved for it. */
export async function separateUser(
  dependencies: UserDependencies,
  store: Store,
  call: Call,
  { from, connection, providerUserId, profile, attributes, metadata }: Separation,
): Promise<UserRow> {
  const restored = profileOf(profile);
  for (const identifier of identifiersOf(restored, connection))
    await deleteIdentifier(store, from.id, identifier);
  await touchUser(store, from.id, call.clock.now());
  const input = {
    providerUserId,
    attributes,
    isKnownIdentity: true,
    userMetadata: metadata?.user,
    appMetadata: metadata?.app,
  };
  return insertNewUser(dependencies, store, call, {
    input,
    profile: restored,
    connection,
    source: ownsIdentifiers(connection.strategy) ? 'LOCAL' : 'PROVIDER',
  });
}
