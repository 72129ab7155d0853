import { ApplicationEntity } from '#src/features/applications/application.entity';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { IdentityEntity } from '#src/features/identities/identity.entity';
import { ProfileLeafEntity } from '#src/features/identities/profile-leaf.entity';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserPermissionEntity } from '#src/features/roles/user-permission.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { PasswordEntity } from '#src/features/passwords/password.entity';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { LoginIdentifierEntity } from '#src/features/users/identifiers/login-identifier.entity';
import { UserEntity } from '#src/features/users/user.entity';
import type { EntityClass, Store } from '#src/storage/store';

/** Parents before children: rows are inserted in this order. */
const tableOrder: readonly EntityClass<object>[] = [
  ConnectionEntity,
  ApplicationEntity,
  ResourceServerEntity,
  PermissionEntity,
  OrganizationEntity,
  RoleEntity,
  RolePermissionEntity,
  UserEntity,
  LoginIdentifierEntity,
  PasswordEntity,
  MetadataEntity,
  MetadataLeafEntity,
  IdentityEntity,
  ProfileLeafEntity,
  UserRoleEntity,
  UserPermissionEntity,
  MembershipEntity,
  MembershipRoleEntity,
  SessionEntity,
];

/** Rows that wait for their transaction, by table. Every row of a table must have all of its properties. */
export interface RowBuffer {
  add<Entity extends object>(entity: EntityClass<Entity>, row: Entity): void;
  /** Inserts everything that was added and forgets it; parents first, whatever the order of adding. */
  flush(store: Store): Promise<void>;
}

export function createRowBuffer(): RowBuffer {
  const waiting = new Map<EntityClass<object>, object[]>(tableOrder.map((entity) => [entity, []]));
  return {
    add(entity, row) {
      const rows = waiting.get(entity);
      if (rows === undefined) throw new TypeError(`${entity.name} has no place in the order of tables.`);
      rows.push(row);
    },
    async flush(store) {
      for (const [entity, rows] of waiting) {
        if (rows.length === 0) continue;
        waiting.set(entity, []);
        for (const slice of slices(rows)) await store.insert(entity, slice);
      }
    },
  };
}

/** Rows in one statement. */
const sliceSizes = [1000, 100, 10, 1] as const;

/** Cuts rows into slices of a few sizes only, so that each table needs a few statements, which stay prepared. */
function* slices<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  let start = 0;
  for (const size of sliceSizes) {
    for (; start + size <= rows.length; start += size) yield rows.slice(start, start + size);
  }
}
