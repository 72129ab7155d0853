import { Entity } from 'typeorm';
import { booleanColumn, instantColumn, integerColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** One version of one hook, of the deployment or of an organization. Rows are never changed but for which is current. */
@Entity({ name: 'delegation_hooks' })
export class DelegationHookEntity {
  /** Empty: of the deployment. */
  @textColumn({ primary: true })
  scope: string;

  @textColumn({ primary: true })
  name: string;

  @integerColumn({ primary: true })
  version: number;

  @jsonColumn()
  definition: unknown;

  @booleanColumn()
  isCurrent: boolean;

  @instantColumn()
  createdAt: number;

  @textColumn()
  createdBy: string;
}
