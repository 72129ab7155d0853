import { Entity } from 'typeorm';
import { instantColumn, textColumn } from '#src/storage/columns';

/** That a user asked for the account to be deleted. */
@Entity({ name: 'account_deletions' })
export class AccountDeletionEntity {
  @textColumn({ primary: true })
  userId: string;

  @instantColumn()
  requestedAt: number;

  @instantColumn()
  deleteAt: number;
}
