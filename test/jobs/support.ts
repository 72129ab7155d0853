import { z } from 'zod';
import type { Call } from '#src/access/call';
import { principal } from '#src/access/principal';
import type { JobsConfig } from '#src/config/jobs';
import { jobsSection } from '#src/config/jobs';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import type { JobChunk } from '#src/jobs/job';
import { createJobs, type Jobs } from '#src/jobs/jobs';
import type { Clock } from '#src/shared/clock';
import { randomIds } from '#src/shared/ids';
import { silentLogger } from '#src/shared/logger';
import type { Storage } from '#src/storage/store';
import { requireOwnModules } from '#test/support/own-modules';

requireOwnModules();

export const instant = Date.UTC(2026, 0, 15, 12);

export class TestClock {
  time = instant;
  now = (): number => this.time;
  advance(seconds: number): void {
    this.time += seconds * 1_000;
  }
}

const config: JobsConfig = { ...jobsSection.parse({ enabled: true }) };
const policies = {
  current: () => ({ version: 1, rules: [], blacklist: [] }),
  refresh: () => Promise.resolve(),
};

/** One node on a database; several may share it, and a clock. */
export function givenNode(
  storage: Storage,
  clock: Clock,
  handlings: readonly JobHandling[],
  settings: Partial<JobsConfig> = {},
): Jobs {
  const jobs = createJobs({
    storage,
    clock,
    ids: randomIds,
    logger: silentLogger,
    policies,
    config: { ...config, ...settings },
  });
  jobs.register(handlings);
  return jobs;
}

export function callOf(storage: Storage, clock: TestClock, subject = 'tester'): Call {
  return {
    requestId: 'request',
    principal: principal({
      kind: 'machine',
      userId: null,
      subject,
      sessionId: null,
      organizationId: null,
      permissions: [],
      roles: [],
      acr: null,
      authenticatedAt: null,
    }),
    policy: policies.current(),
    store: storage.open(),
    clock,
    ids: randomIds,
    logger: silentLogger,
  };
}

export interface Counting {
  readonly to: number;
}

export interface Place {
  readonly next: number;
}

/** Counts to a number, one by one. */
export const counting = defineJob<Counting>({
  name: 'test_counting',
  description: 'Counts, for tests.',
  payload: z.strictObject({ to: z.int().max(1_000) }),
});

export const firm = defineJob<Counting>({
  name: 'test_firm_counting',
  description: 'Counts and cannot be stopped, for tests.',
  payload: z.strictObject({ to: z.int() }),
  isCancellable: false,
});

type Chunk = JobChunk<Counting, Place>;

/** Counts one further in each chunk; `each` runs inside the chunk's transaction, before it is saved. */
export function countingBy(
  each: (chunk: Chunk, number: number) => Promise<void> | void = () => undefined,
  failed?: (chunk: Chunk) => Promise<void>,
): JobHandling {
  return handleJob<Counting, Place>(counting, {
    async chunk(chunk) {
      const next = (chunk.checkpoint?.next ?? 0) + 1;
      await each(chunk, next);
      return {
        isDone: next >= chunk.payload.to,
        checkpoint: { next },
        counts: { processed: 1 },
        total: chunk.payload.to,
      };
    },
    ...(failed ? { failed } : {}),
  });
}
