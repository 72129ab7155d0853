import { Entity } from 'typeorm';
import { type SecretText, idColumn, instantColumn, secretColumn, textColumn } from '#src/storage/columns';

/** Somebody who signed out here and is now signing out at the SAML provider; the session here is over already. */
@Entity({ name: 'logout_transactions' })
export class LogoutTransactionEntity {
  @idColumn()
  id: string;

  /** SHA-256 of the state that the provider sends back. */
  @secretColumn()
  stateHash: SecretText;

  @textColumn()
  connectionId: string;

  /** SHA-256 of the id of our request. */
  @textColumn()
  requestHash: string;

  /** Where the browser goes afterwards: checked when it was stored. Null: it stays at the gateway. */
  @textColumn({ nullable: true })
  returnUrl: string | null;

  @instantColumn()
  expiresAt: number;
}
