import { Entity } from 'typeorm';
import { idColumn, instantColumn } from '#src/storage/columns';

/** A message of a SAML provider that was taken: it is taken once. */
@Entity({ name: 'used_saml_messages' })
export class UsedSamlMessageEntity {
  @idColumn()
  connectionId: string;

  /** SHA-256 of the message's id. */
  @idColumn()
  messageHash: string;

  /** When it could no longer be sent again anyway. */
  @instantColumn()
  expiresAt: number;
}
