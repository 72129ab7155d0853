import { Entity } from 'typeorm';
import { textColumn } from '#src/storage/columns';

/** That a group has a role, and with it everybody in it and below it. */
@Entity({ name: 'group_roles' })
export class GroupRoleEntity {
  @textColumn({ primary: true })
  groupId: string;

  @textColumn({ primary: true })
  roleId: string;
}
