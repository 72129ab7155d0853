import { Entity } from 'typeorm';
import { idColumn, instantColumn, secretColumn, textColumn, type SecretText } from '#src/storage/columns';

/** One secret of a family. A rotated one may still be tried again for a moment. */
@Entity({ name: 'refresh_tokens' })
export class RefreshTokenEntity {
  @idColumn()
  id: string;

  /** SHA-256 of the token, in hexadecimal digits. */
  @secretColumn()
  tokenHash: SecretText;

  @textColumn()
  familyId: string;

  /** The token that was exchanged for this one; null for the first. */
  @textColumn({ nullable: true })
  parentId: string | null;

  @instantColumn()
  createdAt: number;

  @instantColumn({ nullable: true })
  rotatedAt: number | null;
}
