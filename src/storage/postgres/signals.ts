import type { Client } from 'pg';
import type { SignalOptions, Signals } from '#src/storage/signals';

/** Waits before a broken connection is made again: doubled each time, at most the last. */
const firstPauseMs = 250;
const longestPauseMs = 5000;

/** LISTEN on one connection outside the pool: a pooled one would take what it hears to whoever borrows it. */
export function createPostgresSignals({ url, logger }: SignalOptions): Signals {
  const listeners = new Map<string, Set<() => void>>();
  let client: Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = firstPauseMs;
  let isClosed = false;
  let connecting: Promise<void> | null = null;

  function tell(channels: Iterable<string>): void {
    for (const channel of channels) listeners.get(channel)?.forEach((heard) => heard());
  }

  async function connect(): Promise<void> {
    const pg = await import('pg');
    const made = new pg.Client({
      connectionString: url,
      application_name: 'gatehouse signals',
      keepAlive: true,
      keepAliveInitialDelayMillis: 5000,
      connectionTimeoutMillis: 5000,
    });
    made.on('notification', ({ channel }) => tell([channel]));
    made.on('error', () => again(made));
    made.on('end', () => again(made));
    try {
      await made.connect();
      client = made;
      for (const channel of listeners.keys()) await made.query(`LISTEN ${made.escapeIdentifier(channel)}`);
      pauseMs = firstPauseMs;
      // What was signalled while nobody listened is not repeated.
      tell(listeners.keys());
    } catch (error) {
      logger.warn({ err: error }, 'signals of other nodes cannot be heard; changes are asked for instead');
      again(made);
    }
  }

  function again(broken: Client): void {
    if (isClosed || timer) return;
    broken.removeAllListeners('notification');
    client = null;
    timer = setTimeout(() => {
      timer = undefined;
      void broken.end().catch(() => undefined);
      connecting = connect();
    }, pauseMs);
    timer.unref();
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }

  return {
    listen(channel, heard) {
      const heads = listeners.get(channel);
      if (heads) heads.add(heard);
      else {
        listeners.set(channel, new Set([heard]));
        if (client) void client.query(`LISTEN ${client.escapeIdentifier(channel)}`).catch(() => undefined);
      }
      connecting ??= connect();
      return () => void listeners.get(channel)?.delete(heard);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await connecting;
      await client?.end().catch(() => undefined);
    },
  };
}
