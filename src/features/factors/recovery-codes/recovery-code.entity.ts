import { Entity } from 'typeorm';
import { instantColumn, integerColumn, textColumn } from '#src/storage/columns';

/** One recovery code of a set. No object type shows this table. */
@Entity({ name: 'recovery_codes' })
export class RecoveryCodeEntity {
  @textColumn({ primary: true })
  methodId: string;

  @integerColumn({ primary: true })
  position: number;

  /** Argon2id; the codes of one set share their salt, so that a guess costs one hash. */
  @textColumn()
  codeHash: string;

  @instantColumn({ nullable: true })
  usedAt: number | null;
}
