import { Entity } from 'typeorm';
import { integerColumn, textColumn } from '#src/storage/columns';

/** The seed of an authenticator app. No object type shows this table. */
@Entity({ name: 'totp_secrets' })
export class TotpSecretEntity {
  @textColumn({ primary: true })
  methodId: string;

  /** In base 32, sealed with the key ring and bound to the method. */
  @textColumn()
  sealedSeed: string;

  /** The time step of the last code that was accepted. */
  @integerColumn({ nullable: true })
  lastStep: number | null;
}
