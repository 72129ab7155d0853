import { Entity } from 'typeorm';
import {
  idColumn,
  instantColumn,
  integerColumn,
  secretColumn,
  textColumn,
  type SecretText,
} from '#src/storage/columns';

/** A browser that is not asked for a second factor for a while. */
@Entity({ name: 'remembered_devices' })
export class RememberedDeviceEntity {
  @idColumn()
  id: string;

  @textColumn()
  userId: string;

  /** SHA-256 of the cookie's secret, in hexadecimal digits. */
  @secretColumn()
  secretHash: SecretText;

  /** The user's epoch when it was remembered: a security event ends it. */
  @integerColumn()
  credentialEpoch: number;

  @textColumn({ nullable: true })
  userAgent: string | null;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  expiresAt: number;
}
