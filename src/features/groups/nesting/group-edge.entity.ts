import { Entity } from 'typeorm';
import { textColumn } from '#src/storage/columns';

/** That one group stands directly in another. */
@Entity({ name: 'group_edges' })
export class GroupEdgeEntity {
  @textColumn({ primary: true })
  parentId: string;

  @textColumn({ primary: true })
  childId: string;
}
