import { Entity } from 'typeorm';
import { instantColumn, integerColumn, textColumn } from '#src/storage/columns';

/** A proof that is under way. No object type shows this table. */
@Entity({ name: 'factor_challenges' })
export class FactorChallengeEntity {
  /** SHA-256 of the secret that names it, in hexadecimal digits. */
  @textColumn({ primary: true })
  secretHash: string;

  /** What it may be used for, and nothing else. */
  @textColumn()
  purpose: string;

  @textColumn()
  type: string;

  @textColumn({ nullable: true })
  userId: string | null;

  @textColumn({ nullable: true })
  methodId: string | null;

  /** The session or sign-in that began it; only that one goes on with it. */
  @textColumn({ nullable: true })
  binding: string | null;

  /** What the answer is compared with, sealed. */
  @textColumn({ nullable: true })
  state: string | null;

  @integerColumn()
  attempts: number;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  expiresAt: number;
}
