import type { Call } from '#src/access/call';
import type { Connection, ConnectionService } from '#src/features/connections/connection.service';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import { foldText } from '#src/features/users/fold-text';
import { GatehouseError } from '#src/shared/errors';
import type { ElsewhereHook } from '#src/features/users/user-hooks';
import type { Store } from '#src/storage/store';
import type { AttemptOutcome, AttemptTally } from '#src/features/lazy-migration/attempts/attempt-tally';
import { askSource } from '#src/features/lazy-migration/sources/ask-source';
import type { SourceContext, SourceProfile } from '#src/features/lazy-migration/sources/migration-source';
import type { OpenSource, SourceDesk } from '#src/features/lazy-migration/sources/source-desk';
import { asSource } from '#src/features/lazy-migration/users/as-source';
import {
  migrateUser,
  type Arrival,
  type MigrateParts,
} from '#src/features/lazy-migration/users/migrate-user';
import { readSourcePerson, type SourcePerson } from '#src/features/lazy-migration/users/source-person';
import { createKeyedLocks } from './keyed-locks';
import { lazyMigrationErrors } from './lazy-migration.errors';

export interface LazyMigrationParts extends MigrateParts {
  readonly connections: ConnectionService;
  readonly organizations: Pick<OrganizationService, 'byId'>;
  readonly desk: SourceDesk;
  readonly tally: AttemptTally;
}

/** A sign-in that nobody here can decide. */
export interface UndecidedSignIn {
  readonly connection: string;
  /** As it was typed. */
  readonly identifier: string;
  readonly password: string;
  /** The user of this identifier, who has no password here; null: nobody has the identifier. */
  readonly userId: string | null;
  /** The organization that the sign-in is for; absent: none. */
  readonly organizationId?: string | null;
}

interface Asked {
  readonly connection: Connection;
  readonly source: OpenSource;
  readonly identifier: string;
}

/** Moves users at the moment when they come. */
export class LazyMigrationService implements Omit<ElsewhereHook, 'make'> {
  private readonly locks = createKeyedLocks();

  constructor(private readonly parts: LazyMigrationParts) {}

  /**
   * Asks the source of the connection about a password. Answers the id of the user who now exists here with that password, or null
   * where the source knows of no match. MIGRATION_SOURCE_UNAVAILABLE when it gives no answer: that is no wrong guess.
   */
  async signIn(call: Call, attempt: UndecidedSignIn): Promise<string | null> {
    const asked = await this.ask(call.store, attempt);
    if (asked === null) return null;
    const key = JSON.stringify([attempt.connection, foldText(attempt.identifier)]);
    return this.locks.run(key, async (hasWaited) => {
      // Of several first sign-ins at the same time the first makes the user; the others find it.
      const here = hasWaited ? await this.userHere(call.store, attempt) : null;
      const isHere = here?.hasPassword === true && asked.connection.options.keepsPasswords;
      if (isHere) return this.checkHere(call.store, attempt);
      return this.vouched(call, asked, { ...attempt, userId: here?.userId ?? attempt.userId });
    });
  }

  /** Whether there is a source to ask about people of the connection. */
  async hasSource(call: Call, connection: string): Promise<boolean> {
    return (await this.parts.desk.active(call.store, connection)) !== null;
  }

  /**
   * Whether a source knows the identifier, for who wants it as a new one, as that of somebody else than this user; false where the
   * connection has no source. MIGRATION_SOURCE_UNAVAILABLE as in `signIn`.
   */
  async knows(
    call: Call,
    connection: string,
    identifier: string,
    userId: string | null = null,
  ): Promise<boolean> {
    const asked = await this.ask(call.store, { connection, identifier });
    const person = asked === null ? null : await this.find(call, asked);
    if (person === null) return false;
    if (userId === null) return true;
    const known = await this.parts.identities.find(call.store, connection, [person.sourceId]);
    return known?.userId !== userId;
  }

  /**
   * For somebody who has forgotten the password before ever signing in here: makes the user, without a password, when the source knows
   * the identifier. Answers its id, or null.
   */
  async bring(call: Call, connection: string, identifier: string): Promise<string | null> {
    const asked = await this.ask(call.store, { connection, identifier });
    if (asked === null) return null;
    const found = await this.find(call, asked);
    if (found === null) return null;
    return this.arrive(call, asked, { person: found, userId: null, password: null, cause: 'RESET' });
  }

  private async ask(
    store: Store,
    { connection: name, identifier }: Pick<UndecidedSignIn, 'connection' | 'identifier'>,
  ): Promise<Asked | null> {
    const source = await this.parts.desk.active(store, name);
    if (source === null) return null;
    const connection = await this.parts.connections.byName(store, name);
    return connection?.isEnabled === true ? { connection, source, identifier } : null;
  }

  private userHere(store: Store, { connection, identifier }: UndecidedSignIn) {
    return this.parts.passwords.stateOf(store, { connection, identifier: foldText(identifier) });
  }

  private async checkHere(store: Store, attempt: UndecidedSignIn): Promise<string | null> {
    const { connection, identifier, password } = attempt;
    const guess = { connection, identifier: foldText(identifier), password };
    return (await this.parts.passwords.check(store, guess))?.userId ?? null;
  }

  private async vouched(call: Call, asked: Asked, attempt: UndecidedSignIn): Promise<string | null> {
    const { password, userId } = attempt;
    const context = await this.contextOf(call.store, asked, attempt.organizationId ?? null);
    const verdict = await this.answer(call, asked, () =>
      asked.source.verify(attempt.identifier, password, context),
    );
    if (verdict.kind !== 'match')
      return this.refuse(asked, verdict.kind === 'unknown' ? 'UNKNOWN' : 'MISMATCH');
    const person = await this.answer(call, asked, () => this.person(call, asked, verdict.profile));
    if (person.isBlocked) return this.refuse(asked, 'BLOCKED');
    const { keepsPasswords } = asked.connection.options;
    const arrived = await this.arrive(call, asked, {
      person,
      userId,
      password: keepsPasswords ? await this.keep(asked, password) : null,
      cause: 'SIGN_IN',
    });
    if (arrived !== null || !keepsPasswords) return arrived;
    // Another node has made the user meanwhile: then the password is checked as that of anybody who is here.
    const here = await this.userHere(call.store, attempt);
    return here?.hasPassword === true ? this.checkHere(call.store, attempt) : null;
  }

  private async keep({ connection }: Asked, password: string): Promise<Arrival['password']> {
    const { passwords } = this.parts;
    return { hash: await passwords.hashMigrated(password), isWeak: passwords.isWeak(password, connection) };
  }

  private find(call: Call, asked: Asked): Promise<SourcePerson | null> {
    return this.answer(call, asked, async () => {
      const finding = await asked.source.lookUp(asked.identifier);
      return finding.kind === 'unknown' ? null : this.person(call, asked, finding.profile);
    });
  }

  private person(
    { policy }: Call,
    { connection, source, identifier }: Asked,
    profile: SourceProfile,
  ): SourcePerson {
    const { prefixIds } = source.settings;
    return readSourcePerson(profile, { connection, identifier, policy, prefixIds });
  }

  private async arrive(
    call: Call,
    asked: Asked,
    arrival: Omit<Arrival, 'allowReimport' | 'tellsMoved'>,
  ): Promise<string | null> {
    const { allowReimport, writeBack } = asked.source.settings;
    const tellsMoved = writeBack.includes('MIGRATED') && asked.connection.options.keepsPasswords;
    try {
      const migrated = await call.store.transaction((store) =>
        migrateUser(this.parts, store, call, { ...arrival, allowReimport, tellsMoved }),
      );
      this.parts.tally.add(asked.connection.name, migrated.outcome);
      if (!('userId' in migrated)) return null;
      this.parts.users.announce(migrated.userId);
      return migrated.userId;
    } catch (error) {
      if (!(error instanceof GatehouseError) || !['conflict', 'invalid', 'limited'].includes(error.kind))
        throw error;
      // An administrator has to decide who owns the identifier; the person can do nothing about it.
      const reason = error.kind === 'conflict' ? 'CONFLICT' : 'PROFILE_INVALID';
      await this.recordRefusal(call, asked, reason);
      throw lazyMigrationErrors.MIGRATION_SOURCE_UNAVAILABLE({ cause: error });
    }
  }

  private refuse({ connection }: Asked, outcome: AttemptOutcome): null {
    this.parts.tally.add(connection.name, outcome);
    return null;
  }

  private answer<Result>(
    call: Call,
    { connection }: Asked,
    work: () => Result | Promise<Result>,
  ): Promise<Result> {
    return askSource(this.parts.tally, call, connection.name, work);
  }

  private async recordRefusal(call: Call, { connection }: Asked, reason: AttemptOutcome): Promise<void> {
    this.parts.tally.add(connection.name, reason);
    call.logger.warn({ event: 'migration.refused', connection: connection.name, reason });
    await call.store.transaction((store) =>
      this.parts.audit.record(store, asSource(call, connection.name), {
        action: 'user.migrate',
        targetType: 'Connection',
        targetId: connection.id,
        result: 'denied',
        details: { connection: connection.name, reason },
      }),
    );
  }

  /** What a script that wants it learns of the sign-in. */
  private async contextOf(
    store: Store,
    { source: { settings } }: Asked,
    organizationId: string | null,
  ): Promise<SourceContext> {
    if (settings.kind !== 'SCRIPT' || !settings.passContext || organizationId === null) return {};
    const organization = await this.parts.organizations.byId(store, organizationId);
    if (organization === null) return {};
    const { id, name, metadata } = organization;
    return { organization: { id, name, metadata } };
  }
}
