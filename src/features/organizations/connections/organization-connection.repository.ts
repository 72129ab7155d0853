import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { OrganizationConnectionRoleEntity } from '#src/features/organizations/connections/organization-connection-role.entity';
import { OrganizationConnectionEntity } from '#src/features/organizations/connections/organization-connection.entity';
import { column, columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const linkColumns = columnsOf(OrganizationConnectionEntity, 'l', [
  'organizationId',
  'connectionId',
  'isEnabled',
  'assignMembershipOnLogin',
  'syncMembership',
  'membershipGroups',
  'isSignupEnabled',
  'showAsButton',
  'organizationAccessLevel',
  'organizationConnectionName',
  'createdAt',
  'updatedAt',
]);
export type LinkRow = RowOf<typeof linkColumns>;

/** A link with what decides about it at its connection. */
const linkSelection = {
  ...linkColumns,
  connectionName: column(ConnectionEntity, 'c', 'name'),
  strategy: column(ConnectionEntity, 'c', 'strategy'),
  isConnectionEnabled: column(ConnectionEntity, 'c', 'isEnabled'),
};
export type LinkedConnectionRow = RowOf<typeof linkSelection>;

const linksOfOrganization: Read<{ organizationId: string }, LinkedConnectionRow> = {
  name: 'connection_links_of_organization',
  build: (builder) =>
    builder
      .from(OrganizationConnectionEntity, 'l')
      .innerJoin(ConnectionEntity, 'c', 'c.id = l.connectionId')
      .where('l.organizationId = :organizationId')
      .orderBy('c.name'),
  select: linkSelection,
};

/** All links of an organization with their connections, by name. */
export function findLinks(store: Store, organizationId: string): Promise<LinkedConnectionRow[]> {
  return store.kept(`links of organization ${organizationId}`, () =>
    store.read(linksOfOrganization, { organizationId }),
  );
}

const joinedByLogin: Read<{ connection: string }, { readonly organizationId: string }> = {
  name: 'organizations_joined_by_login',
  // Two are enough to see that it is not one.
  build: (builder) =>
    builder
      .from(ConnectionEntity, 'c')
      .innerJoin(OrganizationConnectionEntity, 'l', 'l.connectionId = c.id')
      .where('c.name = :connection')
      .andWhere('l.isEnabled = TRUE')
      .andWhere('l.assignMembershipOnLogin = TRUE')
      .andWhere('l.syncMembership = FALSE')
      .orderBy('l.organizationId')
      .limit(2),
  select: columnsOf(OrganizationConnectionEntity, 'l', ['organizationId']),
};

/** Organizations whose members users of the connection become when they sign in; at most two of them. */
export async function findOrganizationsJoinedByLogin(store: Store, connection: string): Promise<string[]> {
  const rows = await store.kept(`organizations joined through ${connection}`, () =>
    store.read(joinedByLogin, { connection }),
  );
  return rows.map((row) => row.organizationId);
}

export interface FollowingLink extends LinkKey {
  readonly membershipGroups: readonly string[];
}

const followingLinks: Read<{ connection: string }, FollowingLink> = {
  name: 'links_that_follow_provider',
  build: (builder) =>
    builder
      .from(ConnectionEntity, 'c')
      .innerJoin(OrganizationConnectionEntity, 'l', 'l.connectionId = c.id')
      .where('c.name = :connection')
      .andWhere('l.isEnabled = TRUE')
      .andWhere('l.syncMembership = TRUE')
      .orderBy('l.organizationId'),
  select: columnsOf(OrganizationConnectionEntity, 'l', [
    'organizationId',
    'connectionId',
    'membershipGroups',
  ]),
};

/** Organizations whose members follow the groups of the provider, in the order in which their rows are locked. */
export function findFollowingLinks(store: Store, connection: string): Promise<FollowingLink[]> {
  return store.kept(`organizations that follow ${connection}`, () =>
    store.read(followingLinks, { connection }),
  );
}

export interface LinkSlice {
  readonly organizationIds: readonly string[];
  readonly after: readonly [createdAt: number, connectionId: string] | null;
  readonly limit: number;
}

/** The first links of each organization, oldest first; one statement for all. */
export function findLinkPages(store: Store, slice: LinkSlice): Promise<LinkRow[]> {
  const at = (property: keyof OrganizationConnectionEntity & string): Sql =>
    store.column(OrganizationConnectionEntity, property, 'l');
  const { columns, kinds } = store.selection(linkColumns);
  const order = sql`${at('createdAt')}, ${at('connectionId')}`;
  // The key has two parts and no id, so rows are numbered instead of taken one key at a time: there are few of them.
  return store.query<LinkRow>(
    sql`SELECT ${columns} FROM ${store.table(OrganizationConnectionEntity)} AS l
      WHERE ${sql.and([
        store.dialect.anyOf(at('organizationId'), slice.organizationIds),
        slice.after === null ? null : sql`(${order}) > (${slice.after[0]}, ${slice.after[1]})`,
      ])} ORDER BY ${order}`,
    kinds,
  );
}

export async function countLinks(store: Store, organizationId: string): Promise<number> {
  const of = store.column(OrganizationConnectionEntity, 'organizationId', 'l');
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(OrganizationConnectionEntity)} AS l WHERE ${of} = ${organizationId}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

/** Answers false when the two are linked already. */
export async function insertLink(store: Store, row: LinkRow): Promise<boolean> {
  return (await store.insert(OrganizationConnectionEntity, row, { ignoreConflicts: true })) === 1;
}

export async function updateLink(
  store: Store,
  { organizationId, connectionId }: LinkKey,
  set: Partial<OrganizationConnectionEntity>,
): Promise<void> {
  await store.update(OrganizationConnectionEntity, { organizationId, connectionId }, set);
}

export async function deleteLink(store: Store, { organizationId, connectionId }: LinkKey): Promise<boolean> {
  return (await store.delete(OrganizationConnectionEntity, { organizationId, connectionId })) === 1;
}

export interface LinkKey {
  readonly organizationId: string;
  readonly connectionId: string;
}

const rolesOfLink: Read<LinkKey, { readonly roleId: string }> = {
  name: 'roles_of_connection_link',
  build: (builder) =>
    builder
      .from(OrganizationConnectionRoleEntity, 'lr')
      .where('lr.organizationId = :organizationId')
      .andWhere('lr.connectionId = :connectionId'),
  select: columnsOf(OrganizationConnectionRoleEntity, 'lr', ['roleId']),
};

/** Ids of the roles that who joins through the link gets. */
export async function findLinkRoleIds(
  store: Store,
  { organizationId, connectionId }: LinkKey,
): Promise<string[]> {
  return (await store.read(rolesOfLink, { organizationId, connectionId })).map(({ roleId }) => roleId);
}

const rolesOfLinks: Read<{ organizationIds: readonly string[] }, LinkKey & { readonly roleId: string }> = {
  name: 'roles_of_connection_links',
  build: (builder, dialect) =>
    builder
      .from(OrganizationConnectionRoleEntity, 'lr')
      .where(dialect.anyOf('lr.organizationId', ':organizationIds'))
      .orderBy('lr.roleId'),
  select: columnsOf(OrganizationConnectionRoleEntity, 'lr', ['organizationId', 'connectionId', 'roleId']),
};

export function findRolesOfLinks(
  store: Store,
  organizationIds: readonly string[],
): Promise<(LinkKey & { readonly roleId: string })[]> {
  return store.read(rolesOfLinks, { organizationIds });
}

export async function replaceLinkRoles(
  store: Store,
  { organizationId, connectionId }: LinkKey,
  roleIds: readonly string[],
): Promise<void> {
  await store.delete(OrganizationConnectionRoleEntity, { organizationId, connectionId });
  if (roleIds.length === 0) return;
  const rows = roleIds.map((roleId) => ({ organizationId, connectionId, roleId }));
  await store.insert(OrganizationConnectionRoleEntity, rows);
}

const connectionById: Read<{ id: string }, FoundConnection> = {
  name: 'connection_to_link',
  build: (builder) => builder.from(ConnectionEntity, 'c').where('c.id = :id'),
  select: columnsOf(ConnectionEntity, 'c', ['id', 'name', 'strategy', 'isEnabled']),
};

export interface FoundConnection {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly isEnabled: boolean;
}

export async function findConnection(store: Store, id: string): Promise<FoundConnection | null> {
  return (await store.read(connectionById, { id }))[0] ?? null;
}
