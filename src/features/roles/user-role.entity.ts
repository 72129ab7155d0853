import { Entity } from 'typeorm';
import { instantColumn, textColumn } from '#src/storage/columns';

/** A role of a user. */
@Entity({ name: 'user_roles' })
export class UserRoleEntity {
  @textColumn({ primary: true })
  userId: string;

  @textColumn({ primary: true })
  roleId: string;

  @instantColumn()
  createdAt: number;
}
