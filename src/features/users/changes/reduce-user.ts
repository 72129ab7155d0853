import type { Call } from '#src/access/call';
import type { UserDependencies } from '#src/features/users/changes/create-user';
import { identifiersOf } from '#src/features/users/identifiers/login-identifiers';
import { withSources } from '#src/features/users/profile/attribute-sources';
import { profileKeys, profileOf } from '#src/features/users/profile/profile';
import type { UserRow } from '#src/features/users/user-row';
import { deleteIdentifiers, insertIdentifier, updateProfile } from '#src/features/users/user.repository';
import type { Store } from '#src/storage/store';

/**
 * Leaves a locked user nothing of its profile but the address, which counts as verified, and the username where its connection asks for
 * one. Everything else by which it could be found at a sign-in is given up. Inside the transaction of `store`.
 */
export async function reduceToAddress(
  { connections }: Pick<UserDependencies, 'connections'>,
  store: Store,
  call: Call,
  user: UserRow,
): Promise<void> {
  const connection = await connections.require(store, user.connection);
  const username = connection.options.requiresUsername ? user.username : null;
  const profile = profileOf({ email: user.email, emailVerified: true, username });
  const now = call.clock.now();
  const kept = profileKeys.filter((key) => profile[key] !== null);
  const local = { source: 'LOCAL' as const, connection: null, at: now };
  await updateProfile(store, user.id, {
    ...{ profile, attributes: null, version: user.version + 1, now },
    attributeSources: withSources(null, kept, local),
  });
  await deleteIdentifiers(store, user.id);
  for (const identifier of identifiersOf(profile, connection))
    await insertIdentifier(store, user.id, identifier);
}
