import { Entity } from 'typeorm';
import { idColumn, instantColumn, textColumn } from '#src/storage/columns';

/** What the hashes of one foreign project share and no row repeats. No object type shows this table. */
@Entity({ name: 'hash_settings' })
export class HashSettingsEntity {
  /** Made of the settings, so that the same ones are stored once. */
  @idColumn()
  id: string;

  /** The settings as JSON, sealed with the key ring. */
  @textColumn()
  sealed: string;

  @instantColumn()
  createdAt: number;
}
