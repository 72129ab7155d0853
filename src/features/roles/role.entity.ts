import { Entity } from 'typeorm';
import { idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** A named set of permissions, for the whole tenant or for members of one organization. */
@Entity({ name: 'roles' })
export class RoleEntity {
  @idColumn()
  id: string;

  @textColumn()
  name: string;

  @textColumn()
  nameFolded: string;

  @textColumn({ nullable: true })
  description: string | null;

  @textColumn()
  type: 'TENANT' | 'ORGANIZATION';

  @textColumn({ nullable: true })
  organizationId: string | null;

  /** The application that the role is for; null: for all. It counts in no rule of the gateway itself. */
  @textColumn({ nullable: true })
  applicationId: string | null;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;
}
