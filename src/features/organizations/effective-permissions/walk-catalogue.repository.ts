import {
  isBehind,
  permissionAt,
  permissionColumns,
  permissionKinds,
  type EffectivePermissionRow,
  type EffectivePermissionSlice,
  type PermissionColumns,
  type SourceRow,
} from '#src/features/organizations/effective-permissions/permission-slice.repository';
import type { GrantContext } from '#src/features/organizations/effective-permissions/grants.repository';
import {
  findHeldRoles,
  type HeldRole,
} from '#src/features/organizations/effective-permissions/held-roles.repository';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { UserPermissionEntity } from '#src/features/roles/user-permission.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Above this many grants of one user, the catalogue is walked in the order of names instead of sorting them all. */
const manyGrants = 2000;
/** Permissions that are passed in the catalogue before all grants are sorted after all. */
const mostPassed = 2000;
/** Up to this size, a catalogue is asked permission by permission instead of telling many grants apart. */
const smallCatalogue = 5000;

/** One user with very many grants, in a context. */
interface Holder {
  readonly userId: string;
  readonly organizationId: string | null;
  readonly roles: readonly HeldRole[];
  readonly roleIds: readonly [string, ...string[]];
}

/**
 * The user as a holder of very many grants; null for anybody else. His roles are found once and bound to the statement that follows: as
 * a part of it they were found anew for each permission that it looked at, which was most of its time on a database server.
 */
async function holderOf(store: Store, userId: string, context: GrantContext): Promise<Holder | null> {
  // Nobody is given very many permissions directly.
  if (context.kind === 'DIRECT') return null;
  const { organizationId } = context;
  const { roles, grants } = await findHeldRoles(store, { userId, organizationId, most: manyGrants });
  const [first, ...others] = new Set(roles.map(({ roleId }) => roleId));
  if (grants <= manyGrants || first === undefined) return null;
  return { userId, organizationId, roles, roleIds: [first, ...others] };
}

/** The page of one user with very many grants, read from the beginning of what may be on it; null where that is not the way. */
export async function walkCatalogue(
  store: Store,
  slice: EffectivePermissionSlice,
): Promise<EffectivePermissionRow[] | null> {
  const [userId, another] = slice.userIds;
  if (userId === undefined || another !== undefined) return null;
  const holder = await holderOf(store, userId, slice);
  if (holder === null) return null;
  const rows = await readWalk(store, slice, holder);
  if (rows.length === slice.limit) return rows;
  // Fewer than a page: all that there are, if the walk reached the end of the catalogue.
  return (await countUpTo(store, isBehind(store, slice), mostPassed)) <= mostPassed ? rows : null;
}

/** How many permissions a user with very many grants has; null for anybody else, and where the catalogue is large. */
export async function countInCatalogue(
  store: Store,
  userId: string,
  context: GrantContext,
): Promise<number | null> {
  const holder = await holderOf(store, userId, context);
  if (holder === null || (await countUpTo(store, sql`TRUE`, smallCatalogue)) > smallCatalogue) return null;
  return countUpTo(store, isHeld(store, holder), smallCatalogue);
}

/** How many permissions of the catalogue there are under a condition; `most` + 1 where there are more. */
async function countUpTo(store: Store, condition: Sql, most: number): Promise<number> {
  const passed = sql`SELECT 1 FROM ${store.table(PermissionEntity)} AS p WHERE ${condition} LIMIT ${most + 1}`;
  const [found] = await store.query<{ n: number }>(sql`SELECT COUNT(*) AS "n" FROM (${passed}) AS "some"`, {
    n: 'integer',
  });
  return found?.n ?? 0;
}

const ofRole = (store: Store, property: keyof RolePermissionEntity & string): Sql =>
  store.column(RolePermissionEntity, property, 'rp');

/** Through which of the roles a permission comes. */
function rolesWith(store: Store, { permissionId, isRole }: { permissionId: Sql; isRole: Sql }): Sql {
  return sql`FROM ${store.table(RolePermissionEntity)} AS rp
    WHERE ${ofRole(store, 'permissionId')} = ${permissionId} AND ${isRole}`;
}

const isOneOf = (store: Store, { roleIds }: Holder): Sql =>
  store.dialect.anyOf(ofRole(store, 'roleId'), roleIds);

function direct(store: Store, { userId, organizationId }: Holder, permissionId: Sql): Sql {
  const at = (property: keyof UserPermissionEntity & string): Sql =>
    store.column(UserPermissionEntity, property, 'up');
  return sql`SELECT 1 FROM ${store.table(UserPermissionEntity)} AS up
    WHERE ${at('userId')} = ${userId} AND ${at('permissionId')} = ${permissionId} AND ${organizationId === null ? sql.raw('TRUE') : sql.raw('FALSE')}`;
}

/**
 * Whether the holder has the permission `p`. Roles overlap, so the first is asked alone: that takes a fifth of asking them all. One
 * statement of the three, since a database server turns each EXISTS of its own into a table of all that the roles hold.
 */
function isHeld(store: Store, holder: Holder): Sql {
  const permissionId = permissionAt(store, 'id');
  const isFirst = sql`${ofRole(store, 'roleId')} = ${holder.roleIds[0]}`;
  return sql`EXISTS (SELECT 1 ${rolesWith(store, { permissionId, isRole: isFirst })}
    UNION ALL ${direct(store, holder, permissionId)}
    UNION ALL SELECT 1 ${rolesWith(store, { permissionId, isRole: isOneOf(store, holder) })})`;
}

interface WalkedRow extends PermissionColumns {
  readonly isDirect: boolean;
  readonly roles: readonly string[];
}

async function readWalk(
  store: Store,
  slice: EffectivePermissionSlice,
  holder: Holder,
): Promise<EffectivePermissionRow[]> {
  const page = store.dialect.walk({
    columns: permissionColumns(store),
    table: store.table(PermissionEntity),
    alias: 'p',
    from: isBehind(store, slice),
    orderBy: sql`${permissionAt(store, 'name')}, ${permissionAt(store, 'id')}`,
    most: mostPassed,
    condition: isHeld(store, holder),
    limit: slice.limit,
  });
  const permissionId = sql.raw('"page"."id"');
  const roles = sql.raw(store.dialect.jsonTextAggregate(ofRole(store, 'roleId').texts[0] as string));
  const rows = await store.query<WalkedRow>(
    sql`WITH "page" AS MATERIALIZED (${page}) SELECT "page".*,
      EXISTS (${direct(store, holder, permissionId)}) AS "isDirect",
      (SELECT ${roles} ${rolesWith(store, { permissionId, isRole: isOneOf(store, holder) })}) AS "roles"
      FROM "page" ORDER BY "name", "id"`,
    { ...permissionKinds, isDirect: 'boolean', roles: 'json' },
  );
  const sources = sourcesOf(holder);
  return rows.map(({ isDirect, roles: through, ...row }) => ({
    ...row,
    userId: holder.userId,
    sources: sources(isDirect, through),
  }));
}

/**
 * The sources of a permission, from the roles that hold it: the direct grant first, then by role, then those through groups. Fifty
 * permissions may have thousands, so each source is made once for all of them.
 */
function sourcesOf({ roles, organizationId }: Holder) {
  const inOrder = [...roles].sort(
    (a, b) => compare(a.groupId ?? '', b.groupId ?? '') || compare(a.roleId, b.roleId),
  );
  const through = inOrder.map(({ roleId, groupId }): SourceRow & { roleId: string } => ({
    kind: groupId === null ? 'ROLE' : 'GROUP',
    roleId,
    groupId,
    organizationId,
  }));
  const directly: SourceRow = { kind: 'DIRECT', roleId: null, groupId: null, organizationId };
  return (isDirect: boolean, roleIds: readonly string[]): readonly SourceRow[] => {
    const holding = new Set(roleIds);
    const found = through.filter(({ roleId }) => holding.has(roleId));
    return isDirect ? [directly, ...found] : found;
  };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
