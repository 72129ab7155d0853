import type { EventEmitter } from 'node:events';
import type { Logger } from '#src/shared/logger';

/** What is needed of the process. */
export interface SignalledProcess extends Pick<EventEmitter, 'on'> {
  exit(code: number): void;
}

/**
 * Ends the process in order on SIGTERM or SIGINT: `close` drains, then exit 0. A second signal ends it at once, and
 * so does a `close` that takes longer than `limitMs`.
 */
export function stopOnSignals(
  close: () => Promise<void>,
  logger: Logger,
  limitMs = 10_000,
  target: SignalledProcess = process,
): void {
  let isStopping = false;
  const stop = (signal: string): void => {
    if (isStopping) {
      target.exit(1);
      return;
    }
    isStopping = true;
    logger.info({ signal }, 'stopping: running requests are finished, new ones refused');
    const limit = setTimeout(() => target.exit(1), limitMs);
    close().then(
      () => {
        clearTimeout(limit);
        target.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        target.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT']) target.on(signal, () => stop(signal));
}
