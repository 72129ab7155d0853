import { Entity } from 'typeorm';
import { integerColumn, textColumn } from '#src/storage/columns';

/** An identifier that stands in several rows of one file. */
@Entity({ name: 'import_repeated_keys' })
export class ImportRepeatedKeyEntity {
  @textColumn({ primary: true })
  jobId: string;

  @textColumn({ primary: true })
  keyHash: string;

  /** Index of the row that came in with it. */
  @integerColumn({ nullable: true })
  takenBy: number | null;
}
