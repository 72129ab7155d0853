import { IdentityEntity } from '#src/features/identities/identity.entity';
import { indexedText } from '#src/features/metadata/flatten';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserPermissionEntity } from '#src/features/roles/user-permission.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { EntityClass, Store } from '#src/storage/store';
import { compileTest, type OwnedRows, type SearchTables } from './compile-predicate';
import type { SearchTarget, SearchTest } from './predicate';

/** Code points of a metadata text that are indexed; see `MetadataLeafEntity`. */
const indexedLength = 256;

type Metadata = Extract<SearchTarget, { of: 'metadata' }>;
type LeafColumn = (column: keyof MetadataLeafEntity & string) => Sql;

/**
 * The tables that searches look into. A caller bound to an organization sees memberships of that organization and
 * permissions in it alone.
 */
export function searchTables(store: Store, organizationId: string | null): SearchTables {
  const { dialect } = store;
  const table = (entity: EntityClass<object>, alias: string): Sql =>
    sql`${store.table(entity)} ${sql.raw(`"${alias}"`)}`;

  function identities(column: keyof IdentityEntity & string, test: SearchTest): OwnedRows {
    const condition = compileTest(test, store.column(IdentityEntity, column, 'i'), dialect);
    return rowsOf(store.column(IdentityEntity, 'userId', 'i'), table(IdentityEntity, 'i'), condition);
  }

  function memberships(test: SearchTest): OwnedRows {
    const organization = store.column(MembershipEntity, 'organizationId', 'm');
    // What a deleted organization leaves behind for a while is found by nobody.
    const stands = sql`EXISTS (SELECT 1 FROM ${table(OrganizationEntity, 'o')} WHERE ${store.column(OrganizationEntity, 'id', 'o')} = ${organization})`;
    const condition = sql.and([reached(), compileTest(test, organization, dialect), stands]);
    return rowsOf(store.column(MembershipEntity, 'userId', 'm'), table(MembershipEntity, 'm'), condition);
  }

  /** SECURITY: memberships elsewhere are none of the business of a caller bound to one organization. */
  function reached(): Sql | null {
    if (organizationId === null) return null;
    return sql`${store.column(MembershipEntity, 'organizationId', 'm')} = ${organizationId}`;
  }

  /** Roles for the whole deployment, as `User.roles` shows them. */
  function roles(condition: (roleId: Sql) => Sql): OwnedRows {
    const held = condition(store.column(UserRoleEntity, 'roleId', 'ur'));
    return rowsOf(store.column(UserRoleEntity, 'userId', 'ur'), table(UserRoleEntity, 'ur'), held);
  }

  function memberRoles(condition: (roleId: Sql) => Sql): OwnedRows {
    const membership = store.column(MembershipRoleEntity, 'membershipId', 'mr');
    const joined = sql`${table(MembershipEntity, 'm')} JOIN ${table(MembershipRoleEntity, 'mr')} ON ${membership} = ${store.column(MembershipEntity, 'id', 'm')}`;
    const held = condition(store.column(MembershipRoleEntity, 'roleId', 'mr'));
    return rowsOf(store.column(MembershipEntity, 'userId', 'm'), joined, sql.and([reached(), held]));
  }

  function rolesBy(column: 'id' | 'name', test: SearchTest): OwnedRows {
    const named = compileTest(test, store.column(RoleEntity, column, 'r'), dialect);
    const ids = sql`SELECT ${store.column(RoleEntity, 'id', 'r')} FROM ${table(RoleEntity, 'r')} WHERE ${named}`;
    return roles((roleId) => sql`${roleId} IN (${ids})`);
  }

  /** Permissions in force: direct ones and those of roles, or within an organization those of the membership alone. */
  function permissions(test: SearchTest): readonly OwnedRows[] {
    const named = compileTest(test, store.column(PermissionEntity, 'name', 'p'), dialect);
    const ids = sql`SELECT ${store.column(PermissionEntity, 'id', 'p')} FROM ${table(PermissionEntity, 'p')} WHERE ${named}`;
    const granted = store.column(RolePermissionEntity, 'permissionId', 'rp');
    const role = store.column(RolePermissionEntity, 'roleId', 'rp');
    const roleIds = sql`SELECT ${role} FROM ${table(RolePermissionEntity, 'rp')} WHERE ${granted} IN (${ids})`;
    const grants = (roleId: Sql): Sql => sql`${roleId} IN (${roleIds})`;
    if (organizationId !== null) return [memberRoles(grants)];
    const owner = store.column(UserPermissionEntity, 'userId', 'up');
    const own = sql`${store.column(UserPermissionEntity, 'permissionId', 'up')} IN (${ids})`;
    return [roles(grants), rowsOf(owner, table(UserPermissionEntity, 'up'), own)];
  }

  function metadata({ store: name, path }: Metadata, test: SearchTest): OwnedRows {
    const leaf: LeafColumn = (column) => store.column(MetadataLeafEntity, column, 'l');
    // Only equality names a whole index entry. With anything else the index by value would be read from one end to the other for
    // each user, so for a given user it is put out of the way.
    const aside: LeafColumn = (column) =>
      column === 'numberValue' ? sql`(${leaf(column)} + 0)` : sql`(${leaf(column)} || '')`;
    const condition = (column: LeafColumn): Sql =>
      sql.and([sql`${column('store')} = ${name}`, at(path, test, column)]);
    const given = test.test === 'equals' || test.test === 'ofUser' ? leaf : aside;
    return {
      owner: leaf('userId'),
      from: table(MetadataLeafEntity, 'l'),
      condition: condition(leaf),
      ...(test.test === 'exists' ? { conditions: existing(name, path, leaf) } : {}),
      conditionOfOwner: condition(given),
    };
  }

  /** A value is either a text or a number, at the path or below it, and each of the four is a stretch of an index. */
  function existing(name: string, path: readonly string[], leaf: LeafColumn): readonly Sql[] {
    if (path.some((key) => key.includes('.'))) return [sql`FALSE`];
    const dotted = path.join('.');
    const places = [sql`${leaf('path')} = ${dotted}`, dialect.prefix(leaf('path'), `${dotted}.`)];
    return places.flatMap((place) =>
      [leaf('textValue'), leaf('numberValue')].map(
        (value) => sql`${leaf('store')} = ${name} AND ${place} AND ${value} IS NOT NULL`,
      ),
    );
  }

  function at(path: readonly string[], test: SearchTest, leaf: LeafColumn): Sql {
    // No stored key holds a dot, so a path with one leads nowhere.
    if (path.some((key) => key.includes('.'))) return sql`FALSE`;
    const dotted = path.join('.');
    const here = sql`${leaf('path')} = ${dotted}`;
    if (test.test !== 'exists') return sql.and([here, leafTest(test, leaf)]);
    return dotted === '' ? sql`TRUE` : sql.or([here, dialect.prefix(leaf('path'), `${dotted}.`)]);
  }

  function leafTest(test: SearchTest, leaf: LeafColumn): Sql {
    const sample = sampleOf(test);
    const number = leaf('numberValue');
    if (typeof sample === 'boolean')
      return sql`${leaf('kind')} = 'boolean' AND ${number} = ${sample ? 1 : 0}`;
    if (typeof sample === 'number')
      return sql`${leaf('kind')} = 'number' AND (${compileTest(test, number, dialect)})`;
    // Only texts have a text value: without looking at the kind, the index alone answers.
    if (test.test === 'equals') return textEquals(test.value as string, leaf);
    // Of a long text only the beginning is here, so that nothing is known about its end.
    const needsEnd = test.test === 'ofUser' || (test.test === 'pattern' && test.parts.at(-1) !== '');
    const isWhole = sql`${leaf('textHash')} IS NULL`;
    return sql.and([compileTest(test, leaf('textValue'), dialect), needsEnd ? isWhole : null]);
  }

  return {
    dialect,
    userId: (alias) => store.column(UserEntity, 'id', alias),
    users: (alias) => table(UserEntity, alias),
    usersByKeys: (keys) =>
      dialect.rowsByKeys({
        keys,
        table: store.table(UserEntity),
        alias: 'u',
        key: store.column(UserEntity, 'id', 'u'),
      }),
    walkUsers: (walk) => dialect.walk({ ...walk, table: store.table(UserEntity), alias: 'u' }),
    userColumn: (column, alias) => store.column(UserEntity, column, alias),
    rows(target, test) {
      switch (target.of) {
        case 'identity':
          return [identities(target.column, test)];
        case 'organization':
          return [memberships(test)];
        case 'role':
          return [rolesBy(target.column, test)];
        case 'permission':
          return permissions(test);
        case 'metadata':
          return [metadata(target, test)];
      }
    },
  };
}

function rowsOf(owner: Sql, from: Sql, condition: Sql): OwnedRows {
  return { owner, from, condition, conditionOfOwner: condition };
}

/** The hash is looked up only where the beginning does not decide. */
function textEquals(text: string, leaf: LeafColumn): Sql {
  const { textValue, textHash } = indexedText(text);
  const same = sql`${leaf('textValue')} = ${textValue}`;
  if ([...textValue].length < indexedLength) return same;
  const hash = leaf('textHash');
  return sql.and([same, textHash === null ? sql`${hash} IS NULL` : sql`${hash} = ${textHash}`]);
}

/** A value of the type that the test compares with. */
function sampleOf(test: SearchTest): unknown {
  if (test.test === 'equals') return test.value;
  return test.test === 'range' ? (test.lower ?? test.upper)?.value : '';
}
