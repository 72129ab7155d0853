import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ServedRequest } from './request-log';
import type { Route } from './routes';

/** Connections of a database pool. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
}

export interface JobNumbers {
  /** Rows of imports in this process, by outcome. */
  readonly rows: ReadonlyMap<string, number>;
  /** Rows that failed, by code. */
  readonly failures: ReadonlyMap<string, number>;
  /** Milliseconds that the job waits that should have been begun first. */
  readonly longestWait: () => Promise<number>;
  /** Passwords that are still hashes of another system. */
  readonly legacyHashes: () => Promise<readonly LegacyHashNumber[]>;
}

export interface LegacyHashNumber {
  readonly connection: string;
  readonly kind: string;
  readonly users: number;
}

/**
 * Numbers for operators. Labels come from closed sets, or are connections, and nothing tells who the users are, nor how many beside those
 * whose hash waits to be replaced.
 */
export interface Metrics {
  readonly route: Route;
  served(request: ServedRequest): void;
  /** Shows the connections of the database; `read` is called at each scrape. */
  watchPool(read: () => PoolState): void;
  /** Shows how much hashing of passwords runs and waits; `read` is called at each scrape. */
  watchHashing(read: () => { readonly running: number; readonly waiting: number }): void;
  /** Shows what became of questions to migration sources; `read` is called at each scrape. */
  watchMigrations(read: () => ReadonlyMap<string, number>): void;
  /** Shows rows of imports and how long jobs wait; read at each scrape. */
  watchJobs(jobs: JobNumbers): void;
  /** Shows how many requests are being served. */
  watchRunning(read: () => number): void;
  text(): Promise<string>;
  close(): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'gatehouse_http_requests_total',
    help: 'Requests answered, by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'gatehouse_request_duration_seconds',
    help: 'Time from the request headers to the end of the answer, by operation type.',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const statements = new Histogram({
    name: 'gatehouse_request_statements',
    help: 'SQL statements of one GraphQL request, by operation type.',
    labelNames: ['operation'],
    buckets: [0, 1, 2, 3, 5, 8, 13, 21, 50, 100],
    registers,
  });
  const errors = new Counter({
    name: 'gatehouse_errors_total',
    help: 'Errors in answers, by code.',
    labelNames: ['code'],
    registers,
  });
  const loopDelay = monitorEventLoopDelay({ resolution: 20 });
  loopDelay.enable();
  watchProcess(registry, loopDelay);
  const text = (): Promise<string> => registry.metrics();
  const codes = new Set<string>();
  // Codes come from declared tables, ours and the GraphQL library's. Were one ever made from a caller's text, the number
  // of series would still not grow without end.
  const labelOf = (code: string): string => {
    if (codes.has(code)) return code;
    if (codes.size >= maximumCodes || !/^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return 'other';
    codes.add(code);
    return code;
  };

  return {
    text,
    route: {
      methods: ['GET'],
      path: '/metrics',
      isPolled: true,
      handler: async (_request, reply) => reply.type(registry.contentType).send(await text()),
    },
    served({ route, method, status, milliseconds, record }) {
      requests.inc({
        route: route ?? 'unknown',
        method: knownMethods.has(method) ? method : 'other',
        status,
      });
      durations.observe({ operation: record.operationType ?? 'none' }, milliseconds / 1000);
      if (record.operationType) statements.observe({ operation: record.operationType }, record.statements());
      for (const code of record.errorCodes) errors.inc({ code: labelOf(code) });
    },
    watchPool(read) {
      new Gauge({
        name: 'gatehouse_database_connections',
        help: 'Database connections by state, and requests that wait for one.',
        labelNames: ['state'],
        registers,
        collect() {
          const { total, idle, waiting } = read();
          this.set({ state: 'busy' }, total - idle);
          this.set({ state: 'idle' }, idle);
          this.set({ state: 'waiting' }, waiting);
        },
      });
    },
    watchHashing(read) {
      new Gauge({
        name: 'gatehouse_password_checks',
        help: 'Hashing of passwords that runs, and that waits for its turn.',
        labelNames: ['state'],
        registers,
        collect() {
          const { running, waiting } = read();
          this.set({ state: 'running' }, running);
          this.set({ state: 'waiting' }, waiting);
        },
      });
    },
    watchMigrations(read) {
      const help = 'Questions to migration sources, by what became of them.';
      counts(registers, 'gatehouse_migration_questions_total', help, { label: 'outcome', read });
    },
    watchJobs({ rows, failures, longestWait, legacyHashes }) {
      counts(registers, 'gatehouse_import_rows_total', 'Rows of imports, by what became of them.', {
        label: 'outcome',
        read: () => rows,
      });
      counts(registers, 'gatehouse_import_failures_total', 'Rows of imports that failed, by code.', {
        label: 'code',
        read: () => failures,
      });
      new Gauge({
        name: 'gatehouse_jobs_longest_wait_seconds',
        help: 'How long the job waits that should have been begun first.',
        registers,
        async collect() {
          // While the database is away the other numbers are wanted all the more.
          const wait = await longestWait().catch(() => null);
          if (wait === null) this.reset();
          else this.set(wait / 1000);
        },
      });
      new Gauge({
        name: 'gatehouse_legacy_hashes',
        help: 'Passwords that are still hashes of another system, by connection and kind.',
        labelNames: ['connection', 'kind'],
        registers,
        async collect() {
          const found = await legacyHashes().catch(() => []);
          this.reset();
          for (const { connection, kind, users } of found) this.set({ connection, kind }, users);
        },
      });
    },
    watchRunning(read) {
      new Gauge({
        name: 'gatehouse_http_requests_running',
        help: 'Requests being served.',
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    close: () => {
      loopDelay.disable();
      registry.clear();
    },
  };
}

/** A counter whose values are kept elsewhere. */
function counts(
  registers: Registry[],
  name: string,
  help: string,
  { label, read }: { readonly label: string; readonly read: () => ReadonlyMap<string, number> },
): void {
  new Counter({
    ...{ name, help, labelNames: [label], registers },
    collect() {
      this.reset();
      for (const [value, count] of read()) this.inc({ [label]: value }, count);
    },
  });
}

const maximumCodes = 300;
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);

/** The library's own set would tell the version of the runtime, which helps an attacker more than an operator. */
function watchProcess(registry: Registry, loopDelay: ReturnType<typeof monitorEventLoopDelay>): void {
  const registers = [registry];
  new Gauge({
    name: 'gatehouse_event_loop_lag_seconds',
    help: 'Delay of the event loop since the last scrape.',
    labelNames: ['quantile'],
    registers,
    collect() {
      this.set({ quantile: '0.5' }, loopDelay.percentile(50) / 1e9);
      this.set({ quantile: '0.99' }, loopDelay.percentile(99) / 1e9);
      this.set({ quantile: '1' }, loopDelay.max / 1e9);
      loopDelay.reset();
    },
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'process_cpu_seconds_total',
    help: 'Processor time used since the start.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.set((user + system) / 1e6);
    },
  });
}
