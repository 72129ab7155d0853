import { Entity } from 'typeorm';
import { idColumn, instantColumn, secretColumn, textColumn, type SecretText } from '#src/storage/columns';

/** A key pair for tokens: those of the secrets file, and those that were made since. What stands here counts on every node. */
@Entity({ name: 'signing_keys' })
export class SigningKeyEntity {
  /** Its `kid`. */
  @idColumn()
  id: string;

  @textColumn()
  algorithm: string;

  /** NEXT, CURRENT, PREVIOUS or REVOKED. */
  @textColumn()
  state: string;

  /** The private key, sealed for this row. */
  @secretColumn()
  sealed: SecretText;

  @instantColumn()
  createdAt: number;

  /** When it came to its state. */
  @instantColumn()
  changedAt: number;
}
