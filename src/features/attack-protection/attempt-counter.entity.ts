import { Entity } from 'typeorm';
import { idColumn, instantColumn, integerColumn, textColumn } from '#src/storage/columns';

/** A count of attempts. Its key is a hash of what is counted together, so that what was typed is not stored. */
@Entity({ name: 'attempt_counters' })
export class AttemptCounterEntity {
  @idColumn()
  key: string;

  @textColumn()
  kind: string;

  /** Hash of connection and identifier, to find what is counted of one account; null: it is about no account. */
  @textColumn({ nullable: true })
  subject: string | null;

  /** IPv4 address or IPv6 /64; null: it is about no network. */
  @textColumn({ nullable: true })
  network: string | null;

  @integerColumn()
  failures: number;

  /** When the count began; of a bucket: when it will have drained. */
  @instantColumn()
  since: number;

  @instantColumn()
  lastAt: number;

  @instantColumn({ nullable: true })
  blockedUntil: number | null;
}
