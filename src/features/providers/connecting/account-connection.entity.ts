import { Entity } from 'typeorm';
import { type SecretText, idColumn, instantColumn, secretColumn, textColumn } from '#src/storage/columns';

/** An account at a provider that a signed-in user is about to connect; used up by the application that completes it. */
@Entity({ name: 'account_connections' })
export class AccountConnectionEntity {
  @idColumn()
  id: string;

  /** Whom the account is to belong to. */
  @textColumn()
  userId: string;

  /** The session that began, or the caller where a token came from none. */
  @textColumn()
  binding: string;

  @textColumn()
  clientId: string;

  @textColumn()
  connectionId: string;

  /** Where the browser comes back to; one of the callbacks of the application. */
  @textColumn()
  redirectUri: string;

  /** The application's own; sent back as it was. */
  @textColumn({ nullable: true })
  state: string | null;

  /** What the application asks the provider for beyond a sign-in, divided by spaces; null: nothing. */
  @textColumn({ nullable: true })
  scopes: string | null;

  /** SHA-256 of the verifier that the application keeps (RFC 7636, S256). */
  @textColumn()
  challenge: string;

  /** SHA-256 of what names it when it is completed. */
  @secretColumn()
  authSessionHash: SecretText;

  /** SHA-256 of what the browser begins with. */
  @secretColumn()
  ticketHash: SecretText;

  /** SHA-256 of the code that the browser brought back; null before. */
  @textColumn({ nullable: true })
  codeHash: string | null;

  @instantColumn({ nullable: true })
  codeExpiresAt: number | null;

  /** What the provider said, sealed for this row. */
  @textColumn({ nullable: true })
  sealedLogin: string | null;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  expiresAt: number;

  @instantColumn({ nullable: true })
  consumedAt: number | null;
}
