import type { Call } from '#src/access/call';
import type { Connection } from '#src/features/connections/connection.service';
import { findArriving, type ArrivingUser } from './arriving-user.repository';
import { strategyKind } from '#src/features/connections/strategy';
import type { NewUserExtras } from '#src/features/users/user-hooks';
import type { UserRow } from '#src/features/users/user-row';
import {
  deleteIdentity,
  findIdentities,
  findIdentity,
  findUsersOfConnection,
  insertIdentity,
  saveProfileData,
  type IdentityRow,
} from './identity.repository';
import { leaveConnection, type Leaving } from './leave-connection';
import { linkIdentity, type IdentityDependencies, type LinkRequest } from './link-identity';
import { setPrimary, type SetPrimaryRequest } from './set-primary';
import { unlinkIdentity, type UnlinkListener, type UnlinkRequest } from './unlink-identity';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** An account at a connection that is to be a user's. */
export interface AttachedIdentity {
  readonly connection: Connection;
  readonly providerUserId: string;
  /** What the provider says, without what is blacklisted; null: it is stored by what follows. */
  readonly profileData: Readonly<Record<string, unknown>> | null;
}

/** The accounts of users at their connections. Every user has one at position 0: the primary, whose connection says what the root attributes are. */
export class IdentityService {
  /** What later features keep of an identity and forget when it leaves its user. */
  readonly unlinked: UnlinkListener[] = [];

  constructor(private readonly dependencies: IdentityDependencies) {}

  link(call: Call, request: LinkRequest): Promise<void> {
    return linkIdentity(this.dependencies, call, request);
  }

  /** Answers the id of the user that the identity became. */
  unlink(call: Call, request: UnlinkRequest): Promise<string> {
    return unlinkIdentity({ ...this.dependencies, unlinked: this.unlinked }, call, request);
  }

  /** Makes another identity of a user the primary one; see `setPrimary`. */
  setPrimary(call: Call, request: SetPrimaryRequest): Promise<void> {
    return setPrimary(this.dependencies, call, request);
  }

  /** Takes everything of one connection from users; see `leaveConnection`. Inside the transaction of `store`. */
  leave(
    store: Store,
    call: Call,
    which: {
      readonly userIds: readonly string[];
      readonly connection: string;
      readonly isTimeUp: () => boolean;
    },
  ): Promise<Leaving> {
    return leaveConnection({ ...this.dependencies, unlinked: this.unlinked }, store, call, which);
  }

  /** Ids of the next users with an identity of a connection, in order. */
  usersOf(
    store: Store,
    connection: string,
    page: { readonly after: string; readonly limit: number },
  ): Promise<string[]> {
    return findUsersOfConnection(store, connection, page);
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

  /**
   * Gives a user an identity that nobody has yet, behind the others; answers it. CONFLICT where somebody has it by now. Inside the transaction
   * of `store`, with the user locked; whoever calls it has decided that both are one person.
   */
  async attach(
    store: Store,
    call: Call,
    userId: string,
    { connection, providerUserId, profileData }: AttachedIdentity,
  ): Promise<IdentityRow> {
    const own = await this.list(store, userId);
    const identity: IdentityRow = {
      ...{ id: call.ids.next('idn'), userId, position: own.length, profileData: null },
      ...{ connection: connection.name, provider: connection.strategy, providerUserId },
      isSocial: strategyKind(connection.strategy) === 'SOCIAL',
      createdAt: call.clock.now(),
    };
    if (!(await insertIdentity(store, identity)))
      throw commonErrors.CONFLICT({ message: 'This identity belongs to a user already.' });
    if (profileData !== null) await saveProfileData(store, identity, { ...profileData });
    await this.dependencies.users.touch(call, store, userId);
    return identity;
  }

  /** Deletes all identities of a user but the primary one and those of `kept`, with what later features keep of them; answers how many. */
  async removeLinked(store: Store, userId: string, kept: readonly string[] = []): Promise<number> {
    const linked = (await this.list(store, userId)).filter(
      ({ id, position }) => position !== 0 && !kept.includes(id),
    );
    for (const { id } of linked) {
      for (const forget of this.unlinked) await forget(store, id);
      await deleteIdentity(store, id);
    }
    return linked.length;
  }

  /** The first identity with one of these ids at the connection, whoever owns it, or null. */
  async find(store: Store, connection: string, userIds: readonly string[]): Promise<IdentityRow | null> {
    for (const userId of userIds) {
      const found = await findIdentity(store, connection, userId);
      if (found) return found;
    }
    return null;
  }

  /** The same with its user, who is locked; see `findArriving`. */
  arriving(store: Store, connection: string, userIds: readonly string[]): Promise<ArrivingUser | null> {
    return findArriving(store, connection, userIds);
  }

  /** The identities of a user, the primary first. */
  async list(store: Store, userId: string): Promise<readonly IdentityRow[]> {
    return (await findIdentities(store, [userId]))[0] ?? [];
  }

  /** Stores what the provider of a linked identity says now; the caller has stripped it. Inside a transaction. */
  refresh(
    store: Store,
    identity: IdentityRow,
    profileData: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    return saveProfileData(store, identity, { ...profileData });
  }

  /** Id of the user who owns an identity, or null. */
  async findOwner(
    store: Store,
    identity: { readonly connection: string; readonly userId: string },
  ): Promise<string | null> {
    return (await findIdentity(store, identity.connection, identity.userId))?.userId ?? null;
  }
}
