import { ConnectionSecretEntity } from '#src/features/providers/settings/connection-secret.entity';
import { columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';

const secretSelection = columnsOf(ConnectionSecretEntity, 's', ['connectionId', 'name', 'sealed']);
export type ConnectionSecretRow = RowOf<typeof secretSelection>;

const byConnections: Read<{ readonly ids: readonly string[] }, ConnectionSecretRow> = {
  name: 'connection_secrets_by_connection',
  build: (builder, dialect) =>
    builder.from(ConnectionSecretEntity, 's').where(dialect.anyOf('s.connectionId', ':ids')),
  select: secretSelection,
};

export function findConnectionSecrets(store: Store, ids: readonly string[]): Promise<ConnectionSecretRow[]> {
  return store.read(byConnections, { ids });
}

export async function replaceConnectionSecret(
  store: Store,
  row: ConnectionSecretRow & { readonly updatedAt: number },
): Promise<void> {
  await deleteConnectionSecret(store, row);
  await store.insert(ConnectionSecretEntity, row);
}

export async function deleteConnectionSecret(
  store: Store,
  { connectionId, name }: Pick<ConnectionSecretRow, 'connectionId' | 'name'>,
): Promise<void> {
  await store.delete(ConnectionSecretEntity, { connectionId, name });
}
