import { Entity } from 'typeorm';
import { instantColumn, integerColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** What one metadata store may hold. */
@Entity({ name: 'metadata_schemas' })
export class MetadataSchemaEntity {
  @textColumn({ primary: true })
  store: 'user' | 'app';

  @jsonColumn()
  schema: Record<string, unknown>;

  @textColumn()
  undeclaredKeys: 'ALLOW' | 'REFUSE';

  @integerColumn()
  version: number;

  /** Paths that are declared unique and are not, or not yet. */
  @jsonColumn()
  uniqueness: Record<string, { jobId: string; isRepeated: boolean }>;

  @textColumn()
  updatedBy: string;

  @instantColumn()
  updatedAt: number;
}
