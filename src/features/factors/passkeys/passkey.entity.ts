import { Entity } from 'typeorm';
import { booleanColumn, integerColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** In the words of WebAuthn libraries; `multiDevice` when it may be backed up. */
export type DeviceType = 'singleDevice' | 'multiDevice';

/** A WebAuthn credential. Its public part is all that there is. */
@Entity({ name: 'passkeys' })
export class PasskeyEntity {
  @textColumn({ primary: true })
  methodId: string;

  /** In base64url. */
  @textColumn()
  credentialId: string;

  /** COSE key in base64url. */
  @textColumn()
  publicKey: string;

  /** How often the authenticator says it was used; 0 where it does not count. */
  @integerColumn()
  counter: number;

  @jsonColumn()
  transports: readonly string[];

  @textColumn()
  deviceType: DeviceType;

  @booleanColumn()
  isBackedUp: boolean;

  /** Model of the authenticator. */
  @textColumn()
  aaguid: string;

  @textColumn({ nullable: true })
  userAgent: string | null;
}
