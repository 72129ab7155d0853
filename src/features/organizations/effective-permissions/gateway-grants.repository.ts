import { rolesThroughGroups } from '#src/features/roles/roles-through-groups';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { column, expression, settingsVersion } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, SelectedColumn, Store } from '#src/storage/store';

/** What is in force for a user in one context: the gateway's own permissions and the names of roles. */
export interface GatewayGrants {
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
}

/** SQL text of the user's id and of the organization's id (a column or a parameter), null for none. */
export interface GrantContext {
  readonly user: string;
  readonly organization: string;
}

// A parameter that may be null has no type of its own; the cast gives it one.
const text = (value: string): string => `CAST( ${value} AS text)`;

/**
 * Ids of the roles in force. Outside organizations: the user's roles for the whole deployment, own and through groups. Inside one: only those of the
 * membership and of the organization’s groups. Nothing leaks from one context into another, and who is no member has none.
 */
function roleIds({ user, organization }: GrantContext): string {
  const throughGroups = rolesThroughGroups(sql.raw(user), sql.raw(organization)).texts[0] as string;
  return `SELECT "ur"."role_id" AS "id" FROM "user_roles" "ur" WHERE "ur"."user_id" = ${user} AND ${text(organization)} IS NULL
    UNION ALL SELECT "mr"."role_id" FROM "memberships" "m" JOIN "membership_roles" "mr" ON "mr"."membership_id" = "m"."id"
    JOIN "organizations" "o" ON "o"."id" = "m"."organization_id"
    WHERE "m"."user_id" = ${user} AND "m"."organization_id" = ${text(organization)}
    UNION ALL ${throughGroups}`;
}

/** Permissions of the user's own, which count outside organizations. */
function permissionIds({ user, organization }: GrantContext): string {
  return `SELECT "up"."permission_id" AS "id" FROM "user_permissions" "up"
    WHERE "up"."user_id" = ${user} AND ${text(organization)} IS NULL`;
}

function heldIds(ids: string): SelectedColumn<string> {
  return expression<string>(
    ({ dialect }) => `(SELECT ${dialect.jsonTextAggregate('"held"."id"')} FROM (${ids}) "held")`,
    'text',
  );
}

/**
 * Members of a selection that say what a user holds, beside whatever else a statement reads; `grantsOf` says what that allows. What roles
 * hold changes rarely and is much, so it is kept under the version of settings, which is read here too.
 */
export function grantColumns(context: GrantContext) {
  return {
    heldRoles: heldIds(roleIds(context)),
    heldPermissions: heldIds(permissionIds(context)),
    grantsVersion: settingsVersion,
  };
}

export type HeldGrants = RowOf<ReturnType<typeof grantColumns>>;

/** The names that go with ids as JSON arrays: from memory for the usual few combinations of roles. */
export async function grantsOf(store: Store, held: HeldGrants): Promise<GatewayGrants> {
  const { heldRoles, heldPermissions, grantsVersion } = held;
  if (heldRoles === '[]' && heldPermissions === '[]') return nothing;
  store.settingsAre(grantsVersion);
  return store.kept(`grants ${heldRoles} ${heldPermissions}`, () =>
    findNames(store, JSON.parse(heldRoles) as string[], JSON.parse(heldPermissions) as string[]),
  );
}

const nothing: GatewayGrants = { permissions: [], roles: [] };

const permissionNames: Read<
  { roles: readonly string[]; permissions: readonly string[] },
  { readonly name: string }
> = {
  name: 'gateway_permission_names',
  // Fifty roles may hold fifty thousand permissions of others: it is the gateway's own, some hundred, that are gone through.
  build: (builder, dialect) =>
    builder
      .from(PermissionEntity, 'p')
      .innerJoin(ResourceServerEntity, 'api', 'api.id = p.resourceServerId AND api.isSystem = TRUE')
      .where(
        `(${dialect.anyOf('p.id', ':permissions')} OR EXISTS ${builder
          .subQuery()
          .select('1')
          .from(RolePermissionEntity, 'rp')
          .where(`rp.permissionId = p.id AND ${dialect.anyOf('rp.roleId', ':roles')}`)
          .getQuery()})`,
      ),
  select: { name: column(PermissionEntity, 'p', 'name') },
};

const roleNames: Read<{ roles: readonly string[] }, { readonly name: string }> = {
  name: 'gateway_role_names',
  build: (builder, dialect) =>
    builder
      .from(RoleEntity, 'r')
      .where(dialect.anyOf('r.id', ':roles'))
      // A role for an application counts in no rule of the gateway itself.
      .andWhere('r.applicationId IS NULL'),
  select: { name: column(RoleEntity, 'r', 'name') },
};

async function findNames(
  store: Store,
  roles: readonly string[],
  permissions: readonly string[],
): Promise<GatewayGrants> {
  const [allowed, named] = await Promise.all([
    store.read(permissionNames, { roles, permissions }),
    store.read(roleNames, { roles }),
  ]);
  return { permissions: sortedNames(allowed), roles: sortedNames(named) };
}

function sortedNames(rows: readonly { readonly name: string }[]): string[] {
  return [...new Set(rows.map(({ name }) => name))].sort();
}

const ofUser: GrantContext = { user: '"u"."id"', organization: ':organizationId' };

const grants: Read<
  { userId: string; organizationId: string | null },
  HeldGrants & { readonly isMember: boolean }
> = {
  name: 'gateway_grants',
  build: (builder) => builder.from(UserEntity, 'u').where('u.id = :userId'),
  select: {
    ...grantColumns(ofUser),
    isMember: expression<boolean>(
      `(${text(ofUser.organization)} IS NULL OR EXISTS (SELECT 1 FROM "memberships" "belongs"
        JOIN "organizations" "o" ON "o"."id" = "belongs"."organization_id"
        WHERE "belongs"."user_id" = ${ofUser.user} AND "belongs"."organization_id" = ${text(ofUser.organization)}))`,
      'boolean',
    ),
  },
};

/** The grants of a user, and whether he belongs to the organization (true where none is meant); of a user that does not exist: none. */
export async function findGatewayGrants(
  store: Store,
  userId: string,
  organizationId: string | null,
): Promise<GatewayGrants & { readonly isMember: boolean }> {
  const [row] = await store.read(grants, { userId, organizationId });
  return row === undefined
    ? { ...nothing, isMember: false }
    : { ...(await grantsOf(store, row)), isMember: row.isMember };
}
