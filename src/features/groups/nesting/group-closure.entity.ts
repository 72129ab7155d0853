import { Entity } from 'typeorm';
import { integerColumn, textColumn } from '#src/storage/columns';

/** Every pair of a group and one below it, and each group with itself; `depth` is the longest way between them. */
@Entity({ name: 'group_closure' })
export class GroupClosureEntity {
  @textColumn({ primary: true })
  ancestorId: string;

  @textColumn({ primary: true })
  descendantId: string;

  @integerColumn()
  depth: number;
}
