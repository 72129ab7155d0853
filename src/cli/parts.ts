import type { Config } from '#src/config/config';
import type { KeyTasks, OperatorTasks, SourceTasks } from '#src/cli/operator-tasks';
import type { Logger } from '#src/shared/logger';
import type { Storage } from '#src/storage/store';

/** What the commands use of the app. */
export interface CliApp {
  readonly http: { listen(): Promise<string> };
  readonly storage: Storage;
  readonly logger: Logger;
  /** Loads the demo data set when the database holds no user. */
  loadDemoData(): Promise<unknown>;
  /** A bearer token with every permission of the gateway, for a development machine. */
  administratorToken(): Promise<string>;
  /** Makes the first administrator with a new password; null when there is one already. */
  createFirstAdministrator(email: string): Promise<{ readonly id: string; readonly password: string } | null>;
  readonly migrationSource: SourceTasks;
  readonly signingKeys: KeyTasks;
  readonly missingKeys: OperatorTasks['missingKeys'];
  close(): Promise<void>;
}

/** The heavy parts of the program, loaded when a command needs them: `doctor` and `--help` stay quick. */
export interface CliParts {
  createApp(config: Config): Promise<CliApp>;
  /** Applies outstanding migrations; answers their names. */
  migrate(databaseUrl: string): Promise<readonly string[]>;
  /** Takes the last migration back; answers its name, or null when there is none. */
  revert(databaseUrl: string): Promise<string | null>;
  /** Names of outstanding migrations; makes no file. */
  pendingMigrations(databaseUrl: string): Promise<readonly string[]>;
  /** What is broken in the database itself; reads a file from end to end. */
  integrityProblems(databaseUrl: string): Promise<readonly string[]>;
  /** The whole schema as SDL, with its directives. Needs no database. */
  printSchema(): Promise<string>;
}

export const programParts: CliParts = {
  createApp: async (config) => (await import('#src/app')).createApp(config),
  migrate: async (url) => (await import('#src/storage/migrate')).migrate(url),
  revert: async (url) => (await import('#src/storage/migrate')).revert(url),
  pendingMigrations: async (url) => (await import('#src/storage/migrate')).pendingMigrations(url),
  integrityProblems: async (url) => (await import('#src/storage/check-integrity')).integrityProblems(url),
  printSchema: async () => (await import('#src/app')).printSchema(),
};
