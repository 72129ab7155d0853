import {
  grantsOf,
  ownGrantsOf,
  scopeOf,
  throughGroups,
  type GrantContext,
  type GrantScope,
} from '#src/features/organizations/effective-permissions/grants.repository';
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
import {
  countInCatalogue,
  walkCatalogue,
} from '#src/features/organizations/effective-permissions/walk-catalogue.repository';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { ColumnKind, Store } from '#src/storage/store';

interface FoldedRow extends PermissionColumns {
  readonly userId: string;
  /** Of the ways through no group: the role, or null for a direct grant. */
  readonly roles: readonly (string | null)[];
  readonly groups: readonly (readonly [roleId: string, groupId: string])[];
}

const kinds: { readonly [property in keyof FoldedRow]: ColumnKind } = {
  ...permissionKinds,
  userId: 'text',
  roles: 'json',
  groups: 'json',
};

/**
 * The first permissions of each user by name, each with all its sources. Which permissions there are is found out first and the
 * sources only for those of the page: fifty roles may hold the same thousand permissions, or fifty thousand different ones.
 */
export async function findEffectivePermissions(
  store: Store,
  slice: EffectivePermissionSlice,
): Promise<EffectivePermissionRow[]> {
  const walked = await walkCatalogue(store, slice);
  if (walked !== null) return walked;
  const rows = await store.query<FoldedRow>(withSources(store, slice, sorted(store, slice)), kinds);
  return rows.map(({ roles, groups, ...row }) => ({ ...row, sources: sourcesOf(roles, groups, slice) }));
}

/** The pages of users, by sorting all that they hold. */
function sorted(store: Store, slice: EffectivePermissionSlice): Sql {
  return sql`SELECT * FROM (
    SELECT "held".user_id AS "userId", ${permissionColumns(store)},
      ROW_NUMBER() OVER (PARTITION BY "held".user_id ORDER BY ${permissionAt(store, 'name')}, ${permissionAt(store, 'id')}) AS "place"
    FROM (SELECT DISTINCT g.user_id, g.permission_id FROM (${grantsOf(store, scopeOf(store, slice))}) AS g) AS "held"
    JOIN ${store.table(PermissionEntity)} AS p ON ${permissionAt(store, 'id')} = "held".permission_id
    WHERE ${isBehind(store, slice)}
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

/** Direct ones first, then by role, then those through groups. */
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

/** How many permissions a user has, each counted once. */
export async function countEffectivePermissions(
  store: Store,
  userId: string,
  context: GrantContext,
): Promise<number> {
  const counted = await countInCatalogue(store, userId, context);
  if (counted !== null) return counted;
  const grants = grantsOf(store, scopeOf(store, { ...context, userIds: [userId] }));
  const [found] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM (SELECT DISTINCT g.permission_id FROM (${grants}) AS g) AS "held"`,
    { n: 'integer' },
  );
  return found?.n ?? 0;
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
