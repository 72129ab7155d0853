import { Entity } from 'typeorm';
import {
  type SecretText,
  idColumn,
  instantColumn,
  integerColumn,
  secretColumn,
  textColumn,
} from '#src/storage/columns';

/** A sign-in that is under way at a provider; it exists before any session does, and is used up by one answer. */
@Entity({ name: 'login_transactions' })
export class LoginTransactionEntity {
  @idColumn()
  id: string;

  /** SHA-256 of the `state` that the provider sends back. */
  @secretColumn()
  stateHash: SecretText;

  /** SHA-256 of the cookie that binds it to one browser. */
  @secretColumn()
  bindingHash: SecretText;

  @textColumn()
  connectionId: string;

  @textColumn()
  clientId: string;

  @textColumn({ nullable: true })
  organizationId: string | null;

  /** State, nonce and code verifier, sealed for this row. */
  @textColumn()
  sealedChecks: string;

  /** Where the browser goes afterwards: checked when it was stored. */
  @textColumn()
  returnUrl: string;

  /** The anonymous session that the new one takes over. */
  @textColumn({ nullable: true })
  anonymousSessionId: string | null;
  /** PAGE: what is missing is asked for by the gateway's page; APPLICATION: by that of the application. */
  @textColumn()
  goesOn: string;

  /** The session of a signed-in user who wants the account at the provider as an identity; null: somebody signs in. */
  @textColumn({ nullable: true })
  linkSessionId: string | null;

  /** The account that is being connected by an application; null: somebody signs in. */
  @textColumn({ nullable: true })
  accountConnectionId: string | null;

  /** What the provider was told about asking the person; null: nothing. See `LoginPrompt`. */
  @textColumn({ nullable: true })
  prompt: string | null;

  /** How many seconds ago the person may have proved who they are there; null: it does not matter. */
  @integerColumn({ nullable: true })
  maxAgeSeconds: number | null;

  @textColumn({ nullable: true })
  createdIp: string | null;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  expiresAt: number;

  @instantColumn({ nullable: true })
  consumedAt: number | null;
}
