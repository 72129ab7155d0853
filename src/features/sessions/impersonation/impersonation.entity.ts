import { Entity } from 'typeorm';
import { idColumn, instantColumn, secretColumn, textColumn, type SecretText } from '#src/storage/columns';

/** Somebody asked to act in the name of a user, and perhaps did. */
@Entity({ name: 'impersonations' })
export class ImpersonationEntity {
  @idColumn()
  id: string;

  /** SHA-256 of the one-time token, in hexadecimal digits. */
  @secretColumn()
  tokenHash: SecretText;

  @textColumn()
  actorUserId: string;

  /** The actor's own session, which it lives and dies with. */
  @textColumn()
  actorSessionId: string;

  @textColumn()
  userId: string;

  @textColumn()
  clientId: string;

  @textColumn()
  reason: string;

  @textColumn({ nullable: true })
  ticket: string | null;

  /** Where it was asked for; it is redeemed there alone. */
  @textColumn({ nullable: true })
  ip: string | null;

  /** The delegated session. */
  @textColumn({ nullable: true })
  sessionId: string | null;

  @instantColumn()
  requestedAt: number;

  @instantColumn()
  tokenExpiresAt: number;

  @instantColumn({ nullable: true })
  startedAt: number | null;

  @instantColumn({ nullable: true })
  endedAt: number | null;

  /** Why, in the words of sessions. */
  @textColumn({ nullable: true })
  endReason: string | null;
}
