import { Entity } from 'typeorm';
import { type SecretText, idColumn, instantColumn, secretColumn, textColumn } from '#src/storage/columns';

/** Somebody from a provider who may belong to a user here, until that is proved or declined. No object type shows the table. */
@Entity({ name: 'pending_links' })
export class PendingLinkEntity {
  @idColumn()
  id: string;

  /** SHA-256 of the token by which it is answered. */
  @secretColumn()
  tokenHash: SecretText;

  /** What has to be done before: FACTOR, PROVE or RECLAIM. */
  @textColumn()
  kind: string;

  /** The user who was here before. */
  @textColumn()
  userId: string;

  @textColumn()
  connectionId: string;

  /** What the provider said, without what is blacklisted, and the sign-in that it was for: sealed for this row. */
  @textColumn()
  sealedArrival: string;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  expiresAt: number;

  @instantColumn({ nullable: true })
  usedAt: number | null;
}
