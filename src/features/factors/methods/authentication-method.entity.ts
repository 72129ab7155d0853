import { Entity } from 'typeorm';
import { booleanColumn, idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** Something a user can prove an identity with. What the proof is checked against stands in a table of its kind. */
@Entity({ name: 'authentication_methods' })
export class AuthenticationMethodEntity {
  @idColumn()
  id: string;

  @textColumn()
  userId: string;

  @textColumn()
  type: string;

  @textColumn({ nullable: true })
  name: string | null;

  /** Whether a first proof was given. An unconfirmed method proves nothing. */
  @booleanColumn()
  isConfirmed: boolean;

  @instantColumn()
  createdAt: number;

  @instantColumn({ nullable: true })
  confirmedAt: number | null;

  @instantColumn({ nullable: true })
  lastUsedAt: number | null;
}
