import { Entity } from 'typeorm';
import { booleanColumn, instantColumn, textColumn } from '#src/storage/columns';

/** The password hash of a user. No object type shows this table. */
@Entity({ name: 'passwords' })
export class PasswordEntity {
  @textColumn({ primary: true })
  userId: string;

  @textColumn()
  hash: string;

  /** What made the hash that the user came with, once it was replaced by one of our own. */
  @textColumn({ nullable: true })
  source: string | null;

  /** The next sign-in asks for a new password. */
  @booleanColumn()
  mustChange: boolean;

  /** The password came from another system and does not meet today's policy. */
  @booleanColumn()
  policyDebt: boolean;

  /**
   * Whoever chose it had not shown to read the mail of the account's address, nor was an operator: who signed up, or came from another
   * system.
   */
  @booleanColumn()
  isUnproven: boolean;

  @instantColumn()
  updatedAt: number;
}
