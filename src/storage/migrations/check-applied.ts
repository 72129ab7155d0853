import { StorageError } from '#src/storage/storage.errors';

export interface MigrationClass {
  readonly name: string;
}

/** Refuses a database that a newer version of the program has migrated. */
export function checkNotNewer(applied: readonly string[], migrations: readonly MigrationClass[]): void {
  const newer = applied.filter((name) => !migrations.some((migration) => migration.name === name));
  if (newer.length === 0) return;
  throw new StorageError(
    'STORAGE_NEWER',
    `The database was migrated by a newer version (${newer.join(', ')}). Run that version, or restore a backup.`,
  );
}

/** Refuses a database that has other migrations than this version of the program. */
export function checkApplied(applied: readonly string[], migrations: readonly MigrationClass[]): void {
  checkNotNewer(applied, migrations);
  const pending = pendingOf(applied, migrations);
  if (pending.length === 0) return;
  throw new StorageError(
    'STORAGE_NOT_MIGRATED',
    `The database lacks ${pending.length} migration(s) (${pending.join(', ')}). Run "gatehouse migrate".`,
  );
}

export function pendingOf(applied: readonly string[], migrations: readonly MigrationClass[]): string[] {
  return migrations.map((migration) => migration.name).filter((name) => !applied.includes(name));
}
