import { IdentityEntity } from '#src/features/identities/identity.entity';
import { indexedText } from '#src/features/metadata/flatten';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserPermissionEntity } from '#src/features/roles/user-permission.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { EntityClass, Store } from '#src/storage/store';
import { compileTest, type SearchTables } from './compile-predicate';
import type { SearchTarget, SearchTest } from './predicate';

/** Code points of a metadata text that are indexed; see `MetadataLeafEntity`. */
const indexedLength = 256;

type Metadata = Extract<SearchTarget, { of: 'metadata' }>;

/**
 * The tables that searches look into, for statements with `users` under the alias `u`. A caller bound to an organization sees
 * memberships, roles and permissions of that organization alone.
 */
export function searchTables(store: Store, organizationId: string | null): SearchTables {
  const table = (entity: EntityClass<object>, alias: string): Sql =>
    sql`${store.table(entity)} ${sql.raw(`"${alias}"`)}`;
  const userId = store.column(UserEntity, 'id', 'u');
  const { dialect } = store;

  function ofUser(owner: Sql, from: Sql, condition: Sql): Sql {
    return sql`EXISTS (SELECT 1 FROM ${from} WHERE ${sql.and([sql`${owner} = ${userId}`, condition])})`;
  }

  function identities(column: keyof IdentityEntity & string, test: SearchTest): Sql {
    const owner = store.column(IdentityEntity, 'userId', 'i');
    return ofUser(
      owner,
      table(IdentityEntity, 'i'),
      compileTest(test, store.column(IdentityEntity, column, 'i'), dialect),
    );
  }

  function memberships(test: SearchTest): Sql {
    const organization = store.column(MembershipEntity, 'organizationId', 'm');
    const owner = store.column(MembershipEntity, 'userId', 'm');
    return ofUser(
      owner,
      table(MembershipEntity, 'm'),
      sql.and([reached(), compileTest(test, organization, dialect)]),
    );
  }

  /** SECURITY: memberships elsewhere are none of the business of a caller bound to one organization. */
  function reached(): Sql | null {
    return organizationId === null
      ? null
      : sql`${store.column(MembershipEntity, 'organizationId', 'm')} = ${organizationId}`;
  }

  /** Role ids in force: those of the user, or within an organization those of the membership. */
  function throughRoles(condition: (roleId: Sql) => Sql): Sql {
    if (organizationId === null) {
      const owner = store.column(UserRoleEntity, 'userId', 'ur');
      return ofUser(
        owner,
        table(UserRoleEntity, 'ur'),
        condition(store.column(UserRoleEntity, 'roleId', 'ur')),
      );
    }
    const membership = store.column(MembershipRoleEntity, 'membershipId', 'mr');
    const from = sql`${table(MembershipEntity, 'm')} JOIN ${table(MembershipRoleEntity, 'mr')} ON ${membership} = ${store.column(MembershipEntity, 'id', 'm')}`;
    const held = condition(store.column(MembershipRoleEntity, 'roleId', 'mr'));
    return ofUser(store.column(MembershipEntity, 'userId', 'm'), from, sql.and([reached(), held]));
  }

  function roles(column: 'id' | 'name', test: SearchTest): Sql {
    return throughRoles((roleId) => {
      if (column === 'id') return compileTest(test, roleId, dialect);
      const named = compileTest(test, store.column(RoleEntity, 'name', 'r'), dialect);
      return sql`${roleId} IN (SELECT ${store.column(RoleEntity, 'id', 'r')} FROM ${table(RoleEntity, 'r')} WHERE ${named})`;
    });
  }

  function permissions(test: SearchTest): Sql {
    const named = compileTest(test, store.column(PermissionEntity, 'name', 'p'), dialect);
    const ids = sql`SELECT ${store.column(PermissionEntity, 'id', 'p')} FROM ${table(PermissionEntity, 'p')} WHERE ${named}`;
    const granted = store.column(RolePermissionEntity, 'permissionId', 'rp');
    const role = store.column(RolePermissionEntity, 'roleId', 'rp');
    const roleIds = sql`SELECT ${role} FROM ${table(RolePermissionEntity, 'rp')} WHERE ${granted} IN (${ids})`;
    const viaRole = throughRoles((roleId) => sql`${roleId} IN (${roleIds})`);
    if (organizationId !== null) return viaRole;
    const owner = store.column(UserPermissionEntity, 'userId', 'up');
    const own = store.column(UserPermissionEntity, 'permissionId', 'up');
    return sql.or([viaRole, ofUser(owner, table(UserPermissionEntity, 'up'), sql`${own} IN (${ids})`)]);
  }

  function metadata({ store: name, path }: Metadata, test: SearchTest): Sql {
    // No stored key holds a dot, so a path with one leads nowhere.
    if (path.some((key) => key.includes('.'))) return sql`FALSE`;
    const leaf = (column: keyof MetadataLeafEntity & string): Sql =>
      store.column(MetadataLeafEntity, column, 'l');
    const dotted = path.join('.');
    const at = sql`${leaf('path')} = ${dotted}`;
    const below = dotted === '' ? null : sql.or([at, dialect.prefix(leaf('path'), `${dotted}.`)]);
    const condition = test.test === 'exists' ? below : sql.and([at, leafTest(test, leaf)]);
    const inStore = sql`${leaf('store')} = ${name}`;
    return ofUser(leaf('userId'), table(MetadataLeafEntity, 'l'), sql.and([inStore, condition]));
  }

  function leafTest(test: SearchTest, leaf: (column: keyof MetadataLeafEntity & string) => Sql): Sql {
    const ofKind = (kind: string, condition: Sql): Sql =>
      sql.and([sql`${leaf('kind')} = ${kind}`, condition]);
    const sample = sampleOf(test);
    if (typeof sample === 'boolean')
      return ofKind('boolean', sql`${leaf('numberValue')} = ${sample ? 1 : 0}`);
    if (typeof sample === 'number') return ofKind('number', compileTest(test, leaf('numberValue'), dialect));
    const isWhole = sql`${leaf('textHash')} IS NULL`;
    if (test.test === 'equals') return ofKind('text', textEquals(test.value as string, leaf));
    const compared = compileTest(test, leaf('textValue'), dialect);
    // Of a long text only the beginning is here, so that nothing is known about its end.
    const needsEnd = test.test === 'pattern' && test.parts.at(-1) !== '';
    return ofKind('text', sql.and([compared, needsEnd ? isWhole : null]));
  }

  function textEquals(text: string, leaf: (column: keyof MetadataLeafEntity & string) => Sql): Sql {
    const { textValue, textHash } = indexedText(text);
    const hash = leaf('textHash');
    // The hash is looked up only where the beginning does not decide, so that the index alone answers for short texts.
    const rest =
      [...text].length < indexedLength
        ? null
        : textHash === null
          ? sql`${hash} IS NULL`
          : sql`${hash} = ${textHash}`;
    return sql.and([sql`${leaf('textValue')} = ${textValue}`, rest]);
  }

  return {
    dialect,
    condition(target, test) {
      switch (target.of) {
        case 'user':
          return compileTest(test, store.column(UserEntity, target.column, 'u'), dialect);
        case 'identity':
          return identities(target.column, test);
        case 'organization':
          return memberships(test);
        case 'role':
          return roles(target.column, test);
        case 'permission':
          return permissions(test);
        case 'metadata':
          return metadata(target, test);
      }
    },
  };
}

/** A value of the type that the test compares with. */
function sampleOf(test: SearchTest): unknown {
  if (test.test === 'equals') return test.value;
  return test.test === 'range' ? (test.lower ?? test.upper)?.value : '';
}
