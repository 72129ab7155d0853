import { Entity } from 'typeorm';
import { instantColumn, textColumn } from '#src/storage/columns';

/** The name of an attribute that is neither kept nor shown. */
@Entity({ name: 'blacklist_entries' })
export class BlacklistEntryEntity {
  @textColumn({ primary: true })
  scope: 'TENANT' | 'CONNECTION' | 'ORGANIZATION';

  /** Empty for the tenant. */
  @textColumn({ primary: true })
  scopeId: string;

  @textColumn({ primary: true })
  name: string;

  @instantColumn()
  createdAt: number;

  @textColumn()
  createdBy: string;
}
