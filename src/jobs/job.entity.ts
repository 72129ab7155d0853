import { Entity } from 'typeorm';
import { idColumn, instantColumn, integerColumn, jsonColumn, textColumn } from '#src/storage/columns';
import type { JobCounts, JobStatus } from './job';

/** One piece of work in the background, from being asked for until some time after its end. */
@Entity({ name: 'jobs' })
export class JobEntity {
  @idColumn()
  id: string;

  /** Name of the definition. */
  @textColumn()
  type: string;

  @textColumn()
  status: JobStatus;

  /** Gone when the job ends well. */
  @jsonColumn({ nullable: true })
  payload: object | null;

  /** What the last committed chunk saved for the next one. */
  @jsonColumn({ nullable: true })
  checkpoint: object | null;

  @jsonColumn()
  counts: JobCounts;

  @integerColumn({ nullable: true })
  total: number | null;

  /** Tries since the last progress. */
  @integerColumn()
  attempts: number;

  /** From when on a worker may take it, by the clock of the node that said so. */
  @instantColumn()
  availableAt: number;

  /** Until when a worker has it, by the clock of the database; null: nobody has taken it. Written and compared there alone. */
  @instantColumn({ nullable: true })
  leaseUntil: number | null;

  /** The claim that works on it: each claim has a new one. */
  @textColumn({ nullable: true })
  leaseOwner: string | null;

  @textColumn({ nullable: true })
  uniqueKey: string | null;

  @textColumn({ nullable: true })
  faultCode: string | null;

  @textColumn({ nullable: true })
  faultMessage: string | null;

  @textColumn()
  createdBy: string;

  @textColumn()
  createdByKind: 'anonymous' | 'user' | 'machine';

  @textColumn({ nullable: true })
  organizationId: string | null;

  @textColumn()
  requestId: string;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  updatedAt: number;

  @instantColumn({ nullable: true })
  startedAt: number | null;

  @instantColumn({ nullable: true })
  finishedAt: number | null;
}
