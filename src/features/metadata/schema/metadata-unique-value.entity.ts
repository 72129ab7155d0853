import { Entity } from 'typeorm';
import { textColumn } from '#src/storage/columns';

/** A value of a property that no two users may share; the primary key is what keeps writers apart. Hexadecimal SHA-256. */
@Entity({ name: 'metadata_unique_values' })
export class MetadataUniqueValueEntity {
  @textColumn({ primary: true })
  store: 'user' | 'app';

  @textColumn({ primary: true })
  path: string;

  @textColumn({ primary: true })
  valueHash: string;

  @textColumn()
  userId: string;
}
