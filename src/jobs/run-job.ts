import { principal } from '#src/access/principal';
import type { Call } from '#src/access/call';
import type { Platform } from '#src/access/platform';
import type { JobsConfig } from '#src/config/jobs';
import type { Store } from '#src/storage/store';
import { ChunkSize } from './chunk-size';
import type { JobHandling } from './define-job';
import type { ChunkResult, JobCounts, JobStep } from './job';
import { faultOf, isPermanent, jobFaults } from './job-fault';
import * as jobs from './job.repository';
import type { Held, JobRow } from './job.repository';

export type JobPlatform = Pick<Platform, 'storage' | 'clock' | 'ids' | 'logger' | 'policies'> & {
  readonly config: JobsConfig;
};

/** How a run of a job ended: it is over, it was given back with work left or to be tried again, or somebody else has it now. */
export type RunOutcome = 'over' | 'released' | 'lost';

/** The claim is not in force any more: the job was cancelled, or another worker took it over. */
class ClaimLost extends Error {}

/** Works on a claimed job until it is over, fails, or `shouldStop` says to give it back between two chunks. */
export async function runJob(
  platform: JobPlatform,
  handling: JobHandling,
  row: JobRow,
  shouldStop: () => boolean,
): Promise<RunOutcome> {
  const run = new JobRun(platform, handling, row);
  const heartbeat = setInterval(() => void run.renew(), (platform.config.leaseSeconds * 1_000) / 3);
  heartbeat.unref();
  try {
    while (!shouldStop()) if (await run.chunk()) return 'over';
    await run.release();
    return 'released';
  } catch (error) {
    if (error instanceof ClaimLost) return 'lost';
    return await run.gaveUp(error);
  } finally {
    clearInterval(heartbeat);
  }
}

class JobRun {
  private readonly held: Held;
  private readonly store: Store;
  private readonly size: ChunkSize;
  private progress: jobs.Progress;
  private attempt: number;
  private payload: object | null = null;
  /** What was made ready for the next chunk while the last one was committed. */
  private ahead: Promise<unknown> | null = null;

  constructor(
    private readonly platform: JobPlatform,
    private readonly handling: JobHandling,
    private readonly row: JobRow,
  ) {
    this.held = { id: row.id, leaseOwner: row.leaseOwner ?? '' };
    this.store = platform.storage.open();
    this.size = new ChunkSize(platform.config.chunkMs);
    this.progress = { checkpoint: row.checkpoint, counts: row.counts, total: row.total };
    this.attempt = row.attempts;
  }

  /** Does and commits one chunk; answers whether the job is complete. */
  async chunk(): Promise<boolean> {
    const step = this.step();
    const { handler } = this.handling;
    const waiting = this.ahead ?? handler.prepare?.(step);
    this.ahead = null;
    const prepared = await waiting;
    let begun = 0;
    let ahead: Promise<unknown> | null = null;
    const result = await this.store.transaction(async (store) => {
      begun = performance.now();
      await this.requireClaim(store);
      const isTimeUp = (): boolean => performance.now() - begun >= this.platform.config.chunkMs;
      const done = await handler.chunk({ ...step, store, size: this.size.current, isTimeUp }, prepared);
      ahead = this.prepareAhead(done, prepared);
      const save = done.isDone ? jobs.completeJob : jobs.saveProgress;
      await save(store, this.held, this.after(done), this.platform.clock.now());
      return done;
    });
    this.size.adapt(performance.now() - begun);
    this.progress = this.after(result);
    this.attempt = 1;
    this.ahead = ahead;
    return result.isDone;
  }

  /** Thrown away when the chunk before it is not committed. */
  private prepareAhead(done: ChunkResult<object>, prepared: unknown): Promise<unknown> | null {
    const { handler } = this.handling;
    if (done.isDone || !handler.prepare || handler.isPreparedAhead?.(prepared) !== true) return null;
    const { checkpoint, counts } = this.after(done);
    const ahead = handler.prepare({ ...this.step(), checkpoint, counts, attempt: 1 });
    // What is wrong with it is told when it is its turn.
    ahead.catch(() => undefined);
    return ahead;
  }

  /** Keeps others from taking the job over while a chunk is under way. A failure shows itself in the chunk. */
  async renew(): Promise<void> {
    try {
      await this.store.transaction((store) => jobs.renewLease(store, this.held, this.leaseMs));
    } catch (error) {
      this.platform.logger.warn({ err: error, jobId: this.row.id }, 'the lease of a job was not renewed');
    }
  }

  async release(): Promise<void> {
    await this.giveBack({ attempts: this.attempt - 1, delayMs: 0 });
  }

  /** After a failure: the job waits for its next try, or has failed for good. */
  async gaveUp(error: unknown): Promise<RunOutcome> {
    const { config, logger } = this.platform;
    const most = this.handling.definition.maxAttempts ?? config.maxAttempts;
    const facts = { err: error, jobId: this.row.id, type: this.row.type, attempt: this.attempt };
    if (isPermanent(error) || this.attempt >= most) {
      // What the job's maker has to mend is told to its maker; a stack would tell the operator nothing.
      if (isPermanent(error)) logger.warn({ ...facts, err: undefined, ...faultOf(error) }, 'a job failed');
      else logger.error(facts, 'a job failed');
      await this.fail(error);
      return 'over';
    }
    logger.warn(facts, 'a job is tried again');
    const wait = Math.min(config.retrySeconds * 2 ** (this.attempt - 1), config.maxRetrySeconds);
    await this.giveBack({ attempts: this.attempt, delayMs: wait * 1_000, error });
    return 'released';
  }

  private async fail(error: unknown): Promise<void> {
    const fault = faultOf(error);
    await this.store.transaction(async (store) => {
      if (!(await jobs.renewLease(store, this.held, this.leaseMs))) return;
      if (this.payload !== null) {
        const last = { ...this.step(), store, size: this.size.current, isTimeUp: () => true };
        await this.handling.handler.failed?.(last, fault);
      }
      const now = this.platform.clock.now();
      await jobs.failJob(store, this.held, { faultCode: fault.code, faultMessage: fault.message }, now);
    });
  }

  private async giveBack(options: { attempts: number; delayMs: number; error?: unknown }): Promise<void> {
    const now = this.platform.clock.now();
    const fault = options.error === undefined ? null : faultOf(options.error);
    const set = {
      attempts: options.attempts,
      availableAt: now + options.delayMs,
      faultCode: fault?.code ?? null,
      faultMessage: fault?.message ?? null,
    };
    await this.store.transaction((store) => jobs.releaseJob(store, this.held, set, now));
  }

  /** The lock on the job's row lasts to the end of the transaction, so nobody can take the job over in between. */
  private async requireClaim(store: Store): Promise<void> {
    if (!(await jobs.renewLease(store, this.held, this.leaseMs))) throw new ClaimLost();
  }

  private get leaseMs(): number {
    return this.platform.config.leaseSeconds * 1_000;
  }

  private step(): JobStep<object, object> {
    return {
      jobId: this.row.id,
      payload: (this.payload ??= this.checkedPayload()),
      checkpoint: this.progress.checkpoint,
      counts: this.progress.counts,
      attempt: this.attempt,
      call: this.call(),
    };
  }

  private checkedPayload(): object {
    const parsed = this.handling.definition.payload.safeParse(this.row.payload);
    if (parsed.success) return parsed.data;
    throw jobFaults.JOB_PAYLOAD_INVALID({ cause: parsed.error });
  }

  private call(): Call {
    const { clock, ids, logger, policies } = this.platform;
    const { createdBy, createdByKind, organizationId, requestId, id } = this.row;
    const caller = principal({
      kind: createdByKind,
      userId: createdByKind === 'user' ? createdBy : null,
      subject: createdBy,
      sessionId: null,
      organizationId,
      permissions: [],
      roles: [],
      acr: null,
      authenticatedAt: null,
    });
    return {
      requestId,
      principal: caller,
      policy: policies.current(),
      store: this.store,
      clock,
      ids,
      logger: logger.child({ jobId: id }),
    };
  }

  private after({ checkpoint, counts, total }: ChunkResult<object>): jobs.Progress {
    return {
      checkpoint,
      counts: added(this.progress.counts, counts ?? {}),
      total: total ?? this.progress.total,
    };
  }
}

function added(sums: JobCounts, more: JobCounts): JobCounts {
  const names = new Set([...Object.keys(sums), ...Object.keys(more)]);
  return Object.fromEntries([...names].map((name) => [name, (sums[name] ?? 0) + (more[name] ?? 0)]));
}
