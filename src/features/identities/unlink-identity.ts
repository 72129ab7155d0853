import type { Call } from '#src/access/call';
import { assertWritable } from '#src/access/write-gate';
import {
  findDiscarded,
  findIdentities,
  moveIdentity,
  reposition,
  saveDiscarded,
  type IdentityRow,
} from './identity.repository';
import { identityErrors } from './identity.errors';
import type { IdentityDependencies } from './link-identity';
import { restoreProfile } from './profile-data';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface UnlinkRequest {
  /** The user that keeps its primary identity. */
  readonly userId: string;
  /** The identity that leaves. */
  readonly provider: string;
  readonly providerUserId: string;
  /** Whether the user gets back the metadata that it had when it was linked; else it begins with none. */
  readonly restoreMetadata?: boolean | null;
}

/** Runs in the transaction of the unlinking. */
export type UnlinkListener = (store: Store, identityId: string) => Promise<void>;

/** Makes a linked identity a user of its own again, with the attributes it kept and, unless told otherwise, empty metadata; answers the new user's id. */
export async function unlinkIdentity(
  dependencies: IdentityDependencies & { readonly unlinked: readonly UnlinkListener[] },
  call: Call,
  request: UnlinkRequest,
): Promise<string> {
  const separatedId = await call.store.transaction(async (store) => {
    const { users, connections, audit } = dependencies;
    const primary = await users.requireReachable(call, store, request.userId);
    assertWritable(call, ['identities'], await objectFactsOf(call, store, primary.id));
    await users.requireStanding(call, store, primary.id, 'CHANGE');
    const [identities = []] = await findIdentities(store, [primary.id]);
    const identity = requireSecondary(identities, request);
    const connection = await connections.require(store, identity.connection);
    const { attributes, ...profile } = restoreProfile(
      identity.profileData ?? {},
      identity.connection,
      call.policy,
    );
    const [discarded = null] = request.restoreMetadata ? await findDiscarded(store, [identity.id]) : [];
    const { id } = await users.separate(call, store, {
      from: primary,
      connection,
      providerUserId: identity.providerUserId,
      profile,
      attributes,
      metadata: discarded,
    });
    await moveIdentity(store, identity.id, { userId: id, position: 0, profileData: null });
    if (discarded) await saveDiscarded(store, identity.id, null);
    await closeGap(store, identities, identity);
    for (const forget of dependencies.unlinked) await forget(store, identity.id);
    await audit.record(store, call, {
      action: 'identity.unlink',
      targetType: 'User',
      targetId: primary.id,
      changedPaths: ['identities'],
      details: {
        separatedUserId: id,
        provider: identity.provider,
        connection: identity.connection,
        restoredMetadata: discarded !== null,
      },
    });
    return id;
  });
  dependencies.users.announce(request.userId, separatedId);
  return separatedId;
}

function requireSecondary(identities: readonly IdentityRow[], request: UnlinkRequest): IdentityRow {
  const identity = identities.find(
    ({ provider, providerUserId }) =>
      provider === request.provider && providerUserId === request.providerUserId,
  );
  if (!identity) throw commonErrors.NOT_FOUND({ message: 'This user has no such identity.' });
  if (identity.position !== 0) return identity;
  throw identityErrors.LAST_IDENTITY();
}

async function closeGap(store: Store, identities: readonly IdentityRow[], gone: IdentityRow): Promise<void> {
  for (const { id, position } of identities) {
    if (position > gone.position) await reposition(store, id, position - 1);
  }
}
