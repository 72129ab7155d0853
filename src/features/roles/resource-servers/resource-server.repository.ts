import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { columnsOf } from '#src/storage/columns';
import { refuseTaken } from '#src/storage/refuse-taken';
import type { Read, RowOf, Store } from '#src/storage/store';

export const resourceServerSelection = columnsOf(ResourceServerEntity, 's', [
  'id',
  'identifier',
  'name',
  'enforcePolicies',
  'tokenDialect',
  'isSystem',
  'createdAt',
  'updatedAt',
]);
export type ResourceServerRow = RowOf<typeof resourceServerSelection>;

const resourceServersById: Read<{ ids: readonly string[] }, ResourceServerRow> = {
  name: 'resource_servers_by_id',
  build: (builder, dialect) => builder.from(ResourceServerEntity, 's').where(dialect.anyOf('s.id', ':ids')),
  select: resourceServerSelection,
};

export function findResourceServers(store: Store, ids: readonly string[]): Promise<ResourceServerRow[]> {
  return store.read(resourceServersById, { ids });
}

const resourceServerByIdentifier: Read<{ identifier: string }, ResourceServerRow> = {
  name: 'resource_server_by_identifier',
  build: (builder) => builder.from(ResourceServerEntity, 's').where('s.identifier = :identifier'),
  select: resourceServerSelection,
};

export async function findResourceServerByIdentifier(
  store: Store,
  identifier: string,
): Promise<ResourceServerRow | null> {
  const [row] = await store.read(resourceServerByIdentifier, { identifier });
  return row ?? null;
}

export async function insertResourceServer(store: Store, row: ResourceServerRow): Promise<void> {
  const taken = { field: 'identifier', message: 'There is a resource server with this identifier already.' };
  await refuseTaken(taken, () => store.insert(ResourceServerEntity, row));
}

export async function updateResourceServer(
  store: Store,
  id: string,
  set: Partial<ResourceServerEntity>,
): Promise<boolean> {
  return (await store.update(ResourceServerEntity, { id }, set)) === 1;
}

/** Its permissions, and what links them, go with it. */
export async function deleteResourceServer(store: Store, id: string): Promise<boolean> {
  return (await store.delete(ResourceServerEntity, { id })) === 1;
}

const definitionSelection = columnsOf(PermissionEntity, 'p', ['id', 'name', 'description']);
export type DefinitionRow = RowOf<typeof definitionSelection>;

const definitions: Read<{ id: string }, DefinitionRow> = {
  name: 'permissions_of_resource_server',
  build: (builder) => builder.from(PermissionEntity, 'p').where('p.resourceServerId = :id'),
  select: definitionSelection,
};

/** Every permission that the resource server defines; a thousand at most. */
export function findDefinitions(store: Store, resourceServerId: string): Promise<DefinitionRow[]> {
  return store.read(definitions, { id: resourceServerId });
}

export async function insertDefinitions(
  store: Store,
  rows: readonly Partial<PermissionEntity>[],
): Promise<void> {
  if (rows.length > 0) await store.insert(PermissionEntity, rows, { ignoreConflicts: true });
}

export async function describeDefinition(
  store: Store,
  id: string,
  description: string | null,
): Promise<void> {
  await store.update(PermissionEntity, { id }, { description });
}

export async function deleteDefinitions(store: Store, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await store.delete(PermissionEntity, { id: ids });
}
