import { Entity } from 'typeorm';
import { integerColumn, textColumn } from '#src/storage/columns';

/** A piece of an exported file: a gzip member, in base64. One after the other they are the file. */
@Entity({ name: 'export_parts' })
export class ExportPartEntity {
  @textColumn({ primary: true })
  jobId: string;

  @integerColumn()
  number: number;

  @textColumn()
  content: string;
}
