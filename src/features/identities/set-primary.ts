import type { Call } from '#src/access/call';
import { stripBlacklisted } from '#src/access/blacklist';
import { segmentsOf } from '#src/access/attribute-path';
import { decide, decideStored, type ObjectFacts } from '#src/access/decide';
import { assertWritable } from '#src/access/write-gate';
import { attributePaths } from '#src/features/users/profile/profile';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { commonErrors } from '#src/shared/errors';
import type { UserRow } from '#src/features/users/user-row';
import type { Store } from '#src/storage/store';
import { findIdentities, moveIdentity, type IdentityRow } from './identity.repository';
import type { IdentityDependencies } from './link-identity';
import { profileDataOf, restoreProfile } from './profile-data';

export interface SetPrimaryRequest {
  readonly userId: string;
  /** The identity that becomes the primary one. */
  readonly provider: string;
  readonly providerUserId: string;
}

/**
 * Makes another identity of a user its primary one. The user stays the same, with its id, metadata, roles, memberships, password and factors; its
 * root attributes become what the new primary identity had kept, and go into the identity that was the primary one: done twice, everything
 * is as before. From now on the new one's provider is who changes them. Nothing happens where it is the primary identity already.
 */
export async function setPrimary(
  dependencies: IdentityDependencies,
  call: Call,
  request: SetPrimaryRequest,
): Promise<void> {
  const { users, audit } = dependencies;
  await call.store.transaction(async (store) => {
    const user = await users.requireReachable(call, store, request.userId);
    const facts = await objectFactsOf(call, store, user.id);
    assertMovable(call, facts);
    await users.requireStanding(call, store, user.id, 'CHANGE');
    const [identities = []] = await findIdentities(store, [user.id]);
    const next = identities.find(
      ({ provider, providerUserId }) =>
        provider === request.provider && providerUserId === request.providerUserId,
    );
    const [former] = identities;
    if (!next || !former) throw commonErrors.NOT_FOUND({ message: 'This user has no such identity.' });
    if (next.position === 0) return;
    const changed = await swapPrimary(dependencies, store, call, { user, identities, next });
    await audit.record(store, call, {
      action: 'identity.set_primary',
      targetType: 'User',
      targetId: user.id,
      changedPaths: ['identities', ...changed],
      details: {
        provider: next.provider,
        connection: next.connection,
        formerProvider: former.provider,
        formerConnection: former.connection,
      },
    });
  });
  users.announce(request.userId);
}

interface Swap {
  /** The row is locked. */
  readonly user: UserRow;
  /** All of the user, the primary one first. */
  readonly identities: readonly IdentityRow[];
  readonly next: IdentityRow;
}

/** The change itself, for whoever has checked that it may be; answers the root attributes that changed. What refuses it does so before anything is written. */
export async function swapPrimary(
  { users, connections }: IdentityDependencies,
  store: Store,
  call: Call,
  { user, identities: [former], next }: Swap,
): Promise<readonly string[]> {
  const { organizations } = await objectFactsOf(call, store, user.id);
  const connection = await connections.require(store, next.connection);
  // What is kept back for the user's organizations was not asked when the identity came.
  const scope = { connections: [connection.name], organizations };
  const data = stripBlacklisted(call.policy, scope, { ...next.profileData }).kept;
  const { attributes, ...profile } = restoreProfile(data, connection.name, call.policy);
  const kept = profileDataOf(user, call.policy, organizations);
  const changed = await users.changeOrigin(call, store, { user, connection, profile, attributes });
  await moveIdentity(store, next.id, { userId: user.id, position: 0, profileData: null });
  if (former)
    await moveIdentity(store, former.id, { userId: user.id, position: next.position, profileData: kept });
  return changed;
}

/**
 * SECURITY: values move between the identity and the user. Whoever may not write the one, or not read the other, must not move them to where
 * they can be read; asked of every attribute, so that a refusal tells nothing about which ones there are.
 */
function assertMovable(call: Call, facts: ObjectFacts): void {
  const paths = [...Object.values(attributePaths), 'attributes'];
  // What is blacklisted is kept nowhere, so that nothing of it moves.
  const isKept = (path: string): boolean =>
    decideStored(call, 'WRITE', segmentsOf(path), facts).decision !== 'HIDE';
  assertWritable(call, ['identities', ...paths.filter(isKept)], facts);
  const hidden = paths.filter((path) => {
    const kept = path === 'attributes' ? 'identities.profileData' : `identities.profileData.${path}`;
    return !['ALLOW', 'HIDE'].includes(decide(call, 'READ', kept, facts));
  });
  if (hidden.length > 0)
    throw commonErrors.FORBIDDEN_ARGUMENT({ extensions: { paths: ['identities.profileData'] } });
}
