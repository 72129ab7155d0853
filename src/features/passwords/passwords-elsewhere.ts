import type { Call } from '#src/access/call';
import type { Connection } from '#src/features/connections/connection.service';
import type { ProfileChange } from '#src/features/users/profile/profile';
import type { Store } from '#src/storage/store';

/** Whose password it is. */
export interface PasswordAbout {
  /** Null: whatever connection. */
  readonly connection: Connection | null;
  readonly profile?: ProfileChange;
  /** Absent for a user who does not exist yet. */
  readonly userId?: string;
}

/** Another system that keeps the passwords of a connection, or is to know them too. It is asked before any transaction. */
export interface PasswordsElsewhere {
  /** Whether it takes a new password of this user; absent id: a new user with a password. */
  takes(store: Store, about: PasswordAbout): Promise<boolean>;
  /** Tells it the password that somebody is about to have here; throws when it does not take it. */
  changing(call: Call, password: string, about: PasswordAbout): Promise<void>;
  /** Whether it says that this is the password of the user; null where the user's password is kept here. */
  check(call: Call, userId: string, password: string): Promise<boolean | null>;
}

/** Stands for the hash of a password that another system keeps. It is never stored. */
export const keptElsewhere = '$elsewhere$';
