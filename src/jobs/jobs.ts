import type { JobHandling } from './define-job';
import * as jobs from './job.repository';
import type { JobRow } from './job.repository';
import { runJob, type JobPlatform, type RunOutcome } from './run-job';

/** The worker of one node. */
export interface Jobs {
  /** Says how kinds of jobs are done; each kind once, before `start`. */
  register(handlings: readonly JobHandling[]): void;
  /** Begins to look for jobs again and again, if the configuration says so. */
  start(): void;
  /** Stops looking; chunks under way are finished, jobs with work left are given back. */
  stop(): Promise<void>;
  /**
   * Works on this one job now, for at most `inlineMs` (then a worker goes on), unless somebody else has it already.
   * Call it after the transaction that asked for the job. Answers the job as it is then.
   */
  runNow(id: string): Promise<JobRow | null>;
  /** Works on all jobs that are due, one after the other, until none is left; answers how many runs that took. Needs no `start`. */
  runUntilIdle(): Promise<number>;
  /** Deletes jobs that ended before the retention; answers how many. */
  deleteOld(): Promise<number>;
}

const hour = 3_600_000;
const day = 24 * hour;
const oldPerBatch = 500;

export function createJobs(platform: JobPlatform): Jobs {
  return new Worker(platform);
}

class Worker implements Jobs {
  private readonly handlings = new Map<string, JobHandling>();
  private readonly running = new Set<Promise<unknown>>();
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private isStopping = false;
  private lastCleaning = 0;

  constructor(private readonly platform: JobPlatform) {}

  register(handlings: readonly JobHandling[]): void {
    for (const handling of handlings) {
      const { name } = handling.definition;
      if (this.handlings.has(name)) throw new TypeError(`Two handlers do jobs of the kind "${name}".`);
      this.handlings.set(name, handling);
    }
  }

  start(): void {
    if (!this.platform.config.enabled || this.isStopping || this.timer) return;
    this.lookAgain(0);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.timer) clearTimeout(this.timer);
    await this.looking;
    await Promise.all(this.running);
  }

  async runNow(id: string): Promise<JobRow | null> {
    const end = performance.now() + this.platform.config.inlineMs;
    const claimed = await this.claim(id);
    if (claimed) await this.tracked(this.run(claimed, () => this.isStopping || performance.now() >= end));
    return jobs.findJob(this.platform.storage.open(), id);
  }

  async runUntilIdle(): Promise<number> {
    let runs = 0;
    for (let claimed = await this.claim(); claimed !== null; claimed = await this.claim()) {
      await this.run(claimed, () => this.isStopping);
      runs += 1;
    }
    return runs;
  }

  async deleteOld(): Promise<number> {
    const before = this.platform.clock.now() - this.platform.config.retentionDays * day;
    let deleted = 0;
    for (;;) {
      const count = await this.platform.storage
        .open()
        .transaction((store) => jobs.deleteFinishedBefore(store, before, oldPerBatch));
      deleted += count;
      if (count < oldPerBatch) return deleted;
    }
  }

  private lookAgain(afterMs: number): void {
    if (this.isStopping) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.looking ??= this.look().finally(() => {
        this.looking = null;
        this.lookAgain(this.platform.config.pollMs);
      });
    }, afterMs);
    this.timer.unref();
  }

  /** A failure of the database is logged; the next look tries again. */
  private async look(): Promise<void> {
    try {
      while (!this.isStopping && this.running.size < this.platform.config.concurrency) {
        const claimed = await this.claim();
        if (!claimed) break;
        void this.tracked(this.run(claimed, () => this.isStopping)).then(() => this.lookAgain(0));
      }
      const now = this.platform.clock.now();
      if (now - this.lastCleaning < hour) return;
      this.lastCleaning = now;
      await this.deleteOld();
    } catch (error) {
      this.platform.logger.warn({ err: error }, 'the worker could not look for jobs');
    }
  }

  private tracked<Result>(work: Promise<Result>): Promise<Result> {
    const entry: Promise<Result> = work.finally(() => this.running.delete(entry));
    this.running.add(entry);
    return entry;
  }

  private async claim(id?: string): Promise<JobRow | null> {
    if (this.isStopping) return null;
    const { storage, clock, ids, config } = this.platform;
    const store = storage.open();
    const now = clock.now();
    const wanted = { types: [...this.handlings.keys()], now, ...(id === undefined ? {} : { id }) };
    // Looking takes no write lock: an idle worker disturbs nobody.
    if (!(await jobs.hasClaimable(store, wanted))) return null;
    const lease = { leaseOwner: ids.secret(12), leaseMs: config.leaseSeconds * 1_000 };
    return store.transaction((inside) => jobs.claimJob(inside, { ...wanted, ...lease }));
  }

  private async run(row: JobRow, shouldStop: () => boolean): Promise<RunOutcome> {
    const handling = this.handlings.get(row.type);
    if (!handling) throw new TypeError(`Nobody does jobs of the kind "${row.type}".`);
    try {
      return await runJob(this.platform, handling, row, shouldStop);
    } catch (error) {
      // The database is away: the lease runs out and the job is taken over.
      this.platform.logger.error({ err: error, jobId: row.id }, 'a job could not be given back');
      return 'lost';
    }
  }
}
