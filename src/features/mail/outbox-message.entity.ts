import { Entity } from 'typeorm';
import { idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** A message that waits for its delivery, or the record of one that is over. */
@Entity({ name: 'outbox_messages' })
export class OutboxMessageEntity {
  @idColumn()
  id: string;

  @textColumn()
  recipient: string;

  @textColumn()
  template: string;

  /** Subject and texts, sealed; gone as soon as the message is over. */
  @textColumn({ nullable: true })
  content: string | null;

  @textColumn()
  status: 'PENDING' | 'SENT' | 'FAILED' | 'EXPIRED';

  @textColumn({ nullable: true })
  faultCode: string | null;

  @textColumn()
  requestId: string;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  expiresAt: number;

  @instantColumn({ nullable: true })
  finishedAt: number | null;
}
