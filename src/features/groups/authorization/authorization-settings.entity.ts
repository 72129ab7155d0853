import { Entity } from 'typeorm';
import { instantColumn, integerColumn, jsonColumn } from '#src/storage/columns';

/** What sign-ins and tokens say of groups, roles and permissions; one row, numbered 1. */
@Entity({ name: 'authorization_settings' })
export class AuthorizationSettingsEntity {
  @integerColumn({ primary: true })
  id: number;

  @jsonColumn()
  switches: Readonly<Record<string, boolean>>;

  @integerColumn()
  version: number;

  @instantColumn()
  updatedAt: number;
}
