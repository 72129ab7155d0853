import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { IdentityEntity } from '#src/features/identities/identity.entity';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { column, columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

interface Keys {
  readonly ids: readonly string[];
}

const subjectSelection = {
  ...columnsOf(UserEntity, 'u', ['id', 'name', 'givenName', 'familyName', 'nickname', 'picture']),
  ...columnsOf(UserEntity, 'u', ['attributes', 'createdAt', 'loginsCount']),
  connection: column(ConnectionEntity, 'c', 'name'),
  connectionId: column(ConnectionEntity, 'c', 'id'),
  isEnabled: column(ConnectionEntity, 'c', 'isEnabled'),
  strategy: column(ConnectionEntity, 'c', 'strategy'),
  options: column(ConnectionEntity, 'c', 'options'),
  userMetadata: column(MetadataEntity, 'md', 'userJson'),
};
/** What the conditions of steps look at; `userMetadata` is null for a user without metadata. */
export type SubjectRow = RowOf<typeof subjectSelection>;

const subjects: Read<Keys, SubjectRow> = {
  name: 'profile_step_subjects',
  build: (builder, dialect) =>
    builder
      .from(UserEntity, 'u')
      .innerJoin(ConnectionEntity, 'c', 'c.name = u.connection')
      .leftJoin(MetadataEntity, 'md', 'md.userId = u.id')
      .where(dialect.anyOf('u.id', ':ids')),
  select: subjectSelection,
};

export function findSubjects(store: Store, ids: readonly string[]): Promise<SubjectRow[]> {
  return store.read(subjects, { ids });
}

const claimSelection = columnsOf(IdentityEntity, 'i', ['userId', 'profileData']);
export type ClaimRow = RowOf<typeof claimSelection>;

const claims: Read<Keys, ClaimRow> = {
  name: 'profile_step_claims',
  build: (builder, dialect) =>
    builder
      .from(IdentityEntity, 'i')
      .where(dialect.anyOf('i.userId', ':ids'))
      .andWhere('i.profileData IS NOT NULL'),
  select: claimSelection,
};

/** What providers said of these users. */
export function findClaims(store: Store, ids: readonly string[]): Promise<ClaimRow[]> {
  return store.read(claims, { ids });
}

export interface GroupRow {
  readonly userId: string;
  /** Id of a role that the user holds or of an organization that it is a member of. */
  readonly groupId: string;
}

export function findGroups(store: Store, ids: readonly string[]): Promise<GroupRow[]> {
  const role = (property: keyof UserRoleEntity & string): Sql => store.column(UserRoleEntity, property, 'ur');
  const member = (property: keyof MembershipEntity & string): Sql =>
    store.column(MembershipEntity, property, 'm');
  // What a deleted role or organization leaves behind for a while does not count.
  return store.query<GroupRow>(
    sql`SELECT ${role('userId')} AS "userId", ${role('roleId')} AS "groupId" FROM ${store.table(UserRoleEntity)} AS ur
        JOIN ${store.table(RoleEntity)} AS r ON ${store.column(RoleEntity, 'id', 'r')} = ${role('roleId')}
        WHERE ${store.dialect.anyOf(role('userId'), ids)}
      UNION ALL
      SELECT ${member('userId')}, ${member('organizationId')} FROM ${store.table(MembershipEntity)} AS m
        JOIN ${store.table(OrganizationEntity)} AS o ON ${store.column(OrganizationEntity, 'id', 'o')} = ${member('organizationId')}
        WHERE ${store.dialect.anyOf(member('userId'), ids)}`,
    { userId: 'text', groupId: 'text' },
  );
}
