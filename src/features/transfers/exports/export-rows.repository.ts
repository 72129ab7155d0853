import { IdentityEntity } from '#src/features/identities/identity.entity';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { userColumns, type UserRow } from '#src/features/users/user-row';
import type { Instant } from '#src/shared/clock';
import { column, columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, Store } from '#src/storage/store';

/** Where an export stands. */
export interface ExportPlace {
  readonly createdAt: Instant;
  readonly id: string;
}

export interface ExportSlice {
  readonly connection: string | null;
  /** Users that came later are not in the file. */
  readonly until: Instant;
  readonly after: ExportPlace | null;
  readonly limit: number;
}

/** The next users in the order of (created_at, id), from which nothing that is written meanwhile can push a row out or in twice. */
export function findExportSlice(
  store: Store,
  { connection, until, after, limit }: ExportSlice,
): Promise<UserRow[]> {
  const { columns, kinds } = store.selection(userColumns);
  const at = (property: keyof UserEntity & string): Sql => store.column(UserEntity, property, 'u');
  const condition = sql.and([
    sql`${at('createdAt')} <= ${until}`,
    connection === null ? null : sql`${at('connection')} = ${connection}`,
    after === null ? null : sql`(${at('createdAt')}, ${at('id')}) > (${after.createdAt}, ${after.id})`,
  ]);
  return store.query<UserRow>(
    sql`SELECT ${columns} FROM ${store.table(UserEntity)} AS u WHERE ${condition}
      ORDER BY ${at('createdAt')}, ${at('id')} LIMIT ${limit}`,
    kinds,
  );
}

export async function countExported(store: Store, connection: string | null): Promise<number> {
  const at = store.column(UserEntity, 'connection', 'u');
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(UserEntity)} AS u
      WHERE ${connection === null ? sql`TRUE` : sql`${at} = ${connection}`}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

interface Keys {
  readonly ids: readonly string[];
}

const identityColumns = columnsOf(IdentityEntity, 'i', [
  'userId',
  'position',
  'connection',
  'provider',
  'providerUserId',
  'isSocial',
  'profileData',
]);
export interface ExportIdentity {
  readonly userId: string;
  readonly position: number;
  readonly connection: string;
  readonly provider: string;
  readonly providerUserId: string;
  readonly isSocial: boolean;
  readonly profileData: Record<string, unknown> | null;
}

const identities: Read<Keys, ExportIdentity> = {
  name: 'export_identities',
  build: (builder, dialect) =>
    builder
      .from(IdentityEntity, 'i')
      .where(dialect.anyOf('i.userId', ':ids'))
      .orderBy('i.userId')
      .addOrderBy('i.position'),
  select: identityColumns,
};

const metadata: Read<
  Keys,
  {
    readonly userId: string;
    readonly userJson: Record<string, unknown>;
    readonly appJson: Record<string, unknown>;
  }
> = {
  name: 'export_metadata',
  build: (builder, dialect) => builder.from(MetadataEntity, 'md').where(dialect.anyOf('md.userId', ':ids')),
  select: columnsOf(MetadataEntity, 'md', ['userId', 'userJson', 'appJson']),
};

const roles: Read<Keys, { readonly userId: string; readonly name: string }> = {
  name: 'export_roles',
  build: (builder, dialect) =>
    builder
      .from(UserRoleEntity, 'ur')
      .innerJoin(RoleEntity, 'r', 'r.id = ur.roleId')
      .where(dialect.anyOf('ur.userId', ':ids'))
      .orderBy('r.name'),
  select: { userId: column(UserRoleEntity, 'ur', 'userId'), name: column(RoleEntity, 'r', 'name') },
};

const memberships: Read<Keys, { readonly userId: string; readonly id: string; readonly name: string }> = {
  name: 'export_memberships',
  build: (builder, dialect) =>
    builder
      .from(MembershipEntity, 'm')
      .innerJoin(OrganizationEntity, 'o', 'o.id = m.organizationId')
      .where(dialect.anyOf('m.userId', ':ids'))
      .orderBy('o.name'),
  select: {
    userId: column(MembershipEntity, 'm', 'userId'),
    id: column(OrganizationEntity, 'o', 'id'),
    name: column(OrganizationEntity, 'o', 'name'),
  },
};

/** What is read beside the users themselves: only what somebody looks at. */
export interface ExportNeeds {
  readonly identities: boolean;
  readonly metadata: boolean;
  readonly roles: boolean;
  readonly organizations: boolean;
}

/** A user with everything that an export may hold. */
export interface ExportRow {
  readonly user: UserRow;
  readonly identities: readonly ExportIdentity[];
  readonly userMetadata: Record<string, unknown>;
  readonly appMetadata: Record<string, unknown>;
  readonly roles: readonly string[];
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
}

export async function completeRows(
  store: Store,
  users: readonly UserRow[],
  needs: ExportNeeds,
): Promise<readonly ExportRow[]> {
  const ids = users.map(({ id }) => id);
  const found = {
    identities: grouped(needs.identities ? await store.read(identities, { ids }) : []),
    metadata: new Map(
      (needs.metadata ? await store.read(metadata, { ids }) : []).map((row) => [row.userId, row]),
    ),
    roles: grouped(needs.roles ? await store.read(roles, { ids }) : []),
    organizations: grouped(needs.organizations ? await store.read(memberships, { ids }) : []),
  };
  return users.map((user) => ({
    user,
    identities: found.identities.get(user.id) ?? [],
    userMetadata: found.metadata.get(user.id)?.userJson ?? {},
    appMetadata: found.metadata.get(user.id)?.appJson ?? {},
    roles: (found.roles.get(user.id) ?? []).map(({ name }) => name),
    organizations: found.organizations.get(user.id) ?? [],
  }));
}

function grouped<Row extends { readonly userId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.userId);
    if (group) group.push(row);
    else groups.set(row.userId, [row]);
  }
  return groups;
}
