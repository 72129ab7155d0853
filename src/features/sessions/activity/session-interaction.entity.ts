import { Entity } from 'typeorm';
import { idColumn, instantColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** Something that happened inside a session: of a user, or of a visitor. */
@Entity({ name: 'session_interactions' })
export class SessionInteractionEntity {
  @idColumn()
  id: string;

  @textColumn({ nullable: true })
  sessionId: string | null;

  @textColumn({ nullable: true })
  anonymousSessionId: string | null;

  /** PAGE_VIEW, EVENT, SOCIAL or TRANSACTION. */
  @textColumn()
  type: string;

  @textColumn()
  name: string;

  @instantColumn()
  occurredAt: number;

  @instantColumn()
  createdAt: number;

  @jsonColumn({ nullable: true })
  data: unknown;
}
