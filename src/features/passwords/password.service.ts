import type { Call } from '#src/access/call';
import { importedAlgorithm } from '#src/features/passwords/hashes/check-imported-hash';
import { isImportedHash } from '#src/features/passwords/hashes/sealed-hash';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import {
  defaultConnection,
  type Connection,
  type ConnectionService,
} from '#src/features/connections/connection.service';
import type { UserService } from '#src/features/users/user.service';
import type { Store } from '#src/storage/store';
import {
  chosenHere,
  findCredential,
  findPasswordOrigin,
  findConnectionOf,
  findHashOf,
  hasUnprovenPassword,
  raiseEpochForPassword,
  replaceHash,
  savePassword,
  type Credential,
  type PasswordOrigin,
} from './credential.repository';
import {
  hashNewPassword,
  hashReplacingPassword,
  isBreached,
  type NewPasswordAbout,
  type NewPasswordParts,
} from './new-password';
import { deletePasswords, keepFormer } from './password-history.repository';
import { keptElsewhere, type PasswordsElsewhere } from './passwords-elsewhere';
import { passwordErrors } from './password.errors';
import { policyOf, type PasswordPolicy } from '#src/features/passwords/policy/password-policy';
import { violationsOf } from '#src/features/passwords/policy/policy-violations';

export interface PasswordParts extends NewPasswordParts {
  readonly connections: ConnectionService;
  readonly users: UserService;
  readonly attackProtection: Pick<AttackProtectionService, 'forget'>;
}

/** Runs inside the transaction of the change; one that throws undoes it. */
export type ReplacedListener = (store: Store, call: Call, userId: string) => Promise<void>;

export interface PasswordGuess {
  /** Null: a connection that has no passwords here. */
  readonly connection: string | null;
  /** Folded. */
  readonly identifier: string;
  readonly password: string;
}

/** The passwords of users. */
export class PasswordService {
  /** What else happens when a password replaces another one: sessions end. */
  readonly replaced: ReplacedListener[] = [];
  /** Who tells a user that a password which was right no longer signs in, because it was published. */
  readonly leaked: ReplacedListener[] = [];
  /** Null while no feature knows of another system that keeps passwords. */
  elsewhere: PasswordsElsewhere | null = null;

  constructor(private readonly parts: PasswordParts) {}

  /** Throws TOO_MANY_ATTEMPTS when more passwords wait to be checked than may: at once, before anything is counted. */
  requireRoom(): void {
    this.parts.hasher.requireRoom();
  }

  /** Does work that will check a password, unless too many others do; then TOO_MANY_ATTEMPTS at once. */
  admit<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.parts.hasher.admit(work);
  }

  /**
   * The credential that the password opens, or null. Takes one hash whatever is known of the user; a null connection has no users.
   * TOO_MANY_ATTEMPTS when more passwords are being checked than may wait.
   */
  async check(store: Store, guess: PasswordGuess): Promise<Credential | null> {
    const { credential, isRight } = await this.judge(store, guess);
    return isRight ? credential : null;
  }

  /** The same, telling also what stood there when the password was looked at. */
  async judge(
    store: Store,
    { connection, identifier, password }: PasswordGuess,
  ): Promise<{ readonly credential: Credential | null; readonly isRight: boolean }> {
    const credential = connection === null ? null : await findCredential(store, connection, identifier);
    const hash = await this.completed(store, credential?.userId ?? '', credential?.hash ?? null);
    return { credential, isRight: await this.parts.hasher.verify(password, hash) };
  }

  /** The user whom an identifier (folded) names in a connection, with or without a password; null when there is none. */
  find(store: Store, connection: string, identifier: string): Promise<Credential | null> {
    return findCredential(store, connection, identifier);
  }

  /**
   * The hash with today's parameters for a password that was found right; null where the stored one has them, or where none can be made at
   * the moment: then the next sign-in tries again. Slow.
   */
  async renewedHash({ hash }: Credential, password: string): Promise<string | null> {
    const { hasher, config } = this.parts;
    if (hash === null || !hasher.needsRehash(hash)) return null;
    if (!config.rehashImported && isImportedHash(hash)) return null;
    return hasher.hash(password).catch(() => null);
  }

  /** Replaces a hash by one of the same password, unless the password was changed since. */
  async renew(store: Store, { userId, hash }: Credential, newHash: string | null): Promise<void> {
    if (hash === null || newHash === null) return;
    const source = importedAlgorithm(this.parts.hashSettings.opened(userId, hash));
    await replaceHash(store, userId, { before: hash, after: newHash, source });
  }

  private async completed(store: Store, userId: string, stored: string | null): Promise<string | null> {
    return stored === null ? null : this.parts.hashSettings.complete(store, userId, stored);
  }

  /**
   * Stores the checked hash of a user who came from another system, in the transaction of `store`. `mustChange` makes the next sign-in ask
   * for a new password.
   */
  async storeImported(
    store: Store,
    call: Call,
    userId: string,
    { stored, mustChange }: { readonly stored: string; readonly mustChange: boolean },
  ): Promise<void> {
    const hash = this.parts.hashSettings.sealed(userId, stored);
    await savePassword(store, userId, hash, call.clock.now(), {
      ...{ ...chosenHere, mustChange, isUnproven: true },
    });
  }

  /**
   * Stores a password that another system has just vouched for: as our own hash, whatever today's policy says of it, in the transaction of
   * `store`. `isWeak` remembers that it would not be taken as a new one.
   */
  async storeMigrated(
    store: Store,
    call: Call,
    userId: string,
    { hash, source, isWeak }: { readonly hash: string; readonly source: string; readonly isWeak: boolean },
  ): Promise<void> {
    await savePassword(store, userId, hash, call.clock.now(), {
      source,
      mustChange: false,
      policyDebt: isWeak,
      isUnproven: true,
    });
  }

  /** The hash of a password that a person typed and another system has vouched for; no policy applies. Slow. */
  hashMigrated(password: string): Promise<string> {
    return this.parts.hasher.hash(password);
  }

  /** The user of an identifier (folded) and whether there is a password here; null: nobody has the identifier. */
  async stateOf(
    store: Store,
    { connection, identifier }: { readonly connection: string; readonly identifier: string },
  ): Promise<{ readonly userId: string; readonly hasPassword: boolean } | null> {
    const found = await findCredential(store, connection, identifier);
    return found === null ? null : { userId: found.userId, hasPassword: found.hash !== null };
  }

  /** Whether a password belongs to a hash of another system, in its stored form; a hash that is no user's. */
  verifyStored(stored: string, password: string): Promise<boolean> {
    return this.parts.hasher.verify(password, stored);
  }

  /** What is known of a password that came from elsewhere; null where the user has none. */
  originOf(store: Store, userId: string): Promise<PasswordOrigin | null> {
    return findPasswordOrigin(store, userId);
  }

  /**
   * Checks a new password and makes its hash; see `hashNewPassword`. Another system that keeps it, or is to know it, is told, unless somebody
   * signs up: then who makes the account says when. PASSWORD_KEPT_ELSEWHERE where that system takes none. Slow: belongs before the transaction.
   */
  async hashNew(call: Call, password: string, about: NewPasswordAbout): Promise<string> {
    await this.requireChangeable(call, about);
    const hash = await hashNewPassword(this.parts, call, password, about);
    if (about.occasion !== 'SIGN_UP') await this.elsewhere?.changing(call, password, about);
    return hash;
  }

  /** The same for a password that must be another one than the present; PASSWORD_POLICY with USED_BEFORE. */
  async hashReplacing(
    call: Call,
    password: string,
    about: NewPasswordAbout & { readonly userId: string },
  ): Promise<string> {
    const stored = await findHashOf(call.store, about.userId);
    const present = await this.completed(call.store, about.userId, stored);
    await this.requireChangeable(call, about);
    const hash = await hashReplacingPassword(this.parts, call, password, { ...about, present });
    await this.elsewhere?.changing(call, password, about);
    return hash;
  }

  private async requireChangeable(call: Call, about: NewPasswordAbout): Promise<void> {
    if (about.connection?.options.keepsPasswords !== false) return;
    if ((await this.elsewhere?.takes(call.store, about)) !== true)
      throw passwordErrors.PASSWORD_KEPT_ELSEWHERE();
  }

  /** Whether the policy would not take it as a new one. A password that another system vouched for is taken over all the same. */
  isWeak(password: string, connection: Pick<Connection, 'options'> | null): boolean {
    const policy = policyOf(this.parts.config, connection?.options.passwordOptions ?? {});
    return violationsOf(policy, password, { words: [] }).length > 0;
  }

  /** Refuses, with PASSWORD_LEAKED, a password that was found right and was published; the user is told how to change it. */
  async refuseLeaked(call: Call, userId: string, password: string): Promise<void> {
    if (!this.parts.config.breachedOnSignIn || !(await isBreached(this.parts, call, password))) return;
    await call.store.transaction(async (store) => {
      for (const listener of this.leaked) await listener(store, call, userId);
    });
    throw passwordErrors.PASSWORD_LEAKED();
  }

  /** What a new password of this connection's users must be like. */
  policyOf(connection: Pick<Connection, 'options'>): PasswordPolicy {
    return policyOf(this.parts.config, connection.options.passwordOptions ?? {});
  }

  /** Whether it is the password of the user; takes one hash, or a question to the system that keeps it. Belongs before any transaction. */
  async isPasswordOf(call: Call, userId: string, password: string): Promise<boolean> {
    const vouched = (await this.elsewhere?.check(call, userId, password)) ?? null;
    if (vouched !== null) return vouched;
    const stored = await findHashOf(call.store, userId);
    return this.parts.hasher.verify(password, await this.completed(call.store, userId, stored));
  }

  /** Whether the user has a password that was chosen by somebody who had not shown to read the mail of the account, nor was an operator. */
  isUnproven(store: Store, userId: string): Promise<boolean> {
    return hasUnprovenPassword(store, userId);
  }

  /**
   * Stores the hash of a new password. Where it replaces another one, every session and token of the user is over. `isUnproven`: see
   * `PasswordEntity`; who changes a password by the present one knows no more of the mail than before, and says nothing.
   */
  async store(
    store: Store,
    call: Call,
    userId: string,
    hash: string,
    chosen: { readonly isUnproven?: boolean } = {},
  ): Promise<void> {
    const now = call.clock.now();
    if (hash !== keptElsewhere) {
      await this.keepFormer(store, call, userId);
      if (!(await savePassword(store, userId, hash, now, { ...chosenHere, ...chosen }))) return;
    }
    await raiseEpochForPassword(store, userId, now);
    await this.parts.attackProtection.forget(store, userId);
    for (const listener of this.replaced) await listener(store, call, userId);
  }

  /** Sets a user's password; PASSWORD_POLICY when it is too short or too long. A former one ends with all sessions and tokens. */
  async set(call: Call, userId: string, password: string): Promise<void> {
    const hash = await this.hashNew(call, password, { connection: null, userId, occasion: 'RESET' });
    await call.store.transaction(async (store) => {
      await this.parts.users.requireReachable(call, store, userId);
      await this.store(store, call, userId, hash, { isUnproven: false });
      await this.parts.audit.record(store, call, {
        action: 'user.set_password',
        targetType: 'User',
        targetId: userId,
      });
    });
  }

  /**
   * Takes the password and all former ones of a user, who is locked; `unknownHash` stands in its place where another system could bring
   * it back. Whoever calls it ends the sessions.
   */
  async forgetAll(store: Store, call: Call, userId: string, unknownHash: string | null): Promise<void> {
    await deletePasswords(store, userId);
    if (unknownHash === null) return;
    await savePassword(store, userId, unknownHash, call.clock.now(), { ...chosenHere, isUnproven: false });
  }

  /** Where the policy looks back, the hash that is about to be replaced is kept. */
  private async keepFormer(store: Store, call: Call, userId: string): Promise<void> {
    const { config, connections } = this.parts;
    const name = (await findConnectionOf(store, userId)) ?? defaultConnection;
    const connection = await connections.byName(store, name);
    const { history } = policyOf(config, connection?.options.passwordOptions ?? {});
    if (history === 0) return;
    await keepFormer(store, { userId, id: call.ids.next('pwh'), most: history });
  }
}
