import { Entity } from 'typeorm';
import { idColumn, instantColumn, secretColumn, textColumn, type SecretText } from '#src/storage/columns';

/** Somebody's session at a SAML provider, which sessions here came from: either side can end the other's. */
@Entity({ name: 'provider_sessions' })
export class ProviderSessionEntity {
  @idColumn()
  id: string;

  @textColumn()
  connectionId: string;

  @textColumn()
  userId: string;

  /** SHA-256 of the name under which the provider knows the person, with its qualifiers. */
  @secretColumn()
  subjectHash: SecretText;

  /** SHA-256 of the provider's own id of the session; null: it gave none. */
  @textColumn({ nullable: true })
  indexHash: string | null;

  /** The name and that id, sealed for this row: a request to sign out names them. */
  @textColumn()
  sealedSubject: string;

  @instantColumn()
  createdAt: number;

  /** When no session that came from it can live any more. */
  @instantColumn()
  expiresAt: number;
}
