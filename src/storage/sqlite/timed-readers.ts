import type { Statement } from '#src/storage/driver';
import type { RawRow } from '#src/storage/row-codec';
import type { SqliteConnection } from '#src/storage/sqlite/connection';
import { storageErrors } from '#src/storage/storage.errors';

/** Reads with a time limit, each alone on its connection, because interrupting hits all that runs on a connection. */
export interface TimedReaders {
  read(statement: Statement, timeoutMs: number): Promise<RawRow[]>;
}

interface Waiting {
  readonly start: (connection: SqliteConnection) => void;
}

export function createTimedReaders(connections: readonly SqliteConnection[]): TimedReaders {
  const idle = [...connections];
  const queue = new Set<Waiting>();

  function giveBack(connection: SqliteConnection): void {
    const next = queue.values().next();
    if (next.done === true) idle.push(connection);
    else {
      queue.delete(next.value);
      next.value.start(connection);
    }
  }

  return {
    read(statement, timeoutMs) {
      return new Promise((resolve, reject) => {
        let running: SqliteConnection | null = null;
        let isLate = false;
        const timer = setTimeout(() => {
          isLate = true;
          if (running !== null) return running.interrupt();
          queue.delete(waiting);
          reject(storageErrors.SEARCH_TIMEOUT());
        }, timeoutMs);
        const waiting: Waiting = {
          start(connection) {
            running = connection;
            connection
              .all(statement)
              .then(resolve, (error: unknown) =>
                reject(isLate ? storageErrors.SEARCH_TIMEOUT({ cause: error }) : error),
              )
              .finally(() => {
                clearTimeout(timer);
                giveBack(connection);
              });
          },
        };
        const connection = idle.pop();
        if (connection === undefined) queue.add(waiting);
        else waiting.start(connection);
      });
    },
  };
}
