import type { Call } from '#src/access/call';
import { decide } from '#src/access/decide';
import { assertWritable } from '#src/access/write-gate';
import {
  absorbUser,
  separateUser,
  type Absorption,
  type Separation,
} from '#src/features/users/changes/absorb-user';
import { setBlocked } from '#src/features/users/changes/block-user';
import {
  createPreparedUser,
  createUser,
  prepareUser,
  type NewUser,
  type PreparedUser,
  type UserDependencies,
} from '#src/features/users/changes/create-user';
import {
  countUserLogin,
  createFromLogin,
  synchroniseUser,
  type LoginProfile,
} from '#src/features/users/changes/store-login';
import type { AttributeSources } from '#src/features/users/profile/attribute-sources';
import { reduceToAddress } from '#src/features/users/changes/reduce-user';
import { defaultConnection, type Connection } from '#src/features/connections/connection.service';
import { changeOrigin, type Origin } from '#src/features/users/changes/change-origin';
import { lockUsers } from '#src/features/users/changes/delete-user.repository';
import { deleteUser, removeUsers } from '#src/features/users/changes/delete-user';
import { findByUniqueKey, findByEmail, type EmailSearch, type UniqueKey } from './find-user';
import { foldOptional } from '#src/features/users/fold-text';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { reachOf } from '#src/features/users/reach/reach';
import { requireReachable } from '#src/features/users/reach/require-user';
import { updateUser, type UserChange } from '#src/features/users/changes/update-user';
import type { AccountAct, NewElsewhere, UserHooks } from './user-hooks';
import type { UserRow } from './user-row';
import { deleteIdentifiersOf, findUsers, findUsersByEmail, lockUser, touchUser } from './user.repository';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** What can be done with users, whoever asks: a request, a job or the command line. Each use case has a file of its own. */
export class UserService {
  /** Where later features take part. */
  readonly hooks: UserHooks;

  constructor(private readonly dependencies: UserDependencies) {
    this.hooks = dependencies.hooks;
  }

  create(call: Call, user: NewUser): Promise<UserRow> {
    return createUser(this.dependencies, call, user);
  }

  /** The slow part of making a user, for those who make it in a transaction of their own; see `prepareUser`. */
  prepare(call: Call, user: NewUser): Promise<PreparedUser> {
    return prepareUser(this.dependencies, call, user);
  }

  /** Makes a prepared user, inside the transaction of `store`; see `createPreparedUser`. */
  createPrepared(call: Call, store: Store, user: PreparedUser): Promise<UserRow> {
    return createPreparedUser(this.dependencies, store, call, user);
  }

  /**
   * Refuses what somebody at another system is known by, who is yet to come here, with CONFLICT. Asks that system, so it belongs before any
   * transaction.
   */
  async requireUnclaimed(
    call: Call,
    { connection, email, username }: Pick<NewUser, 'connection' | 'email' | 'username'>,
  ): Promise<void> {
    const { elsewhere } = this.hooks;
    if (elsewhere === null) return;
    for (const [field, value] of Object.entries({ email, username }))
      if (value && (await elsewhere.knows(call, connection ?? defaultConnection, value)))
        throw claimed(field);
  }

  /** The same for what a user who is here is to be known by, unless it is this user who has it there. */
  async requireUnclaimedChange(
    call: Call,
    { id, ...given }: Pick<UserChange, 'id' | 'email' | 'username'>,
  ): Promise<void> {
    const { elsewhere } = this.hooks;
    const named = (['email', 'username'] as const).filter((key) => given[key]);
    if (elsewhere === null || named.length === 0) return;
    const [user] = await findUsers(call.store, [id], reachOf(call));
    if (!user) return;
    const facts = await objectFactsOf(call, call.store, id);
    // SECURITY: the other system is not asked for who may not write the attribute: the answer would tell who is there. Whether a value is
    // the one that is here already is told to who may read it; else the question, slow or unanswered, would tell.
    assertWritable(call, named, facts);
    for (const key of named) {
      const value = given[key] ?? '';
      const isOwn = foldOptional(value) === foldOptional(user[key]);
      if (isOwn && decide(call, 'READ', key, facts) === 'ALLOW') continue;
      if (await elsewhere.knows(call, user.connection, value, id)) throw claimed(key);
    }
  }

  /**
   * Whether somebody at another system, who is yet to come here, is known by an identifier; false where there is no such system.
   * Asks that system, so it belongs before any transaction; throws when it does not answer.
   */
  isKnownElsewhere(call: Call, connection: string, identifier: string): Promise<boolean> {
    return this.hooks.elsewhere?.knows(call, connection, identifier) ?? Promise.resolve(false);
  }

  /** Makes that user here, without a password; answers the id, or null. As `isKnownElsewhere`. */
  bringFromElsewhere(call: Call, connection: string, identifier: string): Promise<string | null> {
    return this.hooks.elsewhere?.bring(call, connection, identifier) ?? Promise.resolve(null);
  }

  /** Makes a user at the system that keeps the passwords of a connection; see `ElsewhereHook`. */
  makeElsewhere(call: Call, connection: Connection, user: NewElsewhere): Promise<'made' | 'taken' | null> {
    return this.hooks.elsewhere?.make(call, connection, user) ?? Promise.resolve(null);
  }

  update(call: Call, change: UserChange): Promise<void> {
    return updateUser(this.dependencies, call, change);
  }

  delete(call: Call, id: string): Promise<void> {
    return deleteUser(this.dependencies, call, id);
  }

  /** Deletes locked users without a record of each, for those who delete many and write one. Inside the transaction of `store`. */
  remove(call: Call, store: Store, ids: readonly string[]): Promise<void> {
    return removeUsers(this.dependencies, store, call, ids);
  }

  /** Gives up what is reserved for a user in a connection, all of whose identities there go. Inside the transaction of `store`. */
  async forgetIdentifiers(call: Call, store: Store, id: string, connection: string): Promise<void> {
    await deleteIdentifiersOf(store, id, connection);
    await this.touch(call, store, id);
  }

  block(call: Call, id: string): Promise<void> {
    return setBlocked(this.dependencies, call, id, true);
  }

  unblock(call: Call, id: string): Promise<void> {
    return setBlocked(this.dependencies, call, id, false);
  }

  /** The user, locked inside the transaction of `store`; NOT_FOUND when absent or out of reach. */
  requireReachable(call: Call, store: Store, id: string): Promise<UserRow> {
    return requireReachable(call, store, id);
  }

  /** The same, but null when absent or out of reach. */
  lockReachable(call: Call, store: Store, id: string): Promise<UserRow | null> {
    return lockUser(store, id, reachOf(call));
  }

  /** Locks those of the users who are there and within reach; answers their ids. Inside the transaction of `store`. */
  lockAllReachable(call: Call, store: Store, ids: readonly string[]): Promise<string[]> {
    return lockUsers(store, ids, reachOf(call));
  }

  /** The one user of an address in any spelling, locked inside the transaction of `store`; null where nobody or more than one has it. */
  async lockSoleOfAddress(call: Call, store: Store, address: string): Promise<UserRow | null> {
    const anybody = { exact: false, limit: 2, reach: null };
    const [found, another] = await findUsersByEmail(store, address, anybody);
    return found && !another ? this.lockReachable(call, store, found.id) : null;
  }

  /** Refuses what the caller may not do to the account of somebody else; see `AccountAct`. Inside the transaction of `store`. */
  async requireStanding(call: Call, store: Store, id: string, act: AccountAct): Promise<void> {
    await this.hooks.standing?.(call, store, id, act);
  }

  /** Whether there is such a user that the caller may know of. */
  async isReachable(call: Call, store: Store, id: string): Promise<boolean> {
    return (await findUsers(store, [id], reachOf(call), { only: ['id'], facts: [] }))[0] !== null;
  }

  /** Deletes a user whose identities `primary` took over; see `absorbUser`. Inside the transaction of `store`. */
  absorb(call: Call, store: Store, absorption: Absorption): Promise<void> {
    return absorbUser(this.dependencies, store, call, absorption);
  }

  /** Makes a user of its own for an identity of another; see `separateUser`. Inside the transaction of `store`. */
  separate(call: Call, store: Store, separation: Separation): Promise<UserRow> {
    return separateUser(this.dependencies, store, call, separation);
  }

  /** Makes a locked user one of another connection; see `changeOrigin`. Inside the transaction of `store`. */
  changeOrigin(call: Call, store: Store, origin: Origin): Promise<readonly string[]> {
    return changeOrigin(this.dependencies, store, call, origin);
  }

  /** Leaves a locked user its address alone; see `reduceToAddress`. Inside the transaction of `store`. */
  reduceToAddress(call: Call, store: Store, user: UserRow): Promise<void> {
    return reduceToAddress(this.dependencies, store, call, user);
  }

  /** Makes the user of a first sign-in; see `createFromLogin`. Inside the transaction of `store`. */
  createFromLogin(
    call: Call,
    store: Store,
    login: LoginProfile & { readonly providerUserId: string },
  ): Promise<UserRow> {
    return createFromLogin(this.dependencies, store, call, login);
  }

  /** Brings a locked user up to what a provider said; answers the paths that changed. Inside the transaction of `store`. */
  synchronise(
    call: Call,
    store: Store,
    user: UserRow,
    login: LoginProfile,
    sources: AttributeSources | null,
  ): Promise<readonly string[]> {
    return synchroniseUser(this.dependencies, store, call, user, login, sources);
  }

  /** Counts a sign-in of a user; answers the user as it is now. Inside the transaction of `store`. */
  countLogin(call: Call, store: Store, id: string, ip: string | null): Promise<UserRow> {
    return countUserLogin(store, call, id, ip);
  }

  /** Tells the listeners outside the database that something about these users was committed. */
  announce(...ids: readonly string[]): void {
    for (const id of ids) this.hooks.committed.forEach((listener) => listener(id));
  }

  /** Moves `updatedAt` on after a change in another table. */
  touch(call: Call, store: Store, id: string): Promise<void> {
    return touchUser(store, id, call.clock.now());
  }

  /** Id of the one user that a unique key names, or null. */
  findId(call: Call, key: UniqueKey): Promise<string | null> {
    return findByUniqueKey(this.hooks, call, key);
  }

  findByEmail(call: Call, search: EmailSearch): Promise<UserRow[]> {
    return findByEmail(call, search);
  }
}

function claimed(field: string): Error {
  return commonErrors.CONFLICT({
    message: 'Somebody who has not moved here yet is known by this in the other system.',
    extensions: { field },
  });
}
