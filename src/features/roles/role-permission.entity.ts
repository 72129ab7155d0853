import { Entity } from 'typeorm';
import { textColumn } from '#src/storage/columns';

/** A permission of a role. */
@Entity({ name: 'role_permissions' })
export class RolePermissionEntity {
  @textColumn({ primary: true })
  roleId: string;

  @textColumn({ primary: true })
  permissionId: string;
}
