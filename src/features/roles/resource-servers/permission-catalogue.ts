import { foldText } from '#src/features/users/fold-text';
import * as servers from '#src/features/roles/resource-servers/resource-server.repository';
import { findRoleByName, insertRole, insertRolePermissions } from '#src/features/roles/role.repository';
import type { Clock } from '#src/shared/clock';
import type { Ids } from '#src/shared/ids';
import type { Store } from '#src/storage/store';

/** Audience of the gateway's own permissions. */
export const systemIdentifier = 'urn:gatehouse:api';

export const administratorRole = 'Administrator';

export interface CatalogueParts {
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Brings the stored permissions of the gateway itself up to the running version: new ones are added, sentences renewed. Answers the
 * id of its resource server. A permission that this version does not know stays, because another node may run a newer one.
 */
export function synchronisePermissionCatalogue(
  store: Store,
  parts: CatalogueParts,
  permissions: Readonly<Record<string, string>>,
): Promise<string> {
  return store.transaction(async (tx) => {
    // Nodes that start together would insert the same rows.
    await tx.execute(tx.dialect.advisoryLock('permission-catalogue'));
    const id = await ensureSystemServer(tx, parts);
    const stored = new Map((await servers.findDefinitions(tx, id)).map((row) => [row.name, row]));
    const added: { id: string; resourceServerId: string; name: string; description: string }[] = [];
    for (const [name, description] of Object.entries(permissions)) {
      const known = stored.get(name);
      if (!known) added.push({ id: parts.ids.next('prm'), resourceServerId: id, name, description });
      else if (known.description !== description) await servers.describeDefinition(tx, known.id, description);
    }
    await servers.insertDefinitions(tx, added);
    return id;
  });
}

async function ensureSystemServer(store: Store, { clock, ids }: CatalogueParts): Promise<string> {
  const known = await servers.findResourceServerByIdentifier(store, systemIdentifier);
  if (known) return known.id;
  const now = clock.now();
  const id = ids.next('api');
  await servers.insertResourceServer(store, {
    id,
    identifier: systemIdentifier,
    name: 'Gatehouse',
    enforcePolicies: true,
    tokenDialect: 'RFC9068_PROFILE_AUTHZ',
    isSystem: true,
    createdAt: now,
    updatedAt: now,
  });
  return id;
}

/**
 * The role `Administrator`, holding every permission of the gateway; made when missing, completed when the gateway has learned new
 * ones. Answers its id.
 */
export function ensureAdministratorRole(store: Store, { clock, ids }: CatalogueParts): Promise<string> {
  return store.transaction(async (tx) => {
    const server = await servers.findResourceServerByIdentifier(tx, systemIdentifier);
    const permissions = server ? await servers.findDefinitions(tx, server.id) : [];
    const now = clock.now();
    let id = await findRoleByName(tx, foldText(administratorRole));
    if (id === null) {
      id = ids.next('rol');
      await insertRole(tx, {
        id,
        name: administratorRole,
        nameFolded: foldText(administratorRole),
        description: 'May do everything that the gateway can do.',
        type: 'TENANT',
        organizationId: null,
        applicationId: null,
        createdAt: now,
        updatedAt: now,
      });
    }
    if (permissions.length > 0)
      await insertRolePermissions(
        tx,
        id,
        permissions.map((permission) => permission.id),
      );
    return id;
  });
}

/** A role that comes with the product, with permissions of the gateway by name. */
export interface BuiltInRole {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
}

/** Makes a built-in role of the deployment where it is missing; one of the name stays as it is. Inside a transaction. */
export async function ensureBuiltInRole(
  store: Store,
  { clock, ids }: CatalogueParts,
  { name, description, permissions }: BuiltInRole,
): Promise<void> {
  await store.execute(store.dialect.advisoryLock('built-in-roles'));
  if ((await findRoleByName(store, foldText(name))) !== null) return;
  const now = clock.now();
  const id = ids.next('rol');
  const server = await servers.findResourceServerByIdentifier(store, systemIdentifier);
  const known = server ? await servers.findDefinitions(store, server.id) : [];
  await insertRole(store, {
    ...{ id, name, nameFolded: foldText(name), description, type: 'TENANT' },
    ...{ organizationId: null, applicationId: null, createdAt: now, updatedAt: now },
  });
  const held = known.filter((row) => permissions.includes(row.name)).map((row) => row.id);
  if (held.length > 0) await insertRolePermissions(store, id, held);
}
