import { rolesThroughGroups } from '#src/features/roles/roles-through-groups';
import { UserEntity } from '#src/features/users/user.entity';
import { expression } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, SelectContext, SelectedColumn, Store } from '#src/storage/store';

/** What is in force for a user in one context: the gateway's own permissions and the names of roles. */
export interface GatewayGrants {
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  /** Whether the user belongs to the organization; true where none is meant. */
  readonly isMember: boolean;
}

/** SQL text of the user's id and of the organization's id (a column or a parameter), null for none. */
export interface GrantContext {
  readonly user: string;
  readonly organization: string;
}

/** Names as the database folds them: an array of one-member arrays. */
type FoldedNames = readonly (readonly [string])[];
export type FoldedGrants = readonly [permissions: FoldedNames, roles: FoldedNames];

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

/** From how many roles on the gateway's permissions are gone through instead of what the roles hold. */
const manyRoles = 8;

/** Names of the gateway's permissions in force, from what each of the roles "held" holds: quick for the usual few roles. */
function namesByRole(context: GrantContext): string {
  return `SELECT "p"."name" AS "name" FROM (
      SELECT "rp"."permission_id" AS "id" FROM "held" JOIN "role_permissions" "rp" ON "rp"."role_id" = "held"."id"
      UNION SELECT "up"."permission_id" FROM "user_permissions" "up"
      WHERE "up"."user_id" = ${context.user} AND ${text(context.organization)} IS NULL
    ) "allowed" JOIN "permissions" "p" ON "p"."id" = "allowed"."id"
    JOIN "resource_servers" "api" ON "api"."id" = "p"."resource_server_id" WHERE "api"."is_system" = TRUE`;
}

/** The same, asking of each of the gateway's permissions whether a role holds it: fifty roles may hold fifty thousand others. */
function namesByPermission(context: GrantContext): string {
  return `SELECT "p"."name" AS "name" FROM "resource_servers" "api" JOIN "permissions" "p" ON "p"."resource_server_id" = "api"."id"
    WHERE "api"."is_system" = TRUE AND (
      EXISTS (SELECT 1 FROM "held" JOIN "role_permissions" "rp" ON "rp"."role_id" = "held"."id" AND "rp"."permission_id" = "p"."id")
      OR EXISTS (SELECT 1 FROM "user_permissions" "up" WHERE "up"."user_id" = ${context.user}
        AND "up"."permission_id" = "p"."id" AND ${text(context.organization)} IS NULL))`;
}

const roleNames = `SELECT DISTINCT "r"."name" AS "name" FROM "held" JOIN "roles" "r" ON "r"."id" = "held"."id"
  WHERE "r"."application_id" IS NULL`;

/**
 * Permissions and roles as one JSON text. The roles are found once, under a name: written out wherever they are looked at, they made a
 * plan so large that a database server took twice the time of the reading to set it up, at each request.
 */
function foldedGrants(context: GrantContext): (context: SelectContext) => string {
  return ({ dialect }) => {
    const folded = (names: string): string =>
      `(SELECT ${dialect.jsonArrayAggregate([{ sql: '"granted"."name"', kind: 'text' }])} FROM (${names}) "granted")`;
    const [few, many] = [folded(namesByRole(context)), folded(namesByPermission(context))];
    const permissions = `CASE WHEN (SELECT COUNT(*) FROM "held") < ${manyRoles} THEN ${few} ELSE ${many} END`;
    const both = dialect.jsonArray([
      { sql: permissions, kind: 'json' },
      { sql: folded(roleNames), kind: 'json' },
    ]);
    return `(WITH "held" AS MATERIALIZED (${roleIds(context)}) SELECT ${both})`;
  };
}

/** A member of a selection that computes permissions and roles beside whatever else a statement reads. */
export function grantColumn(context: GrantContext): { readonly grants: SelectedColumn<FoldedGrants> } {
  return { grants: expression<FoldedGrants>(foldedGrants(context), 'json') };
}

function memberColumn({ user, organization }: GrantContext): SelectedColumn<boolean> {
  return expression<boolean>(
    `(${text(organization)} IS NULL OR EXISTS (SELECT 1 FROM "memberships" "belongs"
      JOIN "organizations" "o" ON "o"."id" = "belongs"."organization_id"
      WHERE "belongs"."user_id" = ${user} AND "belongs"."organization_id" = ${text(organization)}))`,
    'boolean',
  );
}

interface GrantRow {
  readonly grants: FoldedGrants;
}

const ofUser: GrantContext = { user: '"u"."id"', organization: ':organizationId' };

const grants: Read<
  { userId: string; organizationId: string | null },
  GrantRow & { readonly isMember: boolean }
> = {
  name: 'gateway_grants',
  build: (builder) => builder.from(UserEntity, 'u').where('u.id = :userId'),
  select: { ...grantColumn(ofUser), isMember: memberColumn(ofUser) },
};

/** The grants of a user, read in one statement; of a user that does not exist: none. */
export async function findGatewayGrants(
  store: Store,
  userId: string,
  organizationId: string | null,
): Promise<GatewayGrants> {
  const [row] = await store.read(grants, { userId, organizationId });
  return row ? { ...grantsOf(row), isMember: row.isMember } : { permissions: [], roles: [], isMember: false };
}

/** The grants in a row that holds `grantColumn`. */
export function grantsOf({ grants: [permissions, roles] }: GrantRow): Omit<GatewayGrants, 'isMember'> {
  return { permissions: permissions.map(([name]) => name), roles: roles.map(([name]) => name) };
}
