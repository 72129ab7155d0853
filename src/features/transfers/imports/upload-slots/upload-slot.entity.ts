import { Entity } from 'typeorm';
import { idColumn, instantColumn, integerColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** An address to which one file of an import may be sent, and in whose name. */
@Entity({ name: 'upload_slots' })
export class UploadSlotEntity {
  @idColumn()
  id: string;

  @textColumn()
  createdBy: string;

  @textColumn()
  createdByKind: 'anonymous' | 'user' | 'machine';

  /** Rights of whoever asked, when they asked. */
  @jsonColumn()
  caller: object;

  /** What was asked, sealed: it may hold the signer key of a Firebase project. */
  @textColumn()
  request: string;

  @integerColumn()
  maxBytes: number;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  expiresAt: number;

  /** When its file began to arrive. */
  @instantColumn({ nullable: true })
  usedAt: number | null;
}
