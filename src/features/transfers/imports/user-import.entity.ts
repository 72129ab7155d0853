import { Entity } from 'typeorm';
import { booleanColumn, instantColumn, integerColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** What a job that imports users was asked, and what was received. */
@Entity({ name: 'user_imports' })
export class UserImportEntity {
  @textColumn({ primary: true })
  jobId: string;

  @textColumn()
  connection: string;

  @textColumn()
  format: string;

  @jsonColumn()
  options: object;

  /** Rights of whoever asked, when they asked. */
  @jsonColumn()
  caller: object;

  @textColumn({ nullable: true })
  externalId: string | null;

  @textColumn({ nullable: true })
  idempotencyKey: string | null;

  /** SHA-256 of what was sent together with the options. */
  @textColumn({ nullable: true })
  contentHash: string | null;

  @integerColumn()
  rowCount: number;

  /** Whether everything was received. */
  @booleanColumn()
  isComplete: boolean;

  /** Why what follows the received rows could not be read. */
  @jsonColumn({ nullable: true })
  fault: object | null;

  /** Of a dry run: where the fields of its source go. */
  @jsonColumn({ nullable: true })
  fieldMap: object | null;

  /** The job whose failed rows these are. */
  @textColumn({ nullable: true })
  sourceJobId: string | null;

  @instantColumn()
  createdAt: number;
}
