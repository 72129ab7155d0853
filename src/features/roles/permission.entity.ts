import { Entity } from 'typeorm';
import { idColumn, textColumn } from '#src/storage/columns';

/** A permission of a resource server. */
@Entity({ name: 'permissions' })
export class PermissionEntity {
  @idColumn()
  id: string;

  @textColumn()
  resourceServerId: string;

  @textColumn()
  name: string;

  @textColumn({ nullable: true })
  description: string | null;
}
