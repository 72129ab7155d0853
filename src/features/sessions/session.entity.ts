import { Entity } from 'typeorm';
import {
  type SecretText,
  idColumn,
  instantColumn,
  integerColumn,
  jsonColumn,
  secretColumn,
  textColumn,
} from '#src/storage/columns';

/** A sign-in of a user in one browser or app. */
@Entity({ name: 'sessions' })
export class SessionEntity {
  @idColumn()
  id: string;

  /** SHA-256 of the cookie's secret, in hexadecimal digits. */
  @secretColumn()
  secretHash: SecretText;

  @textColumn()
  userId: string;

  @textColumn()
  status: string;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;

  @instantColumn()
  authenticatedAt: number;

  @instantColumn()
  lastInteractedAt: number;

  @instantColumn()
  idleExpiresAt: number;

  @instantColumn()
  expiresAt: number;

  @jsonColumn()
  device: Record<string, unknown>;

  @jsonColumn()
  clients: readonly unknown[];

  @jsonColumn()
  authenticationMethods: readonly unknown[];

  @textColumn()
  assurance: string;

  @textColumn()
  cookieMode: string;

  @jsonColumn()
  metadata: Record<string, unknown>;

  @textColumn({ nullable: true })
  organizationId: string | null;

  /** Who acts in the name of the user; null: the user. */
  @jsonColumn({ nullable: true })
  actor: Record<string, unknown> | null;

  /** The user's epoch when the session was made. */
  @integerColumn()
  credentialEpoch: number;

  @instantColumn({ nullable: true })
  endedAt: number | null;

  @textColumn({ nullable: true })
  endReason: string | null;
}
