import type { Call } from '#src/access/call';
import { strategyKind } from '#src/features/connections/strategy';
import type { NewUserExtras } from '#src/features/users/user-hooks';
import type { UserRow } from '#src/features/users/user-row';
import { findIdentity, insertIdentity } from './identity.repository';
import { linkIdentity, type IdentityDependencies, type LinkRequest } from './link-identity';
import { unlinkIdentity, type UnlinkRequest } from './unlink-identity';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** The accounts of users at their connections. Every user has one at position 0: the primary, from which the user's id is made. */
export class IdentityService {
  constructor(private readonly dependencies: IdentityDependencies) {}

  link(call: Call, request: LinkRequest): Promise<void> {
    return linkIdentity(this.dependencies, call, request);
  }

  /** Answers the id of the user that the identity became. */
  unlink(call: Call, request: UnlinkRequest): Promise<string> {
    return unlinkIdentity(this.dependencies, call, request);
  }

  /** The primary identity of a new user, in the transaction that creates the user. */
  async addPrimary(store: Store, call: Call, user: UserRow, extras: NewUserExtras): Promise<void> {
    if (extras.isKnownIdentity) return;
    const inserted = await insertIdentity(store, {
      id: call.ids.next('idn'),
      userId: user.id,
      position: 0,
      connection: user.connection,
      provider: extras.strategy,
      providerUserId: extras.providerUserId,
      isSocial: strategyKind(extras.strategy) === 'SOCIAL',
      profileData: null,
      createdAt: call.clock.now(),
    });
    if (inserted) return;
    throw commonErrors.CONFLICT({
      message: 'This identity belongs to another user, who has linked it.',
      extensions: { field: 'userId' },
    });
  }

  /** Id of the user who owns an identity, or null. */
  async findOwner(
    store: Store,
    identity: { readonly connection: string; readonly userId: string },
  ): Promise<string | null> {
    return (await findIdentity(store, identity.connection, identity.userId))?.userId ?? null;
  }
}
