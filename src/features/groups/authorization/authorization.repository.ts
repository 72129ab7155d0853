import { AssertedAuthorizationEntity } from './asserted-authorization.entity';
import { AuthorizationSettingsEntity } from './authorization-settings.entity';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { GroupEntity } from '#src/features/groups/group.entity';
import { GroupMemberEntity } from '#src/features/groups/members/group-member.entity';
import { GroupClosureEntity } from '#src/features/groups/nesting/group-closure.entity';
import { GroupRoleEntity } from '#src/features/groups/roles/group-role.entity';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import type { Assertion } from '#src/features/groups/mappings/asserted-names';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { QueryOptions, Read, RowOf, Store } from '#src/storage/store';

const settingsSelection = columnsOf(AuthorizationSettingsEntity, 's', ['switches', 'version', 'updatedAt']);
export type AuthorizationSettingsRow = RowOf<typeof settingsSelection>;

const settingsRead: Read<object, AuthorizationSettingsRow> = {
  name: 'authorization_settings',
  build: (builder) => builder.from(AuthorizationSettingsEntity, 's').where('s.id = 1'),
  select: settingsSelection,
};

export async function findSettings(store: Store): Promise<AuthorizationSettingsRow | null> {
  return (await store.read(settingsRead, {}))[0] ?? null;
}

export async function saveSettings(store: Store, row: AuthorizationSettingsRow): Promise<void> {
  await store.upsert(AuthorizationSettingsEntity, { id: 1, ...row }, ['id']);
}

export async function saveAssertion(store: Store, row: AssertedAuthorizationEntity): Promise<void> {
  await store.upsert(AssertedAuthorizationEntity, row, ['userId']);
}

const assertions: Read<{ userId: string; connection: string }, { readonly content: Assertion }> = {
  name: 'asserted_authorization',
  build: (builder) =>
    builder
      .from(AssertedAuthorizationEntity, 'a')
      .innerJoin(ConnectionEntity, 'c', 'c.id = a.connectionId')
      .where('a.userId = :userId')
      .andWhere('c.name = :connection'),
  select: columnsOf(AssertedAuthorizationEntity, 'a', ['content']),
};

/** What the provider of this connection said of the user at the last sign-in, if that was through it. */
export async function findAssertion(
  store: Store,
  userId: string,
  connection: string,
): Promise<Assertion | null> {
  return (await store.read(assertions, { userId, connection }))[0]?.content ?? null;
}

/** For whom, where, and with which groups. */
export interface EvaluationQuestion {
  readonly userId: string;
  /** Null: roles for all applications alone. */
  readonly applicationId: string | null;
  readonly organizationId: string | null;
  /** Sources whose memberships do not count: the stored ones of mappings that were matched anew. */
  readonly exceptSources: readonly string[];
  /** Groups that the user is in besides. */
  readonly besides: readonly string[];
}

export interface NameRow {
  readonly kind: 'group' | 'role' | 'permission';
  readonly name: string;
}

/** Names of the groups, roles and permissions in force, in one statement. */
export function findNames(
  store: Store,
  question: EvaluationQuestion,
  options: QueryOptions = {},
): Promise<NameRow[]> {
  const { applicationId } = question;
  const role = (property: keyof RoleEntity & string): Sql => store.column(RoleEntity, property, 'r');
  const ofApplication = applicationId === null ? null : sql`${role('applicationId')} = ${applicationId}`;
  const permission = (property: keyof PermissionEntity & string): Sql =>
    store.column(PermissionEntity, property, 'p');
  const linked = (property: keyof RolePermissionEntity & string): Sql =>
    store.column(RolePermissionEntity, property, 'rp');
  // From the few roles on: the embedded database would begin with every permission of every role that there is.
  const permissionsOfHeld = store.dialect.rowsByKeys({
    keys: sql`SELECT "held"."id" AS "key" FROM "held"`,
    ...{ table: store.table(RolePermissionEntity), alias: 'rp', key: linked('roleId') },
  });
  return store.query<NameRow>(
    sql`WITH "own" AS (${ownGroups(store, question)}),
      "above" AS (SELECT DISTINCT "gc"."ancestor_id" AS "id" FROM "own"
        JOIN ${store.table(GroupClosureEntity)} "gc" ON "gc"."descendant_id" = "own"."id"),
      "held" AS (SELECT DISTINCT ${role('id')} AS "id", ${role('name')} AS "name" FROM (
          ${directRoles(store, question)}
          UNION SELECT "gr"."role_id" FROM "above" JOIN ${store.table(GroupRoleEntity)} "gr" ON "gr"."group_id" = "above"."id"
        ) AS "all" JOIN ${store.table(RoleEntity)} AS r ON ${role('id')} = "all"."id"
        WHERE ${sql.or([sql`${role('applicationId')} IS NULL`, ofApplication])})
      SELECT 'group' AS "kind", ${store.column(GroupEntity, 'name', 'g')} AS "name" FROM "above"
        JOIN ${store.table(GroupEntity)} AS g ON ${store.column(GroupEntity, 'id', 'g')} = "above"."id"
      UNION ALL SELECT DISTINCT 'role', "held"."name" FROM "held"
      UNION ALL SELECT DISTINCT 'permission', ${permission('name')} FROM ${permissionsOfHeld}
        JOIN ${store.table(PermissionEntity)} AS p ON ${permission('id')} = ${linked('permissionId')}
        WHERE ${isOfApplications(store, permission('resourceServerId'))}`,
    { kind: 'text', name: 'text' },
    options,
  );
}

/** The gateway's own permissions are none of an application's. */
function isOfApplications(store: Store, serverId: Sql): Sql {
  const at = (property: keyof ResourceServerEntity & string): Sql =>
    store.column(ResourceServerEntity, property, 's');
  return sql`(SELECT ${at('isSystem')} FROM ${store.table(ResourceServerEntity)} AS s WHERE ${at('id')} = ${serverId}) = FALSE`;
}

/** Ids of the groups that the user is in directly, in the context. */
function ownGroups(
  store: Store,
  { userId, organizationId, exceptSources, besides }: EvaluationQuestion,
): Sql {
  const member = (property: keyof GroupMemberEntity & string): Sql =>
    store.column(GroupMemberEntity, property, 'gm');
  const group = (property: keyof GroupEntity & string): Sql => store.column(GroupEntity, property, 'g');
  const inContext =
    organizationId === null
      ? sql`${group('organizationId')} IS NULL`
      : sql`${group('organizationId')} = ${organizationId} AND EXISTS (${membership(store, userId, organizationId)})`;
  const source =
    exceptSources.length === 0 ? null : sql`NOT (${store.dialect.anyOf(member('source'), exceptSources)})`;
  const stored = sql`SELECT ${group('id')} AS "id" FROM ${store.table(GroupMemberEntity)} AS gm
    JOIN ${store.table(GroupEntity)} AS g ON ${group('id')} = ${member('groupId')}
    WHERE ${sql.and([sql`${member('userId')} = ${userId}`, source, inContext])}`;
  if (besides.length === 0) return stored;
  return sql`${stored} UNION SELECT ${group('id')} FROM ${store.table(GroupEntity)} AS g
    WHERE ${sql.and([store.dialect.anyOf(group('id'), besides), inContext])}`;
}

function membership(store: Store, userId: string, organizationId: string): Sql {
  const at = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  return sql`SELECT ${at('id')} FROM ${store.table(MembershipEntity)} AS m
    JOIN ${store.table(OrganizationEntity)} AS o ON ${store.column(OrganizationEntity, 'id', 'o')} = ${at('organizationId')}
    WHERE ${at('userId')} = ${userId} AND ${at('organizationId')} = ${organizationId}`;
}

function directRoles(store: Store, { userId, organizationId }: EvaluationQuestion): Sql {
  if (organizationId === null) {
    const at = (property: keyof UserRoleEntity & string): Sql => store.column(UserRoleEntity, property, 'ur');
    return sql`SELECT ${at('roleId')} AS "id" FROM ${store.table(UserRoleEntity)} AS ur WHERE ${at('userId')} = ${userId}`;
  }
  const at = (property: keyof MembershipRoleEntity & string): Sql =>
    store.column(MembershipRoleEntity, property, 'mr');
  return sql`SELECT ${at('roleId')} AS "id" FROM ${store.table(MembershipRoleEntity)} AS mr
    WHERE ${at('membershipId')} IN (${membership(store, userId, organizationId)})`;
}
