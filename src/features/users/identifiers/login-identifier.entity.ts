import { Entity } from 'typeorm';
import { textColumn } from '#src/storage/columns';

/** What a user of a database connection can sign in with: unique within the connection, value folded. */
@Entity({ name: 'login_identifiers' })
export class LoginIdentifierEntity {
  @textColumn({ primary: true })
  connection: string;

  @textColumn({ primary: true })
  kind: 'email' | 'username' | 'phone';

  @textColumn({ primary: true })
  value: string;

  @textColumn()
  userId: string;
}
