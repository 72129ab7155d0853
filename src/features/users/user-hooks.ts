import type { Call } from '#src/access/call';
import type { Connection } from '#src/features/connections/connection.service';
import type { Profile, ProfileChange } from '#src/features/users/profile/profile';
import type { UserRow } from './user-row';
import type { Store } from '#src/storage/store';

/** What a new user brings for features that come later: each takes its own part. */
export interface NewUserExtras {
  /** Id at the identity provider: the part of the user id behind the strategy. */
  readonly providerUserId: string;
  readonly strategy: string;
  /** The identity exists already, as that of another user who gives it away. */
  readonly isKnownIdentity: boolean;
  readonly userMetadata: unknown;
  readonly appMetadata: unknown;
}

type CreatedListener = (store: Store, call: Call, user: UserRow, extras: NewUserExtras) => Promise<void>;
type UserListener = (store: Store, call: Call, userId: string) => Promise<void>;
/** Of one user or of many, in a few statements for all. */
type UsersListener = (store: Store, call: Call, userIds: readonly string[]) => Promise<void>;

/** An identity as callers name it: connection and id at the provider. */
export interface IdentityKey {
  readonly connection: string;
  readonly userId: string;
}

/** Whose password it is to be, for the policy. */
export interface PasswordOwner {
  readonly connection: Connection;
  readonly profile: ProfileChange;
  /** The organization that the user is about to enter; absent: none. */
  readonly organizationId?: string;
}

export interface PasswordHook {
  /** Checks a new password and makes its hash; slow, so it runs before the transaction. */
  hash(call: Call, password: string, about?: PasswordOwner): Promise<string>;
  save(store: Store, call: Call, userId: string, hash: string): Promise<void>;
}

/** A new user whose password another system keeps. */
export type NewElsewhere = ProfileChange & { readonly password: string; readonly userMetadata?: unknown };

/** A user's address, or what is known of it, before and after a change. */
export interface AddressChange {
  readonly userId: string;
  readonly connection: string;
  readonly before: Pick<Profile, 'email' | 'emailVerified'>;
  readonly after: Pick<Profile, 'email' | 'emailVerified'>;
}

/** Users who are not here yet, but known to another system. Both ask that system, so they belong before any transaction. */
export interface ElsewhereHook {
  /** Whether somebody there has the identifier, other than the user of this id. */
  knows(call: Call, connection: string, identifier: string, userId?: string | null): Promise<boolean>;
  /** Makes the user, without a password, if somebody there has the identifier; answers its id, or null. */
  bring(call: Call, connection: string, identifier: string): Promise<string | null>;
  /** Makes a user there, where passwords of the connection are kept; `taken`: somebody has an identifier. Null: passwords are kept here. */
  make(call: Call, connection: Connection, user: NewElsewhere): Promise<'made' | 'taken' | null>;
}

/**
 * What is done to the account of somebody else. `TAKE_HOLD`: choose how one signs in to it (an address, a name, a password, an identity), or
 * take factors away. `CHANGE`: decide about the account as a whole, such as blocking or deleting it.
 */
export type AccountAct = 'TAKE_HOLD' | 'CHANGE';

/** Refuses what the caller may not do to this account although it is within reach, with FORBIDDEN. Inside the transaction of `store`. */
export type StandingHook = (call: Call, store: Store, userId: string, act: AccountAct) => Promise<void>;

/**
 * Where features that come later take part in what happens to users. Listeners run inside the transaction, in the order in which
 * they were added; one that throws undoes the whole change.
 */
export interface UserHooks {
  readonly created: CreatedListener[];
  /** The user was blocked, or an identifier used to sign in was changed: sessions end. */
  readonly signedOut: UserListener[];
  /** The address was changed, or is known to be the user's. */
  readonly addressed: ((store: Store, call: Call, change: AddressChange) => Promise<void>)[];
  /** The rows of these users are locked and about to be deleted. */
  readonly deleting: UsersListener[];
  /** Runs after the commit of any of these, for caches outside the database. */
  readonly committed: ((userId: string) => void)[];
  /** Null while no feature keeps passwords: then users are created without. */
  passwords: PasswordHook | null;
  /** Null while no feature knows of users who are yet to come from another system. */
  elsewhere: ElsewhereHook | null;
  /** Null while no feature knows of rights. */
  standing: StandingHook | null;
  findIdByIdentity: ((store: Store, identity: IdentityKey) => Promise<string | null>) | null;
}

export function createUserHooks(): UserHooks {
  return {
    created: [],
    signedOut: [],
    addressed: [],
    deleting: [],
    committed: [],
    passwords: null,
    elsewhere: null,
    standing: null,
    findIdByIdentity: null,
  };
}
