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

/** The first permissions of each user by name, each with all its sources; one statement for all users. */
export async function findEffectivePermissions(
  store: Store,
  slice: EffectivePermissionSlice,
): Promise<EffectivePermissionRow[]> {
  const at = (property: keyof PermissionEntity & string): Sql =>
    store.column(PermissionEntity, property, 'p');
  const source = sql.raw(store.dialect.jsonArrayAggregate([{ sql: '"g"."role_id"', kind: 'text' }]));
  const behind =
    slice.after === null ? null : sql`(${at('name')}, ${at('id')}) > (${slice.after[0]}, ${slice.after[1]})`;
  const rows = await store.query<FoldedRow>(
    sql`SELECT * FROM (
      SELECT g.user_id AS "userId", ${at('id')} AS "id", ${at('name')} AS "name", ${at('description')} AS "description",
        ${at('resourceServerId')} AS "resourceServerId", ${source} AS "sources",
        ROW_NUMBER() OVER (PARTITION BY g.user_id ORDER BY ${at('name')}, ${at('id')}) AS "place"
      FROM (${grantsOf(store, slice)}) AS g JOIN ${store.table(PermissionEntity)} AS p ON ${at('id')} = g.permission_id
      WHERE ${sql.and([behind])}
      GROUP BY g.user_id, ${at('id')}, ${at('name')}, ${at('description')}, ${at('resourceServerId')}
    ) AS numbered WHERE "place" <= ${slice.limit} ORDER BY "userId", "place"`,
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
    sql`SELECT COUNT(DISTINCT g.permission_id) AS "n" FROM (${grantsOf(store, slice)}) AS g`,
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
  const scope: GrantScope = { userIds, organizationId, kind: 'EFFECTIVE' };
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

type GrantScope = Pick<EffectivePermissionSlice, 'userIds' | 'kind' | 'organizationId'>;

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

function direct(store: Store, { userIds }: GrantScope): Sql {
  const at = (property: keyof UserPermissionEntity & string): Sql =>
    store.column(UserPermissionEntity, property, 'up');
  return sql`SELECT ${at('userId')} AS user_id, ${at('permissionId')} AS permission_id, CAST(NULL AS text) AS role_id
    FROM ${store.table(UserPermissionEntity)} AS up WHERE ${store.dialect.anyOf(at('userId'), userIds)}`;
}

/** Inside an organization nobody holds a permission directly. */
function none(store: Store, scope: GrantScope): Sql {
  return sql`${direct(store, scope)} AND FALSE`;
}

function throughRoles(store: Store, { userIds }: GrantScope): Sql {
  const at = (property: keyof UserRoleEntity & string): Sql => store.column(UserRoleEntity, property, 'ur');
  return sql`SELECT ${at('userId')}, ${store.column(RolePermissionEntity, 'permissionId', 'rp')}, ${at('roleId')}
    FROM ${store.table(UserRoleEntity)} AS ur JOIN ${store.table(RolePermissionEntity)} AS rp
      ON ${store.column(RolePermissionEntity, 'roleId', 'rp')} = ${at('roleId')}
    WHERE ${store.dialect.anyOf(at('userId'), userIds)}`;
}

function throughMembership(store: Store, { userIds }: GrantScope, organizationId: string): Sql {
  const at = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  const roleId = store.column(MembershipRoleEntity, 'roleId', 'mr');
  return sql`SELECT ${at('userId')} AS user_id, ${store.column(RolePermissionEntity, 'permissionId', 'rp')} AS permission_id,
      ${roleId} AS role_id
    FROM ${store.table(MembershipEntity)} AS m
    JOIN ${store.table(OrganizationEntity)} AS o ON ${store.column(OrganizationEntity, 'id', 'o')} = ${at('organizationId')}
    JOIN ${store.table(MembershipRoleEntity)} AS mr
      ON ${store.column(MembershipRoleEntity, 'membershipId', 'mr')} = ${at('id')}
    JOIN ${store.table(RolePermissionEntity)} AS rp ON ${store.column(RolePermissionEntity, 'roleId', 'rp')} = ${roleId}
    WHERE ${at('organizationId')} = ${organizationId} AND ${store.dialect.anyOf(at('userId'), userIds)}`;
}
