import { AuditEventEntity } from '#src/features/audit/audit-event.entity';
import { AuthenticationMethodEntity } from '#src/features/factors/methods/authentication-method.entity';
import { TotpSecretEntity } from '#src/features/factors/totp/totp-secret.entity';
import { IdentityEntity } from '#src/features/identities/identity.entity';
import { ProfileLeafEntity } from '#src/features/identities/profile-leaf.entity';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { LoginIdentifierEntity } from '#src/features/users/identifiers/login-identifier.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { PasswordEntity } from '#src/features/passwords/password.entity';
import type { EntityClass, Store } from '#src/storage/store';

/** Parents before children. */
const tableOrder: readonly EntityClass<object>[] = [
  UserEntity,
  LoginIdentifierEntity,
  PasswordEntity,
  MetadataEntity,
  MetadataLeafEntity,
  IdentityEntity,
  ProfileLeafEntity,
  UserRoleEntity,
  MembershipEntity,
  MembershipRoleEntity,
  AuthenticationMethodEntity,
  TotpSecretEntity,
  AuditEventEntity,
];

type Waiting = ReadonlyMap<EntityClass<object>, object[]>;

const none = (): Waiting => new Map(tableOrder.map((entity) => [entity, []]));

/** New rows of a chunk by table: inserted together, many with one statement. */
export class RowBuffer {
  private waiting = none();

  /** Every row of a table has all of its properties. */
  add<Entity extends object>(entity: EntityClass<Entity>, row: Entity): void {
    this.waiting.get(entity)?.push(row);
  }

  /** Writes what was added so far; more may be added before it is done. */
  async flush(store: Store): Promise<void> {
    const written = this.waiting;
    this.waiting = none();
    await store.insertAll([...written].filter(([, rows]) => rows.length > 0));
  }
}
