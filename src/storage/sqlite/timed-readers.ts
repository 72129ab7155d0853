import type { Statement } from '#src/storage/driver';
import type { RawRow } from '#src/storage/row-codec';
import type { SqliteConnection } from '#src/storage/sqlite/connection';
import { storageErrors } from '#src/storage/storage.errors';

/** Reads with a time limit, each alone on its connection, because interrupting hits all that runs on a connection. */
export interface TimedReaders {
  read(statement: Statement, timeoutMs: number): Promise<RawRow[]>;
}

const interruptAgainMs = 20;

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
        const stop = (): void => {
          isLate = true;
          if (running === null) {
            queue.delete(waiting);
            reject(storageErrors.SEARCH_TIMEOUT());
          } else {
            running.interrupt();
            // An interrupt that comes before the statement has begun on its thread is lost: it is said again until it is heard.
            timer = setTimeout(stop, interruptAgainMs);
          }
        };
        let timer = setTimeout(stop, timeoutMs);
        const waiting: Waiting = {
          start(connection) {
            running = connection;
            connection
              .all(statement)
              .then(resolve, (error: unknown) =>
                reject(isLate ? storageErrors.SEARCH_TIMEOUT({ cause: error }) : (error as Error)),
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
