import { Entity } from 'typeorm';
import { integerColumn, textColumn } from '#src/storage/columns';

/** How often a source was asked with which outcome, by the hour. */
@Entity({ name: 'migration_attempts' })
export class MigrationAttemptEntity {
  @textColumn({ primary: true })
  connection: string;

  @textColumn({ primary: true })
  outcome: string;

  /** Hours since 1970-01-01T00:00:00Z. */
  @integerColumn({ primary: true })
  hour: number;

  @integerColumn()
  count: number;
}
