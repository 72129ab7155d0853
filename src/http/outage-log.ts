import type { GatehouseError } from '#src/shared/errors';
import type { Logger } from '#src/shared/logger';

/** Writes down why the database could not do something: a full disk, a refused connection, a lock. */
export type OutageLog = (error: GatehouseError) => void;

const quietMs = 10_000;

/** Callers learn the code alone. One line for each code in ten seconds says the cause, and how many were passed over since the last line. */
export function createOutageLog(logger: Logger, now: () => number = () => performance.now()): OutageLog {
  const lines = new Map<string, { at: number; more: number }>();
  return (error) => {
    if (!error.code.startsWith('STORAGE_')) return;
    const last = lines.get(error.code);
    if (last && now() - last.at < quietMs) {
      last.more += 1;
      return;
    }
    lines.set(error.code, { at: now(), more: 0 });
    const { cause } = error;
    const reason = cause instanceof Error ? cause.message : 'none was given';
    logger.warn({ errorCode: error.code, cause: reason, notLogged: last?.more ?? 0 }, 'the database failed');
  };
}
