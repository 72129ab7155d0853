import { Entity } from 'typeorm';
import { booleanColumn, instantColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** The source of a connection. */
@Entity({ name: 'migration_sources' })
export class MigrationSourceEntity {
  @textColumn({ primary: true })
  connection: string;

  @textColumn()
  kind: 'HTTP' | 'WEBHOOK' | 'SQL' | 'SCRIPT' | 'OKTA' | 'COGNITO';

  @booleanColumn()
  isEnabled: boolean;

  /** What may be shown of the settings. */
  @jsonColumn()
  settings: Record<string, unknown>;

  /** All settings with their secrets, sealed with the key ring; empty when the move is over. */
  @textColumn()
  sealed: string;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;

  /** When the move was declared to be over. */
  @instantColumn({ nullable: true })
  finishedAt: number | null;
}
