import { Entity } from 'typeorm';
import { integerColumn, textColumn } from '#src/storage/columns';

/** Rows of an import that wait to be handled, sealed: they hold password hashes. */
@Entity({ name: 'import_parts' })
export class ImportPartEntity {
  @textColumn({ primary: true })
  jobId: string;

  @integerColumn()
  number: number;

  @integerColumn()
  rowCount: number;

  @textColumn()
  content: string;
}
