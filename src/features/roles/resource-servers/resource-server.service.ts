import type { Call } from '#src/access/call';
import type { RolesConfig } from '#src/config/roles';
import type { AuditService } from '#src/features/audit/audit.service';
import { applicationOf, applicationPrefix } from '#src/features/roles/application-roles';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { badInput, checkedOptionalText, checkedText } from '#src/features/roles/checked-text';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { checkPermissionName } from '#src/features/roles/permission-name';
import * as servers from '#src/features/roles/resource-servers/resource-server.repository';
import type { ResourceServerRow } from '#src/features/roles/resource-servers/resource-server.repository';
import { findRolesHolding } from '#src/features/roles/role.repository';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface PermissionDefinition {
  readonly name: string;
  readonly description?: string | null;
}

export interface CreateResourceServer {
  readonly identifier: string;
  readonly name?: string | null;
  readonly enforcePolicies?: boolean | null;
  readonly tokenDialect?: string | null;
  readonly permissions?: readonly PermissionDefinition[] | null;
}

export interface UpdateResourceServer {
  readonly id: string;
  readonly name?: string | null;
  readonly enforcePolicies?: boolean | null;
  readonly tokenDialect?: string | null;
  /** All permissions from now on; null and an empty list remove all. */
  readonly permissions?: readonly PermissionDefinition[] | null;
}

/** So many names are told of what stands in the way. */
const mostNamed = 20;
const longestIdentifier = 600;
const longestName = 200;
const longestDescription = 500;
/** Audiences that begin so belong to the gateway. */
const reservedIdentifier = /^urn:gatehouse(:|$)/i;

/** APIs and the permissions that they define. The gateway's own entry follows the running version and is never changed here. */
export class ResourceServerService {
  /** Whether there is such an application; later features know. */
  isApplication: (store: Store, id: string) => Promise<boolean> = () => Promise.resolve(false);

  constructor(
    private readonly audit: AuditService,
    private readonly limits: RolesConfig,
  ) {}

  async create(call: Call, input: CreateResourceServer): Promise<ResourceServerRow> {
    requireTenantScope(call);
    const identifier = await this.checkedIdentifier(call.store, input.identifier);
    const definitions = this.checkedDefinitions(input.permissions ?? []);
    const now = call.clock.now();
    const row: ResourceServerRow = {
      id: call.ids.next('api'),
      identifier,
      name: checkedOptionalText('name', input.name ?? null, longestName) ?? identifier.slice(0, longestName),
      enforcePolicies: input.enforcePolicies ?? false,
      tokenDialect: input.tokenDialect ?? 'ACCESS_TOKEN',
      isSystem: false,
      createdAt: now,
      updatedAt: now,
    };
    return call.store.transaction(async (store) => {
      await servers.insertResourceServer(store, row);
      await servers.insertDefinitions(store, newDefinitions(call, row.id, definitions));
      const paths = ['identifier', 'name', ...(definitions.size > 0 ? ['permissions'] : [])];
      await this.record(store, call, 'resource_server.create', row.id, paths);
      return row;
    });
  }

  update(call: Call, input: UpdateResourceServer): Promise<ResourceServerRow> {
    requireTenantScope(call);
    return call.store.transaction(async (store) => {
      const before = await requireChangeable(store, input.id);
      const set = { ...checkedSettings(input, before.identifier), updatedAt: call.clock.now() };
      if (!(await servers.updateResourceServer(store, input.id, set))) throw unknownServer();
      const paths = Object.keys(set).filter((key) => key !== 'updatedAt');
      if (input.permissions !== undefined) {
        await this.replaceDefinitions(call, store, before, this.checkedDefinitions(input.permissions ?? []));
        paths.push('permissions');
      }
      await this.record(store, call, 'resource_server.update', input.id, paths);
      return { ...before, ...set };
    });
  }

  delete(call: Call, id: string): Promise<string> {
    requireTenantScope(call);
    return call.store.transaction(async (store) => {
      const server = await requireChangeable(store, id);
      await refuseUsed(store, server, await servers.findDefinitions(store, id));
      if (!(await servers.deleteResourceServer(store, id))) throw unknownServer();
      await this.record(store, call, 'resource_server.delete', id, []);
      return id;
    });
  }

  /** Permissions that stay keep their id, so that roles and users keep them. */
  private async replaceDefinitions(
    call: Call,
    store: Store,
    server: ResourceServerRow,
    wanted: ReadonlyMap<string, string | null>,
  ): Promise<void> {
    const { id } = server;
    const stored = await servers.findDefinitions(store, id);
    const known = new Set(stored.map(({ name }) => name));
    const removed = stored.filter(({ name }) => !wanted.has(name));
    await refuseUsed(store, server, removed);
    await servers.deleteDefinitions(
      store,
      removed.map((row) => row.id),
    );
    for (const row of stored) {
      const description = wanted.get(row.name);
      if (description !== undefined && description !== row.description) {
        await servers.describeDefinition(store, row.id, description);
      }
    }
    const added = new Map([...wanted].filter(([name]) => !known.has(name)));
    await servers.insertDefinitions(store, newDefinitions(call, id, added));
  }

  private checkedDefinitions(
    definitions: readonly PermissionDefinition[],
  ): ReadonlyMap<string, string | null> {
    const limit = this.limits.maxPermissionsPerResourceServer;
    const message = `A resource server may define at most ${limit} permissions.`;
    refuseAbove(limit, definitions.length, message, 'permissions');
    const checked = new Map<string, string | null>();
    for (const { name, description } of definitions) {
      checkPermissionName('permissions', name);
      if (checked.has(name)) throw badInput('permissions', `The permission "${name}" is named twice.`);
      checked.set(name, checkedOptionalText('permissions', description ?? null, longestDescription));
    }
    return checked;
  }

  private async checkedIdentifier(store: Store, text: string): Promise<string> {
    const identifier = checkedText('identifier', text, longestIdentifier);
    if (/\s/.test(identifier)) throw badInput('identifier', 'An identifier holds no white space.');
    // SECURITY: a second audience that looks like the gateway's own could be taken for it.
    if (!reservedIdentifier.test(identifier)) return identifier;
    if (
      identifier.startsWith(applicationPrefix) &&
      (await this.isApplication(store, applicationOf(identifier)))
    )
      return identifier;
    throw badInput('identifier', 'Identifiers that begin with urn:gatehouse belong to the gateway.');
  }

  private record(
    store: Store,
    call: Call,
    action: string,
    targetId: string,
    changedPaths: string[],
  ): Promise<void> {
    return this.audit.record(store, call, { action, targetType: 'ResourceServer', targetId, changedPaths });
  }
}

function newDefinitions(
  call: Call,
  resourceServerId: string,
  definitions: ReadonlyMap<string, string | null>,
): { id: string; resourceServerId: string; name: string; description: string | null }[] {
  return [...definitions].map(([name, description]) => ({
    id: call.ids.next('prm'),
    resourceServerId,
    name,
    description,
  }));
}

/** SECURITY: dangling rights: what roles of an application hold is not taken away behind their back. */
async function refuseUsed(
  store: Store,
  { identifier }: ResourceServerRow,
  permissions: readonly { readonly id: string }[],
): Promise<void> {
  if (!identifier.startsWith(applicationPrefix)) return;
  const ids = permissions.map(({ id }) => id);
  const roles = await findRolesHolding(store, ids, mostNamed);
  if (roles.length === 0) return;
  throw commonErrors.CONFLICT({
    message: 'Roles hold these permissions. Take them from the roles first.',
    extensions: { field: 'permissions', roles },
  });
}

function checkedSettings(input: UpdateResourceServer, identifier: string): Partial<ResourceServerRow> {
  const name = input.name === undefined ? undefined : checkedOptionalText('name', input.name, longestName);
  return {
    ...(name === undefined ? {} : { name: name ?? identifier.slice(0, longestName) }),
    ...(input.enforcePolicies === undefined ? {} : { enforcePolicies: input.enforcePolicies ?? false }),
    ...(input.tokenDialect === undefined ? {} : { tokenDialect: input.tokenDialect ?? 'ACCESS_TOKEN' }),
  };
}

async function requireChangeable(store: Store, id: string): Promise<ResourceServerRow> {
  const [row] = await servers.findResourceServers(store, [id]);
  if (!row) throw unknownServer();
  if (row.isSystem) {
    throw commonErrors.FORBIDDEN({
      message: 'The gateway’s own resource server follows the running version and cannot be changed.',
    });
  }
  return row;
}

function unknownServer(): Error {
  return commonErrors.NOT_FOUND({ message: 'There is no such resource server.' });
}
