import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { UserPermissionEntity } from '#src/features/roles/user-permission.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { ColumnKind, Store } from '#src/storage/store';

/** One way in which a permission came: the role that holds it, or null for a direct grant. */
export interface SourceRow {
  readonly kind: 'DIRECT' | 'ROLE';
  readonly roleId: string | null;
  /** The organization in which the role is held; null for what is in force outside of all. */
  readonly organizationId: string | null;
}

export interface EffectivePermissionRow {
  readonly userId: string;
  /** Id of the permission. */
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly resourceServerId: string;
  readonly sources: readonly SourceRow[];
}

export interface EffectivePermissionSlice {
  readonly userIds: readonly string[];
  readonly kind: 'EFFECTIVE' | 'DIRECT';
  /** The organization in which the users are looked at; null: outside of all. */
  readonly organizationId: string | null;
  /** Only those behind this place in the order. */
  readonly after: readonly [name: string, id: string] | null;
  readonly limit: number;
}

interface FoldedRow {
  readonly userId: string;
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly resourceServerId: string;
  readonly sources: readonly (readonly [string | null])[];
}

const kinds: { readonly [property in keyof FoldedRow]: ColumnKind } = {
  userId: 'text',
  id: 'text',
  name: 'text',
  description: 'text',
  resourceServerId: 'text',
  sources: 'json',
};

/**
 * The first permissions of each user by name, each with all its sources; one statement for all users. Which permissions there are is
 * found out first and the sources only for those of the page: fifty roles may hold the same thousand permissions.
 */
export async function findEffectivePermissions(
  store: Store,
  slice: EffectivePermissionSlice,
): Promise<EffectivePermissionRow[]> {
  const at = (property: keyof PermissionEntity & string): Sql =>
    store.column(PermissionEntity, property, 'p');
  const source = sql.raw(store.dialect.jsonArrayAggregate([{ sql: '"g"."role_id"', kind: 'text' }]));
  const behind =
    slice.after === null ? null : sql`(${at('name')}, ${at('id')}) > (${slice.after[0]}, ${slice.after[1]})`;
  const ofPage: GrantScope = {
    ...slice,
    isUser: (column) => sql`${column} = "page"."userId"`,
    isPermission: (column) => sql`${column} = "page"."id"`,
  };
  const rows = await store.query<FoldedRow>(
    sql`WITH "held" AS MATERIALIZED (
      SELECT DISTINCT g.user_id, g.permission_id FROM (${grantsOf(store, scopeOf(store, slice))}) AS g
    ), "page" AS MATERIALIZED (
      SELECT * FROM (
        SELECT "held".user_id AS "userId", ${at('id')} AS "id", ${at('name')} AS "name", ${at('description')} AS "description",
          ${at('resourceServerId')} AS "resourceServerId",
          ROW_NUMBER() OVER (PARTITION BY "held".user_id ORDER BY ${at('name')}, ${at('id')}) AS "place"
        FROM "held" JOIN ${store.table(PermissionEntity)} AS p ON ${at('id')} = "held".permission_id
        WHERE ${sql.and([behind])}
      ) AS numbered WHERE "place" <= ${slice.limit}
    )
    SELECT "page".*, (SELECT ${source} FROM (${grantsOf(store, ofPage)}) AS g) AS "sources"
    FROM "page" ORDER BY "userId", "place"`,
    kinds,
  );
  return rows.map((row) => ({
    ...row,
    sources: row.sources.map((source) => sourceOf(source, slice.organizationId)).sort(directFirst),
  }));
}

function directFirst(a: SourceRow, b: SourceRow): number {
  return (a.roleId ?? '') < (b.roleId ?? '') ? -1 : 1;
}

function sourceOf([roleId]: readonly [string | null], organizationId: string | null): SourceRow {
  return { kind: roleId === null ? 'DIRECT' : 'ROLE', roleId, organizationId };
}

export async function countEffectivePermissions(
  store: Store,
  slice: Pick<EffectivePermissionSlice, 'userIds' | 'kind' | 'organizationId'>,
): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(DISTINCT g.permission_id) AS "n" FROM (${grantsOf(store, scopeOf(store, slice))}) AS g`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

export interface HeldPairsQuestion {
  readonly organizationId: string | null;
  readonly userIds: readonly string[];
  readonly identifiers: readonly string[];
  readonly names: readonly string[];
}

export interface HeldPair {
  readonly userId: string;
  readonly identifier: string;
  readonly name: string;
}

/** Which permissions of these names and APIs are in force for the users: one statement, whatever is asked. */
export function findHeldPairs(store: Store, question: HeldPairsQuestion): Promise<HeldPair[]> {
  const { organizationId, userIds, identifiers, names } = question;
  const name = store.column(PermissionEntity, 'name', 'p');
  const identifier = store.column(ResourceServerEntity, 'identifier', 's');
  const scope = scopeOf(store, { userIds, organizationId, kind: 'EFFECTIVE' });
  return store.query<HeldPair>(
    sql`SELECT DISTINCT g.user_id AS "userId", ${identifier} AS "identifier", ${name} AS "name"
      FROM ${store.table(ResourceServerEntity)} AS s
      JOIN ${store.table(PermissionEntity)} AS p
        ON ${store.column(PermissionEntity, 'resourceServerId', 'p')} = ${store.column(ResourceServerEntity, 'id', 's')}
      JOIN (${grantsOf(store, scope)}) AS g ON g.permission_id = ${store.column(PermissionEntity, 'id', 'p')}
      WHERE ${sql.and([store.dialect.anyOf(identifier, identifiers), store.dialect.anyOf(name, names)])}`,
    { userId: 'text', identifier: 'text', name: 'text' },
  );
}

/** Whose grants of what: conditions on the columns that hold them. */
interface GrantScope extends Pick<EffectivePermissionSlice, 'kind' | 'organizationId'> {
  readonly isUser: (column: Sql) => Sql;
  readonly isPermission: ((column: Sql) => Sql) | null;
}

/** All grants of these users. */
function scopeOf(
  store: Store,
  { userIds, kind, organizationId }: Pick<EffectivePermissionSlice, 'userIds' | 'kind' | 'organizationId'>,
): GrantScope {
  const isUser = (column: Sql): Sql => store.dialect.anyOf(column, userIds);
  return { kind, organizationId, isUser, isPermission: null };
}

/** Rows (user_id, permission_id, role_id): inside an organization only what the membership brings, outside only what is tenant-wide. */
function grantsOf(store: Store, scope: GrantScope): Sql {
  if (scope.organizationId !== null) {
    return scope.kind === 'DIRECT'
      ? none(store, scope)
      : throughMembership(store, scope, scope.organizationId);
  }
  return scope.kind === 'DIRECT'
    ? direct(store, scope)
    : sql`${direct(store, scope)} UNION ALL ${throughRoles(store, scope)}`;
}

function direct(store: Store, { isUser, isPermission }: GrantScope): Sql {
  const at = (property: keyof UserPermissionEntity & string): Sql =>
    store.column(UserPermissionEntity, property, 'up');
  return sql`SELECT ${at('userId')} AS user_id, ${at('permissionId')} AS permission_id, CAST(NULL AS text) AS role_id
    FROM ${store.table(UserPermissionEntity)} AS up
    WHERE ${sql.and([isUser(at('userId')), isPermission && isPermission(at('permissionId'))])}`;
}

/** Inside an organization nobody holds a permission directly. */
function none(store: Store, scope: GrantScope): Sql {
  return sql`${direct(store, scope)} AND FALSE`;
}

function throughRoles(store: Store, { isUser, isPermission }: GrantScope): Sql {
  const at = (property: keyof UserRoleEntity & string): Sql => store.column(UserRoleEntity, property, 'ur');
  const permissionId = store.column(RolePermissionEntity, 'permissionId', 'rp');
  return sql`SELECT ${at('userId')}, ${permissionId}, ${at('roleId')}
    FROM ${store.table(UserRoleEntity)} AS ur JOIN ${store.table(RolePermissionEntity)} AS rp
      ON ${store.column(RolePermissionEntity, 'roleId', 'rp')} = ${at('roleId')}
    WHERE ${sql.and([isUser(at('userId')), isPermission && isPermission(permissionId)])}`;
}

function throughMembership(store: Store, scope: GrantScope, organizationId: string): Sql {
  const { isUser, isPermission } = scope;
  const permissionId = store.column(RolePermissionEntity, 'permissionId', 'rp');
  const at = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  const roleId = store.column(MembershipRoleEntity, 'roleId', 'mr');
  return sql`SELECT ${at('userId')} AS user_id, ${permissionId} AS permission_id, ${roleId} AS role_id
    FROM ${store.table(MembershipEntity)} AS m
    JOIN ${store.table(OrganizationEntity)} AS o ON ${store.column(OrganizationEntity, 'id', 'o')} = ${at('organizationId')}
    JOIN ${store.table(MembershipRoleEntity)} AS mr
      ON ${store.column(MembershipRoleEntity, 'membershipId', 'mr')} = ${at('id')}
    JOIN ${store.table(RolePermissionEntity)} AS rp ON ${store.column(RolePermissionEntity, 'roleId', 'rp')} = ${roleId}
    WHERE ${at('organizationId')} = ${organizationId}
      AND ${sql.and([isUser(at('userId')), isPermission && isPermission(permissionId)])}`;
}
