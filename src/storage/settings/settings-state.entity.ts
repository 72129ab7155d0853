import { Entity } from 'typeorm';
import { integerColumn, textColumn } from '#src/storage/columns';

/** One row: a text that is another one after every change of a table of settings. Triggers see to it (migration 0048). */
@Entity({ name: 'settings_state' })
export class SettingsStateEntity {
  @integerColumn({ primary: true })
  id: number;

  @textColumn()
  version: string;
}
