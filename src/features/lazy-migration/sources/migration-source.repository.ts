import { columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';
import { MigrationSourceEntity } from './migration-source.entity';

const selection = columnsOf(MigrationSourceEntity, 'ms', [
  'connection',
  'kind',
  'isEnabled',
  'settings',
  'sealed',
  'createdAt',
  'updatedAt',
  'finishedAt',
]);
export type SourceRow = RowOf<typeof selection>;

const byConnection: Read<{ connection: string }, SourceRow> = {
  name: 'migration_source_by_connection',
  build: (builder) => builder.from(MigrationSourceEntity, 'ms').where('ms.connection = :connection'),
  select: selection,
};

export async function findSource(store: Store, connection: string): Promise<SourceRow | null> {
  return (await store.read(byConnection, { connection }))[0] ?? null;
}

export async function saveSource(store: Store, row: SourceRow): Promise<void> {
  await store.upsert(MigrationSourceEntity, row, ['connection']);
}
