import { Entity } from 'typeorm';
import { idColumn, instantColumn, secretColumn, textColumn, type SecretText } from '#src/storage/columns';

/** A sign-in whose browser is at a page elsewhere. */
@Entity({ name: 'login_suspensions' })
export class LoginSuspensionEntity {
  @idColumn()
  id: string;

  /** SHA-256 of the state that the browser took along, in hexadecimal digits. */
  @secretColumn()
  stateHash: SecretText;

  /** SHA-256 of the secret in the browser's cookie. */
  @secretColumn()
  bindingHash: SecretText;

  @textColumn()
  redirectName: string;

  @textColumn()
  userId: string;

  /** The token of the sign-in that waits; it never leaves the gateway. */
  @textColumn()
  sealedToken: string;

  /** Where the browser goes in the end: checked when the sign-in began. Null: a page that says that it is done. */
  @textColumn({ nullable: true })
  returnUrl: string | null;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  expiresAt: number;

  @instantColumn({ nullable: true })
  consumedAt: number | null;
}
