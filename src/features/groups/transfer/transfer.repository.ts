import { AuthorizationReferenceEntity } from './authorization-reference.entity';
import { GroupEntity } from '#src/features/groups/group.entity';
import { GroupMappingEntity } from '#src/features/groups/mappings/group-mapping.entity';
import { GroupMemberEntity } from '#src/features/groups/members/group-member.entity';
import { GroupClosureEntity } from '#src/features/groups/nesting/group-closure.entity';
import { GroupEdgeEntity } from '#src/features/groups/nesting/group-edge.entity';
import { GroupRoleEntity } from '#src/features/groups/roles/group-role.entity';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { groupSelection, type GroupRow } from '#src/features/groups/group.repository';
import { roleColumns } from '#src/features/roles/role-columns';
import type { RoleRow } from '#src/features/roles/role.repository';
import type { Edge } from '#src/features/groups/nesting/closure.repository';
import { sql, type Sql } from '#src/storage/sql';
import type { EntityClass, Store } from '#src/storage/store';

/** What an object was called where it came from. */
export interface Reference {
  readonly kind: 'group' | 'role' | 'permission';
  readonly objectId: string;
  readonly reference: string;
}

export interface Pair {
  readonly left: string;
  readonly right: string;
}

export interface StoredPermission {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly identifier: string;
  readonly serverId: string;
}

export interface StoredMapping {
  readonly id: string;
  readonly groupId: string;
  readonly groupName: string;
  readonly connectionName: string;
}

/** Everything of the deployment that a document can speak of. */
export interface StoredAuthorization {
  readonly groups: readonly GroupRow[];
  readonly edges: readonly Edge[];
  /** Group, user. */
  readonly members: readonly Pair[];
  /** Group, role. */
  readonly groupRoles: readonly Pair[];
  readonly mappings: readonly StoredMapping[];
  /** Roles of the deployment, with and without an application. */
  readonly roles: readonly RoleRow[];
  /** Role, permission. */
  readonly rolePermissions: readonly Pair[];
  /** Role, user; of roles for one application. */
  readonly roleUsers: readonly Pair[];
  readonly permissions: readonly StoredPermission[];
  readonly references: readonly Reference[];
}

export async function loadAuthorization(store: Store): Promise<StoredAuthorization> {
  const group = (property: keyof GroupEntity & string): Sql => store.column(GroupEntity, property, 'g');
  const role = (property: keyof RoleEntity & string): Sql => store.column(RoleEntity, property, 'r');
  const ofDeployment = sql`${group('organizationId')} IS NULL`;
  const ofRoles = sql`${role('organizationId')} IS NULL`;
  const groups = store.selection(groupSelection);
  const roles = store.selection(roleColumns);
  const pairs = <Entity extends object>(
    entity: EntityClass<Entity>,
    left: keyof Entity & string,
    right: keyof Entity & string,
    join: Sql,
    where: Sql,
  ): Promise<Pair[]> =>
    store.query<Pair>(
      sql`SELECT ${store.column(entity, left, 'x')} AS "left", ${store.column(entity, right, 'x')} AS "right"
        FROM ${store.table(entity)} AS x JOIN ${join} WHERE ${where} ORDER BY 1, 2`,
      { left: 'text', right: 'text' },
    );
  const toGroup = (entity: EntityClass<{ groupId: string }>): Sql =>
    sql`${store.table(GroupEntity)} AS g ON ${group('id')} = ${store.column(entity, 'groupId', 'x')}`;
  const toRole = (entity: EntityClass<{ roleId: string }>): Sql =>
    sql`${store.table(RoleEntity)} AS r ON ${role('id')} = ${store.column(entity, 'roleId', 'x')}`;
  const edges = await pairs(
    GroupEdgeEntity,
    'parentId',
    'childId',
    sql`${store.table(GroupEntity)} AS g ON ${group('id')} = ${store.column(GroupEdgeEntity, 'parentId', 'x')}`,
    ofDeployment,
  );
  return {
    groups: await store.query<GroupRow>(
      sql`SELECT ${groups.columns} FROM ${store.table(GroupEntity)} AS g WHERE ${ofDeployment} ORDER BY ${group('nameFolded')}`,
      groups.kinds,
    ),
    edges: edges.map(({ left, right }) => ({ parentId: left, childId: right })),
    members: await pairs(
      GroupMemberEntity,
      'groupId',
      'userId',
      toGroup(GroupMemberEntity),
      sql`${ofDeployment} AND ${store.column(GroupMemberEntity, 'source', 'x')} = ''`,
    ),
    groupRoles: await pairs(GroupRoleEntity, 'groupId', 'roleId', toGroup(GroupRoleEntity), ofDeployment),
    mappings: await findMappings(store),
    roles: await store.query<RoleRow>(
      sql`SELECT ${roles.columns} FROM ${store.table(RoleEntity)} AS r WHERE ${ofRoles} ORDER BY ${role('nameFolded')}, ${role('id')}`,
      roles.kinds,
    ),
    rolePermissions: await pairs(
      RolePermissionEntity,
      'roleId',
      'permissionId',
      toRole(RolePermissionEntity),
      sql`${ofRoles} AND ${role('applicationId')} IS NOT NULL`,
    ),
    roleUsers: await pairs(
      UserRoleEntity,
      'roleId',
      'userId',
      toRole(UserRoleEntity),
      sql`${ofRoles} AND ${role('applicationId')} IS NOT NULL`,
    ),
    permissions: await findPermissions(store),
    references: await store.query<Reference>(
      sql`SELECT "kind", "object_id" AS "objectId", "reference" FROM ${store.table(AuthorizationReferenceEntity)}`,
      { kind: 'text', objectId: 'text', reference: 'text' },
    ),
  };
}

function findMappings(store: Store): Promise<StoredMapping[]> {
  const at = (property: keyof GroupMappingEntity & string): Sql =>
    store.column(GroupMappingEntity, property, 'm');
  return store.query<StoredMapping>(
    sql`SELECT ${at('id')} AS "id", ${at('groupId')} AS "groupId", ${at('groupName')} AS "groupName",
        ${store.column(ConnectionEntity, 'name', 'c')} AS "connectionName"
      FROM ${store.table(GroupMappingEntity)} AS m
      JOIN ${store.table(ConnectionEntity)} AS c ON ${store.column(ConnectionEntity, 'id', 'c')} = ${at('connectionId')}
      JOIN ${store.table(GroupEntity)} AS g ON ${store.column(GroupEntity, 'id', 'g')} = ${at('groupId')}
      WHERE ${store.column(GroupEntity, 'organizationId', 'g')} IS NULL ORDER BY ${at('createdAt')}, ${at('id')}`,
    { id: 'text', groupId: 'text', groupName: 'text', connectionName: 'text' },
  );
}

/** Permissions of every resource server but the gateway's own. */
function findPermissions(store: Store): Promise<StoredPermission[]> {
  const at = (property: keyof PermissionEntity & string): Sql =>
    store.column(PermissionEntity, property, 'p');
  const server = (property: keyof ResourceServerEntity & string): Sql =>
    store.column(ResourceServerEntity, property, 's');
  return store.query<StoredPermission>(
    sql`SELECT ${at('id')} AS "id", ${at('name')} AS "name", ${at('description')} AS "description",
        ${server('identifier')} AS "identifier", ${server('id')} AS "serverId"
      FROM ${store.table(PermissionEntity)} AS p
      JOIN ${store.table(ResourceServerEntity)} AS s ON ${server('id')} = ${at('resourceServerId')}
      WHERE ${server('isSystem')} = FALSE ORDER BY ${server('identifier')}, ${at('name')}`,
    { id: 'text', name: 'text', description: 'text', identifier: 'text', serverId: 'text' },
  );
}

/** Resource servers by their identifiers and by their ids; the gateway's own is not among them. */
export async function findServers(
  store: Store,
  names: readonly string[],
): Promise<{ id: string; identifier: string }[]> {
  const at = (property: keyof ResourceServerEntity & string): Sql =>
    store.column(ResourceServerEntity, property, 's');
  return store.query<{ id: string; identifier: string }>(
    sql`SELECT ${at('id')} AS "id", ${at('identifier')} AS "identifier" FROM ${store.table(ResourceServerEntity)} AS s
      WHERE ${at('isSystem')} = FALSE
        AND ${sql.or([store.dialect.anyOf(at('identifier'), names), store.dialect.anyOf(at('id'), names)])}`,
    { id: 'text', identifier: 'text' },
  );
}

export async function findUserIds(store: Store, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const id = store.column(UserEntity, 'id', 'u');
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${id} AS "id" FROM ${store.table(UserEntity)} AS u WHERE ${store.dialect.anyOf(id, ids)}`,
    { id: 'text' },
  );
  return new Set(rows.map((row) => row.id));
}

export async function findConnectionIds(
  store: Store,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  const name = store.column(ConnectionEntity, 'name', 'c');
  const rows = await store.query<{ id: string; name: string }>(
    sql`SELECT ${store.column(ConnectionEntity, 'id', 'c')} AS "id", ${name} AS "name"
      FROM ${store.table(ConnectionEntity)} AS c WHERE ${store.dialect.anyOf(name, names)}`,
    { id: 'text', name: 'text' },
  );
  return new Map(rows.map((row) => [row.name, row.id]));
}

/** The whole nesting of the deployment's groups, as a list of edges says. */
export async function replaceNesting(
  store: Store,
  groupIds: readonly string[],
  edges: readonly Edge[],
  closure: readonly GroupClosureEntity[],
): Promise<void> {
  await store.delete(GroupEdgeEntity, { childId: groupIds });
  await store.delete(GroupClosureEntity, { descendantId: groupIds });
  if (edges.length > 0) await store.insert(GroupEdgeEntity, edges);
  if (closure.length > 0) await store.insert(GroupClosureEntity, closure);
}

export async function insertMembers(store: Store, pairs: readonly Pair[], now: number): Promise<void> {
  const rows = pairs.map(({ left, right }) => ({ groupId: left, userId: right, source: '', createdAt: now }));
  if (rows.length > 0) await store.insert(GroupMemberEntity, rows, { ignoreConflicts: true });
}

export async function deleteMembers(store: Store, pairs: readonly Pair[]): Promise<void> {
  for (const [groupId, userId] of byLeft(pairs))
    await store.delete(GroupMemberEntity, { groupId, userId, source: '' });
}

export async function insertGroupRoles(store: Store, pairs: readonly Pair[]): Promise<void> {
  const rows = pairs.map(({ left, right }) => ({ groupId: left, roleId: right }));
  if (rows.length > 0) await store.insert(GroupRoleEntity, rows, { ignoreConflicts: true });
}

export async function deleteGroupRoles(store: Store, pairs: readonly Pair[]): Promise<void> {
  for (const [groupId, roleId] of byLeft(pairs)) await store.delete(GroupRoleEntity, { groupId, roleId });
}

export async function insertRoleUsers(store: Store, pairs: readonly Pair[], now: number): Promise<void> {
  const rows = pairs.map(({ left, right }) => ({ roleId: left, userId: right, createdAt: now }));
  if (rows.length > 0) await store.insert(UserRoleEntity, rows, { ignoreConflicts: true });
}

export async function deleteRoleUsers(store: Store, pairs: readonly Pair[]): Promise<void> {
  for (const [roleId, userId] of byLeft(pairs)) await store.delete(UserRoleEntity, { roleId, userId });
}

export async function saveReferences(store: Store, references: readonly Reference[]): Promise<void> {
  for (const kind of ['group', 'role', 'permission'] as const) {
    const rows = references.filter((row) => row.kind === kind);
    if (rows.length === 0) continue;
    await store.delete(AuthorizationReferenceEntity, { kind, reference: rows.map((row) => row.reference) });
    await store.delete(AuthorizationReferenceEntity, { kind, objectId: rows.map((row) => row.objectId) });
    await store.insert(AuthorizationReferenceEntity, rows);
  }
}

function byLeft(pairs: readonly Pair[]): ReadonlyMap<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const { left, right } of pairs) grouped.set(left, [...(grouped.get(left) ?? []), right]);
  return grouped;
}
