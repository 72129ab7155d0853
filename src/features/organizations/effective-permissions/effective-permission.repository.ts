import {
  grantsOf,
  ownGrantsOf,
  scopeOf,
  throughGroups,
  type GrantContext,
  type GrantScope,
} from '#src/features/organizations/effective-permissions/grants.repository';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { ColumnKind, Store } from '#src/storage/store';

/** One way in which a permission came: the role that holds it, or null for a direct grant. */
export interface SourceRow {
  readonly kind: 'DIRECT' | 'ROLE' | 'GROUP';
  readonly roleId: string | null;
  /** The group that holds the role; null where the user does. */
  readonly groupId: string | null;
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

export interface EffectivePermissionSlice extends GrantContext {
  readonly userIds: readonly string[];
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
  /** Of the ways through no group: the role, or null for a direct grant. */
  readonly roles: readonly (string | null)[];
  readonly groups: readonly (readonly [roleId: string, groupId: string])[];
}

const kinds: { readonly [property in keyof FoldedRow]: ColumnKind } = {
  userId: 'text',
  id: 'text',
  name: 'text',
  description: 'text',
  resourceServerId: 'text',
  roles: 'json',
  groups: 'json',
};

/** Above this many grants of one user, the catalogue is walked in the order of names instead of sorting them all. */
const manyGrants = 2000;
/** Permissions that are passed in the catalogue before all grants are sorted after all. */
const mostPassed = 2000;

/**
 * The first permissions of each user by name, each with all its sources. Which permissions there are is found out first and the
 * sources only for those of the page: fifty roles may hold the same thousand permissions, or fifty thousand different ones.
 */
export async function findEffectivePermissions(
  store: Store,
  slice: EffectivePermissionSlice,
): Promise<EffectivePermissionRow[]> {
  const rows =
    (await walkCatalogue(store, slice)) ??
    (await store.query<FoldedRow>(withSources(store, slice, sorted(store, slice)), kinds));
  return rows.map(({ roles, groups, ...row }) => ({ ...row, sources: sourcesOf(roles, groups, slice) }));
}

/** The page of one user with very many grants, read from the beginning of what may be on it; null where that is not the way. */
async function walkCatalogue(store: Store, slice: EffectivePermissionSlice): Promise<FoldedRow[] | null> {
  if (!(await hasMany(store, slice))) return null;
  const rows = await store.query<FoldedRow>(withSources(store, slice, walked(store, slice)), kinds);
  if (rows.length === slice.limit) return rows;
  // Fewer than a page: all that there are, if the walk reached the end of the catalogue.
  return (await countUpTo(store, behind(store, slice), mostPassed)) <= mostPassed ? rows : null;
}

/** How many permissions of the catalogue there are under a condition; `most` + 1 where there are more. */
async function countUpTo(store: Store, condition: Sql, most: number): Promise<number> {
  const passed = sql`SELECT 1 FROM ${store.table(PermissionEntity)} AS p WHERE ${condition} LIMIT ${most + 1}`;
  return countRows(store, passed);
}

async function countRows(store: Store, rows: Sql): Promise<number> {
  const [found] = await store.query<{ n: number }>(sql`SELECT COUNT(*) AS "n" FROM (${rows}) AS "some"`, {
    n: 'integer',
  });
  return found?.n ?? 0;
}

async function hasMany(
  store: Store,
  slice: GrantContext & { readonly userIds: readonly string[] },
): Promise<boolean> {
  if (slice.userIds.length !== 1) return false;
  const grants = grantsOf(store, scopeOf(store, slice));
  return (await countRows(store, sql`SELECT 1 FROM (${grants}) AS g LIMIT ${manyGrants + 1}`)) > manyGrants;
}

/** Whether the user holds the permission `p`, in any way. */
function isHeld(store: Store, context: GrantContext, userId: string): Sql {
  return sql`EXISTS (${grantsOf(store, {
    ...context,
    isUser: (column) => sql`${column} = ${userId}`,
    isPermission: (column) => sql`${column} = ${at(store, 'id')}`,
  })})`;
}

const at = (store: Store, property: keyof PermissionEntity & string): Sql =>
  store.column(PermissionEntity, property, 'p');

function behind(store: Store, { after }: EffectivePermissionSlice): Sql {
  return after === null
    ? sql`TRUE`
    : sql`(${at(store, 'name')}, ${at(store, 'id')}) > (${after[0]}, ${after[1]})`;
}

const permissionColumns = (store: Store): Sql =>
  sql`${at(store, 'id')} AS "id", ${at(store, 'name')} AS "name", ${at(store, 'description')} AS "description",
    ${at(store, 'resourceServerId')} AS "resourceServerId"`;

/** The page of one user, by looking at one permission of the catalogue after the other. */
function walked(store: Store, slice: EffectivePermissionSlice): Sql {
  const userId = slice.userIds[0] as string;
  return store.dialect.walk({
    // A bound value has no type of its own.
    columns: sql`CAST(${userId} AS text) AS "userId", ${permissionColumns(store)}`,
    table: store.table(PermissionEntity),
    alias: 'p',
    from: behind(store, slice),
    orderBy: sql`${at(store, 'name')}, ${at(store, 'id')}`,
    most: mostPassed,
    condition: isHeld(store, slice, userId),
    limit: slice.limit,
  });
}

/** The pages of many users, by sorting all that they hold. */
function sorted(store: Store, slice: EffectivePermissionSlice): Sql {
  return sql`SELECT * FROM (
    SELECT "held".user_id AS "userId", ${permissionColumns(store)},
      ROW_NUMBER() OVER (PARTITION BY "held".user_id ORDER BY ${at(store, 'name')}, ${at(store, 'id')}) AS "place"
    FROM (SELECT DISTINCT g.user_id, g.permission_id FROM (${grantsOf(store, scopeOf(store, slice))}) AS g) AS "held"
    JOIN ${store.table(PermissionEntity)} AS p ON ${at(store, 'id')} = "held".permission_id
    WHERE ${behind(store, slice)}
  ) AS numbered WHERE "place" <= ${slice.limit}`;
}

function withSources(store: Store, slice: EffectivePermissionSlice, page: Sql): Sql {
  const { dialect } = store;
  const role = sql.raw(dialect.jsonTextAggregate('"g"."role_id"'));
  const group = sql.raw(
    dialect.jsonArrayAggregate([
      { sql: '"g"."role_id"', kind: 'text' },
      { sql: '"g"."group_id"', kind: 'text' },
    ]),
  );
  const user = slice.userIds.length === 1 ? slice.userIds[0] : sql.raw('"page"."userId"');
  const ofPage: GrantScope = {
    ...slice,
    isUser: (column) => sql`${column} = ${user}`,
    isPermission: (column) => sql`${column} = "page"."id"`,
    isDistinct: true,
  };
  return sql`WITH "page" AS MATERIALIZED (${page})
    SELECT "page".*, (SELECT ${role} FROM (${ownGrantsOf(store, ofPage)}) AS g) AS "roles",
      ${slice.kind === 'DIRECT' ? sql`'[]'` : sql`(SELECT ${group} FROM (${throughGroups(store, ofPage)}) AS g)`} AS "groups"
    FROM "page" ORDER BY "userId", "name", "id"`;
}

/** Direct ones first, then by role, then those through groups. Fifty permissions may have thousands. */
function sourcesOf(
  roles: FoldedRow['roles'],
  groups: FoldedRow['groups'],
  { organizationId }: GrantContext,
): SourceRow[] {
  const sources: SourceRow[] = [...roles]
    .sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1))
    .map((roleId) => ({ kind: roleId === null ? 'DIRECT' : 'ROLE', roleId, groupId: null, organizationId }));
  const throughGroup = [...groups].sort(([role, group], [otherRole, otherGroup]) =>
    group === otherGroup ? (role < otherRole ? -1 : 1) : group < otherGroup ? -1 : 1,
  );
  for (const [roleId, groupId] of throughGroup)
    sources.push({ kind: 'GROUP', roleId, groupId, organizationId });
  return sources;
}

/** Up to this size, a catalogue is asked permission by permission instead of telling many grants apart. */
const smallCatalogue = 5000;

export async function countEffectivePermissions(
  store: Store,
  userId: string,
  context: GrantContext,
): Promise<number> {
  const slice = { ...context, userIds: [userId] };
  if ((await hasMany(store, slice)) && (await countUpTo(store, sql`TRUE`, smallCatalogue)) <= smallCatalogue)
    return countUpTo(store, isHeld(store, context, userId), smallCatalogue);
  const grants = grantsOf(store, scopeOf(store, slice));
  return countRows(store, sql`SELECT DISTINCT g.permission_id FROM (${grants}) AS g`);
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
