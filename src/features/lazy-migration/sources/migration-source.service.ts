import type { Call } from '#src/access/call';
import { migrationDatabases, migrationScripts, type MigrationConfig } from '#src/config/migration';
import type { Secrets } from '#src/config/open-secrets';
import { sealText } from '#src/config/seal-text';
import type { AuditService } from '#src/features/audit/audit.service';
import type { Connection, ConnectionService } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import { hourMs, type AttemptTally } from '#src/features/lazy-migration/attempts/attempt-tally';
import {
  countAttempts,
  type OutcomeCount,
} from '#src/features/lazy-migration/attempts/migration-attempt.repository';
import { lazyMigrationErrors } from '#src/features/lazy-migration/lazy-migration.errors';
import { countMove, type MoveCounts } from '#src/features/lazy-migration/users/migrated-user.repository';
import { requireConnectionStanding } from '#src/features/organizations/effective-permissions/connection-standing';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { findSource, saveSource, type SourceRow } from './migration-source.repository';
import { sealPurpose, type SourceDesk } from './source-desk';
import { cognitoUrl } from '#src/features/lazy-migration/sources/presets/cognito-source';
import { checkSettings, type SourceSettings } from './source-settings';
import { trySource, type SourceTrial } from './try-source';

export interface SourceServiceParts {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly secrets: Pick<Secrets, 'ring'>;
  readonly config: MigrationConfig;
  readonly desk: SourceDesk;
  readonly tally: AttemptTally;
}

/** A source without its secrets. */
export type ShownSource = Omit<SourceRow, 'sealed'>;

export interface MoveStatus extends MoveCounts {
  /** Whether passwords are kept here after the first sign-in. */
  readonly importMode: boolean;
  readonly source: ShownSource | null;
  readonly lastDay: readonly OutcomeCount[];
}

const hoursOfDay = 24;

/**
 * The sources that administrators set. Connections are named by id or name. SECURITY: a source decides who may sign in as whom through its
 * connection, so only callers who act for the whole deployment set, try or end one, and nobody whom it could make somebody with more rights sets it.
 */
export class MigrationSourceService {
  constructor(private readonly parts: SourceServiceParts) {}

  /** Sets the source of a connection, in the place of a former one; VALIDATION_FAILED names what is wrong with it. */
  async set(
    call: Call,
    connectionId: string,
    { settings: given, isEnabled }: { readonly settings: unknown; readonly isEnabled: boolean },
  ): Promise<ShownSource> {
    requireTenantScope(call);
    const settings = checkSettings(given);
    this.requireAvailable(settings);
    const connection = await this.connectionOf(call.store, connectionId);
    if (!isEnabled && !connection.options.keepsPasswords) throw lazyMigrationErrors.IMPORT_MODE_OFF();
    return call.store.transaction(async (store) => {
      await requireConnectionStanding(call, store, connection.name);
      const before = await findSource(store, connection.name);
      const now = call.clock.now();
      const row: SourceRow = {
        connection: connection.name,
        kind: settings.kind,
        isEnabled,
        settings: shownOf(settings),
        sealed: sealText(this.parts.secrets.ring(sealPurpose), connection.name, JSON.stringify(settings)),
        createdAt: before?.createdAt ?? now,
        // Every change has a time of its own, by which the nodes know that they have to open the source anew.
        updatedAt: Math.max(now, (before?.updatedAt ?? 0) + 1),
        finishedAt: null,
      };
      await saveSource(store, row);
      await this.record(store, call, connection, 'migration_source.set', { kind: settings.kind, isEnabled });
      return withoutSecrets(row);
    });
  }

  /** Asks the source without any consequence: no user is made and nothing counted. Recorded, because a password may be guessed so. */
  async test(
    call: Call,
    connectionId: string,
    question: { readonly identifier: string; readonly password: string | null },
  ): Promise<SourceTrial> {
    requireTenantScope(call);
    const connection = await this.connectionOf(call.store, connectionId);
    const open = await this.parts.desk.any(call.store, connection.name);
    if (open === null) throw lazyMigrationErrors.MIGRATION_SOURCE_NOT_FOUND();
    const trial = await trySource(open, { ...question, connection, policy: call.policy });
    const { outcome, reason } = trial;
    await call.store.transaction((store) =>
      this.record(store, call, connection, 'migration_source.test', { outcome, reason }),
    );
    return trial;
  }

  /** How far the move has come, and what became of questions in the last 24 hours. */
  async status(call: Call, connectionId: string): Promise<MoveStatus> {
    requireTenantScope(call);
    const { name, options } = await this.connectionOf(call.store, connectionId);
    await this.parts.tally.flush();
    const since = Math.floor(call.clock.now() / hourMs) - hoursOfDay + 1;
    const [source, counts, lastDay] = await Promise.all([
      findSource(call.store, name),
      countMove(call.store, name),
      countAttempts(call.store, name, since),
    ]);
    return {
      source: source && withoutSecrets(source),
      importMode: options.keepsPasswords,
      ...counts,
      lastDay,
    };
  }

  /**
   * Switches the import mode: on, passwords are kept here from the first sign-in on; off, the source alone knows them, and those that are
   * here do not count. MIGRATION_SOURCE_NOT_FOUND for switching it off without a source.
   */
  async setImportMode(call: Call, connectionId: string, isOn: boolean): Promise<MoveStatus> {
    requireTenantScope(call);
    const connection = await this.connectionOf(call.store, connectionId);
    await call.store.transaction(async (store) => {
      await requireConnectionStanding(call, store, connection.name);
      const source = await findSource(store, connection.name);
      if (!isOn && source?.isEnabled !== true) throw lazyMigrationErrors.MIGRATION_SOURCE_NOT_FOUND();
      const before = await this.parts.connections.lock(store, connection.id);
      const options = { ...before.options, import_mode: isOn };
      await this.parts.connections.change(store, before, { ...before, options });
      await this.record(store, call, connection, 'migration_source.set_import_mode', { isOn });
    });
    return this.status(call, connection.name);
  }

  /** Ends the move: the source is not asked any more, and its secrets are forgotten. */
  async finish(call: Call, connectionId: string): Promise<MoveStatus> {
    requireTenantScope(call);
    const connection = await this.connectionOf(call.store, connectionId);
    // Nobody could sign in any more: no password is here.
    if (!connection.options.keepsPasswords) throw lazyMigrationErrors.IMPORT_MODE_OFF();
    await call.store.transaction(async (store) => {
      const before = await findSource(store, connection.name);
      if (before === null) throw lazyMigrationErrors.MIGRATION_SOURCE_NOT_FOUND();
      const now = call.clock.now();
      const updatedAt = Math.max(now, before.updatedAt + 1);
      await saveSource(store, { ...before, isEnabled: false, sealed: '', updatedAt, finishedAt: now });
      await this.record(store, call, connection, 'migration_source.finish', {});
    });
    return this.status(call, connection.name);
  }

  private async connectionOf(store: Store, idOrName: string): Promise<Connection> {
    const { connections } = this.parts;
    const found = (await connections.byId(store, idOrName)) ?? (await connections.require(store, idOrName));
    if (strategyKind(found.strategy) === 'DATABASE') return found;
    throw commonErrors.VALIDATION_FAILED({
      message: 'Only connections with passwords have a migration source.',
      extensions: { field: 'connectionId' },
    });
  }

  private requireAvailable(settings: SourceSettings): void {
    const { config } = this.parts;
    if (settings.kind === 'SQL' && !migrationDatabases(config).has(settings.database)) {
      throw commonErrors.VALIDATION_FAILED({
        message: 'database is not configured: the operator names it in migration.databases.',
        extensions: { field: 'database' },
      });
    }
    if (settings.kind === 'SCRIPT' && !migrationScripts(config).has(settings.script)) {
      throw commonErrors.VALIDATION_FAILED({
        message: 'script is not configured: the operator names it in migration.scripts.',
        extensions: { field: 'script' },
      });
    }
  }

  private record(
    store: Store,
    call: Call,
    connection: Connection,
    action: string,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    return this.parts.audit.record(store, call, {
      action,
      targetType: 'Connection',
      targetId: connection.id,
      details: { connection: connection.name, ...details },
    });
  }
}

/** SECURITY: what may be shown: no credential, no script, no query. */
function shownOf(settings: SourceSettings): Record<string, unknown> {
  const { timeoutMs, prefixIds, allowReimport, writeBack } = settings;
  const shared = { timeoutMs, prefixIds, allowReimport, writeBack };
  switch (settings.kind) {
    case 'SQL':
      return { ...shared, database: settings.database };
    case 'SCRIPT':
      return { ...shared, script: settings.script, hosts: settings.hosts };
    case 'OKTA':
      return { ...shared, url: settings.url };
    case 'COGNITO':
      return { ...shared, url: cognitoUrl(settings) };
    case 'HTTP':
    case 'WEBHOOK':
      return { ...shared, url: settings.url, authentication: settings.authentication?.kind ?? null };
  }
}

function withoutSecrets({ sealed: _sealed, ...row }: SourceRow): ShownSource {
  return row;
}
