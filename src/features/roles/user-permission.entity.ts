import { Entity } from 'typeorm';
import { instantColumn, textColumn } from '#src/storage/columns';

/** A permission given to a user directly. */
@Entity({ name: 'user_permissions' })
export class UserPermissionEntity {
  @textColumn({ primary: true })
  userId: string;

  @textColumn({ primary: true })
  permissionId: string;

  @instantColumn()
  createdAt: number;
}
