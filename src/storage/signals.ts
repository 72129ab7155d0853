import type { Logger } from '#src/shared/logger';
import { createPostgresSignals } from '#src/storage/postgres/signals';
import { databaseKind } from '#src/storage/storage';

/**
 * What nodes tell each other through the database: that something changed, never what. A signal is sent inside a transaction with
 * `dialect.signal(channel)` and arrives after its commit. Signals may be lost (a connection breaks) or not exist (an embedded
 * database), so who listens asks from time to time as well.
 */
export interface Signals {
  /** Calls `heard` for each signal on the channel, and whenever signals may have been missed; answers how to stop. */
  listen(channel: string, heard: () => void): () => void;
  close(): Promise<void>;
}

export interface SignalOptions {
  readonly url: string;
  readonly logger: Logger;
}

/** Listens on a connection of its own, which is made at the first `listen` and made again when it breaks. */
export function openSignals(options: SignalOptions): Signals {
  if (databaseKind(options.url) === 'server') return createPostgresSignals(options);
  return { listen: () => () => undefined, close: () => Promise.resolve() };
}
