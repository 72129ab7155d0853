import { GroupEntity } from '#src/features/groups/group.entity';
import { GroupMemberEntity } from '#src/features/groups/members/group-member.entity';
import { GroupClosureEntity } from '#src/features/groups/nesting/group-closure.entity';
import { GroupRoleEntity } from '#src/features/groups/roles/group-role.entity';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { roleColumns } from '#src/features/roles/role-columns';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import type { RoleRow } from '#src/features/roles/role.repository';
import { UserEntity } from '#src/features/users/user.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Whose roles: users outside of all organizations, or memberships. */
export type GrantOwner = 'user' | 'membership';

/** One way to a role: directly, or from the group that the user is in up to the group that has the role. */
export type RoleGrantRow = RoleRow & {
  /** Id of the user or of the membership. */
  readonly ownerId: string;
  readonly memberGroupId: string | null;
  readonly holderGroupId: string | null;
};

/** Every role of each owner with every way to it, in the order of the names; one statement for all owners. */
export function findRoleGrants(
  store: Store,
  owner: GrantOwner,
  ownerIds: readonly string[],
): Promise<RoleGrantRow[]> {
  const { columns, kinds } = store.selection(roleColumns);
  const grants = sql`${owner === 'user' ? userRoles(store) : memberRoles(store)} UNION ${throughGroups(store)}`;
  return store.query<RoleGrantRow>(
    sql`WITH "owners" AS (${ownersOf(store, owner, ownerIds)})
      SELECT ${columns}, "grants"."ownerId", "grants"."memberGroupId", "grants"."holderGroupId"
      FROM (${grants}) AS "grants" JOIN ${store.table(RoleEntity)} AS r ON ${store.column(RoleEntity, 'id', 'r')} = "grants"."roleId"
      ORDER BY ${store.column(RoleEntity, 'nameFolded', 'r')}, ${store.column(RoleEntity, 'id', 'r')}`,
    { ...kinds, ownerId: 'text', memberGroupId: 'text', holderGroupId: 'text' } as never,
  );
}

function ownersOf(store: Store, owner: GrantOwner, ids: readonly string[]): Sql {
  if (owner === 'user') {
    const id = store.column(UserEntity, 'id', 'u');
    return sql`SELECT ${id} AS "id", ${id} AS "user_id", CAST(NULL AS text) AS "organization_id"
      FROM ${store.table(UserEntity)} AS u WHERE ${store.dialect.anyOf(id, ids)}`;
  }
  const at = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  return sql`SELECT ${at('id')} AS "id", ${at('userId')} AS "user_id", ${at('organizationId')} AS "organization_id"
    FROM ${store.table(MembershipEntity)} AS m
    JOIN ${store.table(OrganizationEntity)} AS o ON ${store.column(OrganizationEntity, 'id', 'o')} = ${at('organizationId')}
    WHERE ${store.dialect.anyOf(at('id'), ids)}`;
}

const direct = sql.raw('CAST(NULL AS text) AS "memberGroupId", CAST(NULL AS text) AS "holderGroupId"');

function userRoles(store: Store): Sql {
  return sql`SELECT "owners"."id" AS "ownerId", ${store.column(UserRoleEntity, 'roleId', 'ur')} AS "roleId", ${direct} FROM "owners"
    JOIN ${store.table(UserRoleEntity)} AS ur ON ${store.column(UserRoleEntity, 'userId', 'ur')} = "owners"."user_id"`;
}

function memberRoles(store: Store): Sql {
  return sql`SELECT "owners"."id" AS "ownerId", ${store.column(MembershipRoleEntity, 'roleId', 'mr')} AS "roleId", ${direct} FROM "owners"
    JOIN ${store.table(MembershipRoleEntity)} AS mr ON ${store.column(MembershipRoleEntity, 'membershipId', 'mr')} = "owners"."id"`;
}

function throughGroups(store: Store): Sql {
  const member = (property: keyof GroupMemberEntity & string): Sql =>
    store.column(GroupMemberEntity, property, 'gm');
  const closure = (property: keyof GroupClosureEntity & string): Sql =>
    store.column(GroupClosureEntity, property, 'gc');
  const held = (property: keyof GroupRoleEntity & string): Sql =>
    store.column(GroupRoleEntity, property, 'gr');
  return sql`SELECT "owners"."id", ${held('roleId')}, ${member('groupId')}, ${held('groupId')} FROM "owners"
    JOIN ${store.table(GroupMemberEntity)} AS gm ON ${member('userId')} = "owners"."user_id"
    JOIN ${store.table(GroupEntity)} AS g ON ${store.column(GroupEntity, 'id', 'g')} = ${member('groupId')}
      AND COALESCE(${store.column(GroupEntity, 'organizationId', 'g')}, '') = COALESCE("owners"."organization_id", '')
    JOIN ${store.table(GroupClosureEntity)} AS gc ON ${closure('descendantId')} = ${member('groupId')}
    JOIN ${store.table(GroupRoleEntity)} AS gr ON ${held('groupId')} = ${closure('ancestorId')}`;
}
