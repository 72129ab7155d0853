import type { Call } from '#src/access/call';
import type { AttemptTally } from '#src/features/lazy-migration/attempts/attempt-tally';
import { lazyMigrationErrors } from '#src/features/lazy-migration/lazy-migration.errors';
import { askSource } from '#src/features/lazy-migration/sources/ask-source';
import type {
  SourceChange,
  SourceReply,
  SourceWrite,
} from '#src/features/lazy-migration/sources/migration-source';
import { findSource } from '#src/features/lazy-migration/sources/migration-source.repository';
import type { SourceDesk } from '#src/features/lazy-migration/sources/source-desk';
import {
  findKnownUser,
  findMigratedUser,
  findUsersByConnection,
  type KnownUser,
} from '#src/features/lazy-migration/users/migrated-user.repository';
import { idAtSource, idsAtSource } from '#src/features/lazy-migration/users/id-at-source';
import type { Connection, ConnectionService } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import type { PasswordAbout, PasswordsElsewhere } from '#src/features/passwords/passwords-elsewhere';
import { foldText } from '#src/features/users/fold-text';
import type { AddressChange, NewElsewhere } from '#src/features/users/user-hooks';
import type { PasswordService } from '#src/features/passwords/password.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { noticeLater } from './source-notice.job';

export interface TellerParts {
  readonly connections: ConnectionService;
  readonly passwords: Pick<PasswordService, 'stateOf'>;
  readonly desk: SourceDesk;
  readonly tally: AttemptTally;
  /** Asks the source whether a password is right, as a sign-in does; answers the user, or null. */
  readonly signIn: (
    call: Call,
    attempt: { connection: string; identifier: string; password: string; userId: string },
  ) => Promise<string | null>;
}

/**
 * Tells sources of what changes here, where an administrator wants it. New users and passwords are told at once and before anything is
 * changed here: what the source refuses does not happen. Everything else is told by a job, after the change.
 */
export class SourceTeller implements PasswordsElsewhere {
  constructor(private readonly parts: TellerParts) {}

  takes(store: Store, { connection, userId }: PasswordAbout): Promise<boolean> {
    if (connection === null) return Promise.resolve(false);
    return this.isTold(store, connection.name, userId === undefined ? 'CREATE' : 'CHANGE_PASSWORD');
  }

  async changing(
    call: Call,
    password: string,
    { connection, userId, profile }: PasswordAbout,
  ): Promise<void> {
    if (connection === null) return;
    const { keepsPasswords } = connection.options;
    if (userId === undefined) {
      const made = keepsPasswords ? null : await this.make(call, connection, { ...profile, password });
      if (made !== 'taken') return;
      const field = profile?.email ? 'email' : 'username';
      throw commonErrors.CONFLICT({
        message: 'Somebody is known by this in the other system.',
        extensions: { field },
      });
    }
    if (!(await this.isTold(call.store, connection.name, 'CHANGE_PASSWORD'))) return;
    // While passwords are kept here too, the source knows only those who came from it.
    if (keepsPasswords && (await findMigratedUser(call.store, connection.name, userId)) === null) return;
    const user = await findKnownUser(call.store, userId);
    const identifier = user === null ? null : identifierOf(user);
    if (identifier === null) return;
    await this.require(call, connection.name, { kind: 'CHANGE_PASSWORD', identifier, password });
  }

  async check(call: Call, userId: string, password: string): Promise<boolean | null> {
    const user = await findKnownUser(call.store, userId);
    const connection = user && (await this.parts.connections.byName(call.store, user.connection));
    if (!user || !connection || strategyKind(connection.strategy) !== 'DATABASE') return null;
    if (connection.options.keepsPasswords) return null;
    const identifier = identifierOf(user);
    if (identifier === null) return false;
    const attempt = { connection: connection.name, identifier, password, userId };
    return (await this.parts.signIn(call, attempt)) === userId;
  }

  /** Makes a user at the source that keeps the passwords of a connection; null where they are kept here. */
  async make(call: Call, connection: Connection, user: NewElsewhere): Promise<'made' | 'taken' | null> {
    if (connection.options.keepsPasswords) return null;
    const { email = null, username = null, phoneNumber = null } = user;
    // What is taken here is not made there.
    for (const value of [email, username, phoneNumber])
      if (value && (await this.isHere(call.store, connection.name, value))) return 'taken';
    const reply = await this.tell(call, connection.name, {
      kind: 'CREATE',
      user: {
        ...{ client_id: call.principal.clientId ?? null, connection: connection.name },
        ...{ email, username, phone_number: phoneNumber, password: user.password },
        ...{ name: user.name ?? null, given_name: user.givenName ?? null },
        ...{ family_name: user.familyName ?? null, nickname: user.nickname ?? null },
        ...{ user_metadata: user.userMetadata ?? {}, app_metadata: {} },
      },
    });
    if (reply === 'refused') throw lazyMigrationErrors.MIGRATION_SOURCE_REFUSED();
    return reply === 'taken' ? 'taken' : 'made';
  }

  /** In the transaction of the deletion, before the users are gone. */
  async deleted(store: Store, call: Call, userIds: readonly string[]): Promise<void> {
    for (const [connection, ids] of await findUsersByConnection(store, userIds)) {
      if (!(await this.isAuthoritative(store, connection, 'DELETE'))) continue;
      for (const userId of await idsAtSource(store, connection, ids))
        await noticeLater(store, call, connection, { kind: 'DELETE', userId });
    }
  }

  /** In the transaction of a change of the address, or of what is known of it. */
  async addressed(
    store: Store,
    call: Call,
    { userId, connection, before, after }: AddressChange,
  ): Promise<void> {
    const isNew = foldText(before.email ?? '') !== foldText(after.email ?? '');
    if (after.email === null) return;
    if (isNew && before.email !== null && (await this.isAuthoritative(store, connection, 'CHANGE_EMAIL')))
      await noticeLater(store, call, connection, {
        kind: 'CHANGE_EMAIL',
        userId: await idAtSource(store, connection, userId),
        ...{ email: before.email, newEmail: after.email, isVerified: after.emailVerified === true },
      });
    const isProven = after.emailVerified === true && before.emailVerified !== true && !isNew;
    if (isProven && (await this.isAuthoritative(store, connection, 'VERIFY')))
      await noticeLater(store, call, connection, { kind: 'VERIFY', email: after.email });
  }

  private async isHere(store: Store, connection: string, identifier: string): Promise<boolean> {
    const at = { connection, identifier: foldText(identifier) };
    return (await this.parts.passwords.stateOf(store, at)) !== null;
  }

  private async isAuthoritative(store: Store, name: string, write: SourceWrite): Promise<boolean> {
    if (!(await this.isTold(store, name, write))) return false;
    return (await this.parts.connections.byName(store, name))?.options.keepsPasswords === false;
  }

  private async isTold(store: Store, connection: string, write: SourceWrite): Promise<boolean> {
    const row = await findSource(store, connection);
    const told = row?.settings['writeBack'] as readonly SourceWrite[] | undefined;
    return row?.isEnabled === true && told?.includes(write) === true;
  }

  private async require(call: Call, connection: string, change: SourceChange): Promise<void> {
    if ((await this.tell(call, connection, change)) !== 'done')
      throw lazyMigrationErrors.MIGRATION_SOURCE_REFUSED();
  }

  private async tell(call: Call, connection: string, change: SourceChange): Promise<SourceReply> {
    const source = await this.parts.desk.active(call.store, connection);
    if (source === null || !source.settings.writeBack.includes(change.kind)) return 'refused';
    const reply = await askSource(this.parts.tally, call, connection, () => source.tell(change));
    this.parts.tally.add(connection, reply === 'done' ? 'TOLD' : 'TELLING_REFUSED');
    return reply;
  }
}

function identifierOf({ email, username, phoneNumber }: KnownUser): string | null {
  return email ?? username ?? phoneNumber;
}
