import { Entity } from 'typeorm';
import { textColumn } from '#src/storage/columns';

export type IdentifierKindName = 'email' | 'username' | 'phone';

/** What a user of a database connection can sign in with: unique within the connection, value folded. */
@Entity({ name: 'login_identifiers' })
export class LoginIdentifierEntity {
  @textColumn({ primary: true })
  connection: string;

  @textColumn({ primary: true })
  kind: IdentifierKindName;

  @textColumn({ primary: true })
  value: string;

  @textColumn()
  userId: string;
}
