import { Entity } from 'typeorm';
import { idColumn, instantColumn } from '#src/storage/columns';

/** A permission that an application holds by itself, without a user: for machines. */
@Entity({ name: 'application_permissions' })
export class ApplicationPermissionEntity {
  @idColumn()
  applicationId: string;

  @idColumn()
  permissionId: string;

  @instantColumn()
  createdAt: number;
}
