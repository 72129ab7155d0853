import { migrationDatabases, migrationScripts, type MigrationConfig } from '#src/config/migration';
import type { Secrets } from '#src/config/open-secrets';
import { openText } from '#src/config/seal-text';
import type { Outbound } from '#src/http/outbound';
import type { Clock } from '#src/shared/clock';
import { openForeignDatabase, type ForeignDatabase } from '#src/storage/foreign-database';
import type { Store } from '#src/storage/store';
import { createCircuitBreaker, type CircuitBreaker } from './circuit-breaker';
import { openHttpSource } from './http-source';
import {
  SourceFault,
  type Finding,
  type MigrationSource,
  type SourceChange,
  type SourceContext,
  type SourceReply,
  type Verdict,
} from './migration-source';
import { findSource, type SourceRow } from './migration-source.repository';
import { sourceSettings, type SourceSettings } from './source-settings';
import { openCognitoSource } from '#src/features/lazy-migration/sources/presets/cognito-source';
import { openOktaSource } from '#src/features/lazy-migration/sources/presets/okta-source';
import { openScriptSource } from '#src/features/lazy-migration/sources/script/script-source';
import { openSqlSource } from './sql-source';
import { openWebhookSource } from './webhook-source';

export const sealPurpose = 'migration-source';

export interface DeskParts {
  readonly config: MigrationConfig;
  readonly secrets: Pick<Secrets, 'ring'>;
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly verifyHash: (stored: string, password: string) => Promise<boolean>;
}

/** A source that can be asked, with what an administrator set. */
export interface OpenSource {
  readonly settings: SourceSettings;
  verify(identifier: string, password: string, context?: SourceContext): Promise<Verdict>;
  lookUp(identifier: string): Promise<Finding>;
  /** Tells it of a change; what it does not take is `refused`. */
  tell(change: SourceChange): Promise<SourceReply>;
  close(): void;
}

/** Opens the sources of connections, and keeps each open until it is set anew. */
export class SourceDesk {
  private readonly kept = new Map<string, { readonly revision: number; readonly open: OpenSource }>();
  private readonly databases = new Map<string, ForeignDatabase>();

  constructor(private readonly parts: DeskParts) {}

  /** The source of a connection that is to be asked; null where there is none, or it is switched off. */
  async active(store: Store, connection: string): Promise<OpenSource | null> {
    const row = await findSource(store, connection);
    return row?.isEnabled === true ? this.openRow(row) : null;
  }

  /** The source of a connection, switched off or not; null where there is none, or the move is over. */
  async any(store: Store, connection: string): Promise<OpenSource | null> {
    const row = await findSource(store, connection);
    return row === null || row.finishedAt !== null ? null : this.openRow(row);
  }

  async close(): Promise<void> {
    for (const { open } of this.kept.values()) open.close();
    await Promise.all([...this.databases.values()].map((database) => database.close()));
  }

  private openRow(row: SourceRow): OpenSource {
    const known = this.kept.get(row.connection);
    if (known?.revision === row.updatedAt) return known.open;
    const text = openText(this.parts.secrets.ring(sealPurpose), row.connection, row.sealed);
    const settings = sourceSettings.parse(JSON.parse(text));
    const source = this.openSource(settings);
    const breaker = createCircuitBreaker(this.parts.clock);
    const open: OpenSource = {
      settings,
      verify: (identifier, password, context) =>
        guarded(breaker, () => source.verify(identifier, password, context)),
      lookUp: (identifier) => guarded(breaker, () => source.lookUp(identifier)),
      tell: (change) =>
        guarded(breaker, () => source.tell?.(change) ?? Promise.resolve<SourceReply>('refused')),
      close: () => source.close?.(),
    };
    known?.open.close();
    this.kept.set(row.connection, { revision: row.updatedAt, open });
    return open;
  }

  private openSource(settings: SourceSettings): MigrationSource {
    const { config, clock, outbound, verifyHash } = this.parts;
    const limits = { timeoutMs: settings.timeoutMs ?? config.timeoutMs, maxBytes: config.maxBytes };
    const call = { outbound, clock, ...limits };
    switch (settings.kind) {
      case 'HTTP':
        return openHttpSource(call, settings);
      case 'WEBHOOK':
        return openWebhookSource(call, settings);
      case 'SQL':
        return openSqlSource({ ...limits, verifyHash, database: (name) => this.database(name) }, settings);
      case 'SCRIPT':
        return openScriptSource(
          { ...limits, outbound, file: (name) => migrationScripts(config).get(name) ?? null },
          settings,
        );
      case 'OKTA':
        return openOktaSource(call, settings);
      case 'COGNITO':
        return openCognitoSource(call, settings);
    }
  }

  private database(name: string): ForeignDatabase | null {
    const open = this.databases.get(name);
    if (open) return open;
    const url = migrationDatabases(this.parts.config).get(name);
    if (url === undefined) return null;
    const database = openForeignDatabase(url);
    this.databases.set(name, database);
    return database;
  }
}

/** Whatever breaks inside a source is a fault of the source. */
function guarded<Result>(breaker: CircuitBreaker, work: () => Promise<Result>): Promise<Result> {
  return breaker.run(async () => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof SourceFault ? error : new SourceFault('BAD_ANSWER', error);
    }
  });
}
