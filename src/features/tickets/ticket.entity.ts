import { Entity } from 'typeorm';
import {
  idColumn,
  instantColumn,
  integerColumn,
  jsonColumn,
  secretColumn,
  textColumn,
} from '#src/storage/columns';
import type { SecretText } from '#src/storage/columns';

/** Something that may be done once by whoever holds a secret that was sent to the user. No object type shows the table. */
@Entity({ name: 'tickets' })
export class TicketEntity {
  @idColumn()
  id: string;

  @textColumn()
  kind: string;

  /** SHA-256 of the token in the link. */
  @secretColumn()
  tokenHash: SecretText;

  @textColumn()
  userId: string;

  /** The e-mail address that it is about, folded; null: none. */
  @textColumn({ nullable: true })
  address: string | null;

  /** The user's credential epoch when it was made; null: it outlives changes of the password. */
  @integerColumn({ nullable: true })
  credentialEpoch: number | null;

  @jsonColumn()
  data: Readonly<Record<string, unknown>>;

  /** Keyed hash of the six digits that may be typed instead; null: none. */
  @secretColumn({ nullable: true })
  codeHash: SecretText | null;

  @integerColumn()
  codeFailures: number;

  @instantColumn({ nullable: true })
  codeExpiresAt: number | null;

  /** Keyed hash of the code that the asking browser was shown; null: nobody asked. */
  @secretColumn({ nullable: true })
  confirmationHash: SecretText | null;

  /** Wrong tries of that code. */
  @integerColumn()
  confirmationFailures: number;

  /** Hash of what the asking browser keeps; null: no browser asked. */
  @secretColumn({ nullable: true })
  browserHash: SecretText | null;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  expiresAt: number;

  @instantColumn({ nullable: true })
  usedAt: number | null;
}
