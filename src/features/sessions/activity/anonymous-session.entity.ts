import { Entity } from 'typeorm';
import {
  idColumn,
  instantColumn,
  jsonColumn,
  secretColumn,
  textColumn,
  type SecretText,
} from '#src/storage/columns';

/** A visitor of an application who has not signed in. */
@Entity({ name: 'anonymous_sessions' })
export class AnonymousSessionEntity {
  @idColumn()
  id: string;

  /** SHA-256 of the token, in hexadecimal digits. */
  @secretColumn()
  tokenHash: SecretText;

  @textColumn()
  clientId: string;

  /** SECURITY: said by the visitor; nothing rests on it. */
  @jsonColumn()
  metadata: Record<string, string>;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  lastInteractedAt: number;

  @instantColumn()
  idleExpiresAt: number;

  @instantColumn()
  expiresAt: number;

  /** When the visitor signed in; null: not yet. */
  @instantColumn({ nullable: true })
  endedAt: number | null;
}
