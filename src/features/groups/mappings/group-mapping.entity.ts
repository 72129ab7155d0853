import { Entity } from 'typeorm';
import { idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** Whoever signs in through the connection, in a group of this name there, is in the group. */
@Entity({ name: 'group_mappings' })
export class GroupMappingEntity {
  @idColumn()
  id: string;

  @textColumn()
  groupId: string;

  @textColumn()
  connectionId: string;

  @textColumn()
  groupName: string;

  @instantColumn()
  createdAt: number;
}
