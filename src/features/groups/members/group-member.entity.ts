import { Entity } from 'typeorm';
import { instantColumn, textColumn } from '#src/storage/columns';

/** That a user is in a group: put there by a caller, or by a mapping at the last sign-in through its connection. */
@Entity({ name: 'group_members' })
export class GroupMemberEntity {
  @textColumn({ primary: true })
  groupId: string;

  @textColumn({ primary: true })
  userId: string;

  /** Empty: explicit. Else the id of the mapping. */
  @textColumn({ primary: true })
  source: string;

  @instantColumn()
  createdAt: number;
}
