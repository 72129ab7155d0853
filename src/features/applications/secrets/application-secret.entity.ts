import { Entity } from 'typeorm';
import { idColumn, instantColumn, secretColumn, textColumn, type SecretText } from '#src/storage/columns';

/** What a confidential application proves itself with. Two may be in force, so that one can be replaced without a gap. */
@Entity({ name: 'application_secrets' })
export class ApplicationSecretEntity {
  @idColumn()
  id: string;

  @textColumn()
  applicationId: string;

  /** SHA-256 in hexadecimal: the secret has 256 random bits, so a slow hash would protect nothing more. */
  @secretColumn()
  secretHash: SecretText;

  /** Its last four characters, by which people tell secrets apart. */
  @textColumn()
  hint: string;

  @instantColumn()
  createdAt: number;
}
