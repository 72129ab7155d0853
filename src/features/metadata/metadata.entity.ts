import { Entity } from 'typeorm';
import { instantColumn, integerColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** Both metadata stores of a user. */
@Entity({ name: 'user_metadata' })
export class MetadataEntity {
  @textColumn({ primary: true })
  userId: string;

  @jsonColumn()
  userJson: Record<string, unknown>;

  @jsonColumn()
  appJson: Record<string, unknown>;

  /** UTF-8 length of both stores as JSON. */
  @integerColumn()
  bytes: number;

  @integerColumn()
  version: number;

  @instantColumn()
  updatedAt: number;
}
