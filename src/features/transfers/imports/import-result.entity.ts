import { Entity } from 'typeorm';
import { integerColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** A row of an import that there is something to say of: it failed, or came in with warnings. */
@Entity({ name: 'import_results' })
export class ImportResultEntity {
  @textColumn({ primary: true })
  jobId: string;

  @integerColumn()
  rowIndex: number;

  @integerColumn({ nullable: true })
  line: number | null;

  @textColumn()
  outcome: 'inserted' | 'updated' | 'skipped' | 'failed';

  @textColumn({ nullable: true })
  userId: string | null;

  /** Codes between bars, for filters: `|CONFLICT_EMAIL|`. */
  @textColumn()
  codes: string;

  @jsonColumn()
  errors: readonly { readonly code: string; readonly message: string; readonly path?: string }[];

  @jsonColumn()
  warnings: readonly { readonly code: string; readonly message: string; readonly path?: string }[];

  /** The row without its secrets. */
  @jsonColumn({ nullable: true })
  echo: object | null;

  /** The whole row, sealed, while it can be tried again. */
  @textColumn({ nullable: true })
  content: string | null;
}
