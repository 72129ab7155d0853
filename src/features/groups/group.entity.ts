import { Entity } from 'typeorm';
import { idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** A named set of users, of the deployment or of one organization. */
@Entity({ name: 'user_groups' })
export class GroupEntity {
  @idColumn()
  id: string;

  @textColumn()
  name: string;

  @textColumn()
  nameFolded: string;

  @textColumn()
  description: string;

  @textColumn({ nullable: true })
  organizationId: string | null;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;
}
