import { Entity } from 'typeorm';
import { integerColumn } from '#src/storage/columns';

/** One row: the version of all attribute rules and blacklists, raised with every change of them. */
@Entity({ name: 'policy_state' })
export class PolicyStateEntity {
  @integerColumn({ primary: true })
  id: number;

  @integerColumn()
  version: number;
}
