import { Entity } from 'typeorm';
import { idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** The hash of a former password. No object type shows this table. */
@Entity({ name: 'password_history' })
export class PasswordHistoryEntity {
  @idColumn()
  id: string;

  @textColumn()
  userId: string;

  @textColumn()
  hash: string;

  /** When it became the password. */
  @instantColumn()
  createdAt: number;
}
