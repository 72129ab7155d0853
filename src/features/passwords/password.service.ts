import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import type { UserService } from '#src/features/users/user.service';
import type { Store } from '#src/storage/store';
import {
  findCredential,
  raiseEpochForPassword,
  replaceHash,
  savePassword,
  type Credential,
} from './credential.repository';
import { checkNewPassword } from './new-password';
import type { PasswordHasher } from './password-hash';

export interface PasswordParts {
  readonly audit: AuditService;
  readonly users: UserService;
  readonly hasher: PasswordHasher;
}

/** Runs inside the transaction of the change; one that throws undoes it. */
export type ReplacedListener = (store: Store, call: Call, userId: string) => Promise<void>;

/** The passwords of users. */
export class PasswordService {
  /** What else happens when a password replaces another one: sessions end. */
  readonly replaced: ReplacedListener[] = [];

  constructor(private readonly parts: PasswordParts) {}

  /**
   * The credential that the password opens, or null. Takes one hash whatever is known of the user; a null connection has no users.
   * TOO_MANY_ATTEMPTS when more passwords are being checked than may wait.
   */
  async check(
    store: Store,
    guess: { readonly connection: string | null; readonly identifier: string; readonly password: string },
  ): Promise<Credential | null> {
    const { connection, identifier, password } = guess;
    const credential = connection === null ? null : await findCredential(store, connection, identifier);
    const isRight = await this.parts.hasher.verify(password, credential?.hash ?? null);
    return isRight ? credential : null;
  }

  /** The user whom an identifier (folded) names in a connection, with or without a password; null when there is none. */
  find(store: Store, connection: string, identifier: string): Promise<Credential | null> {
    return findCredential(store, connection, identifier);
  }

  /** The hash with today's parameters for a password that was found right; null where the stored one has them. Slow. */
  async renewedHash({ hash }: Credential, password: string): Promise<string | null> {
    const { hasher } = this.parts;
    return hash !== null && hasher.needsRehash(hash) ? hasher.hash(password) : null;
  }

  /** Replaces a hash by one of the same password, unless the password was changed since. */
  async renew(store: Store, { userId, hash }: Credential, newHash: string | null): Promise<void> {
    if (hash !== null && newHash !== null) await replaceHash(store, userId, hash, newHash);
  }

  /** Checks a new password (PASSWORD_POLICY) and makes its hash. Slow: belongs before the transaction. */
  async hashNew(password: string): Promise<string> {
    checkNewPassword(password);
    return this.parts.hasher.hash(password);
  }

  /** Stores the hash of a new password. Where it replaces another one, every session and token of the user is over. */
  async store(store: Store, call: Call, userId: string, hash: string): Promise<void> {
    const now = call.clock.now();
    if (!(await savePassword(store, userId, hash, now))) return;
    await raiseEpochForPassword(store, userId, now);
    for (const listener of this.replaced) await listener(store, call, userId);
  }

  /** Sets a user's password; PASSWORD_POLICY when it is too short or too long. A former one ends with all sessions and tokens. */
  async set(call: Call, userId: string, password: string): Promise<void> {
    const hash = await this.hashNew(password);
    await call.store.transaction(async (store) => {
      await this.parts.users.requireReachable(call, store, userId);
      await this.store(store, call, userId, hash);
      await this.parts.audit.record(store, call, {
        action: 'user.set_password',
        targetType: 'User',
        targetId: userId,
      });
    });
  }
}
