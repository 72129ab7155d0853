import type { Call } from '#src/access/call';
import type { Store } from '#src/storage/store';

export type JobStatus = 'PENDING' | 'PROCESSING' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'EXPIRED';

/** Named sums of a job, such as `processed` and `changed`; a name that is missing stands for zero. */
export type JobCounts = Readonly<Record<string, number>>;

/** What a handler gets to work with. */
export interface JobStep<Payload, Checkpoint> {
  readonly jobId: string;
  readonly payload: Payload;
  /** What the last committed chunk saved; null before the first one. */
  readonly checkpoint: Checkpoint | null;
  readonly counts: JobCounts;
  /** Tries since the last progress, this one included. */
  readonly attempt: number;
  /**
   * In the name of whoever asked for the job, for the audit trail. SECURITY: it holds no permission: what the caller may do was
   * checked when the job was asked for, and a job must not keep rights alive that were taken away since.
   */
  readonly call: Call;
}

/** The same inside the transaction of one chunk. */
export interface JobChunk<Payload, Checkpoint> extends JobStep<Payload, Checkpoint> {
  /** Of the chunk's transaction: everything written through it is committed together with the checkpoint, or not at all. */
  readonly store: Store;
  /** How many rows to handle now: grows and shrinks so that the transaction stays short. */
  readonly size: number;
  /** Whether the transaction has taken as long as it should: rows that cost more than others are left to the next chunk. */
  readonly isTimeUp: () => boolean;
}

export interface ChunkResult<Checkpoint> {
  /** Whether the job is complete with this chunk. */
  readonly isDone: boolean;
  /** Where the next chunk goes on. */
  readonly checkpoint: Checkpoint;
  /** Added to the counts of the job. */
  readonly counts?: JobCounts;
  /** How many rows there are in all, once that is known. */
  readonly total?: number;
}

/**
 * How a job is done: chunk by chunk, each in one short transaction that also saves how far it came. A chunk may run again when
 * its transaction was not committed, so it has no effect outside of the database.
 */
export interface JobHandler<Payload, Checkpoint extends object, Prepared = void> {
  /**
   * What must happen outside of the transaction, before each chunk: reading a file, sending a message. It may happen twice when
   * the process dies before the chunk is committed.
   */
  prepare?(step: JobStep<Payload, Checkpoint>): Promise<Prepared>;
  /**
   * Whether the next chunk may be prepared while this one is committed: only where `prepare` has no effect and reads nothing that a
   * chunk writes. Absent: no.
   */
  isPreparedAhead?(prepared: Prepared): boolean;
  chunk(
    chunk: JobChunk<Payload, Checkpoint>,
    prepared: Prepared,
  ): Promise<ChunkResult<Checkpoint>> | ChunkResult<Checkpoint>;
  /** In the transaction that gives the job up for good. */
  failed?(chunk: JobChunk<Payload, Checkpoint>, fault: JobFault): Promise<void>;
}

/** Why a job failed, as its maker reads it. */
export interface JobFault {
  readonly code: string;
  readonly message: string;
}
