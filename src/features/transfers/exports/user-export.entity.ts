import { Entity } from 'typeorm';
import { instantColumn, integerColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** What a job that exports users was asked, and how large its file is. */
@Entity({ name: 'user_exports' })
export class UserExportEntity {
  @textColumn({ primary: true })
  jobId: string;

  /** Null: of all connections. */
  @textColumn({ nullable: true })
  connection: string | null;

  @textColumn()
  format: string;

  @jsonColumn()
  fields: readonly object[];

  @jsonColumn()
  options: object;

  /** Rights of whoever asked, when they asked. */
  @jsonColumn()
  caller: object;

  @textColumn({ nullable: true })
  externalId: string | null;

  @integerColumn()
  rowCount: number;

  /** Of the packed file. */
  @integerColumn()
  bytes: number;

  @instantColumn()
  createdAt: number;

  /** Public key in PEM that the file is encrypted for; null: it holds no credentials. */
  @textColumn({ nullable: true })
  credentialsKey: string | null;

  @textColumn({ nullable: true })
  keyThumbprint: string | null;

  /** Until when somebody else may approve it. */
  @instantColumn({ nullable: true })
  approvableUntil: number | null;

  @textColumn({ nullable: true })
  approvedBy: string | null;

  @instantColumn({ nullable: true })
  approvedAt: number | null;

  /** From then on the file cannot be fetched any more. */
  @instantColumn()
  expiresAt: number;
}
