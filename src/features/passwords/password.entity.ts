import { Entity } from 'typeorm';
import { instantColumn, textColumn } from '#src/storage/columns';

/** The password hash of a user. No object type shows this table. */
@Entity({ name: 'passwords' })
export class PasswordEntity {
  @textColumn({ primary: true })
  userId: string;

  @textColumn()
  hash: string;

  @instantColumn()
  updatedAt: number;
}
