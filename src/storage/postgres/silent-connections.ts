import type { Pool, PoolClient } from 'pg';

/** What the driver holds and its types do not tell: the statement that a client waits for, and its socket. */
interface Internals {
  readonly activeQuery: object | null;
  readonly connection: { readonly stream: { destroy(): void } };
}

interface Waiting {
  readonly query: object;
  readonly since: number;
}

/**
 * Cuts connections whose server has not answered a statement for `limitMs`, longer than it may run there: a server that lost its power, or
 * a network that drops packets, says no goodbye, and the system would wait for it a quarter of an hour, with one place of the pool each.
 * One timer looks after all of them. Answers how to stop.
 */
export function cutSilentConnections(pool: Pool, limitMs: number): () => void {
  const lent = new Map<PoolClient, Waiting | null>();
  const lend = (client: PoolClient): void => void lent.set(client, null);
  const takeBack = (_error: unknown, client: PoolClient): void => void lent.delete(client);
  pool.on('acquire', lend).on('release', takeBack);
  const timer = setInterval(
    () => {
      const now = performance.now();
      for (const [client, waiting] of lent) {
        const { activeQuery, connection } = client as unknown as Internals;
        if (activeQuery === null) lent.set(client, null);
        else if (waiting?.query !== activeQuery) lent.set(client, { query: activeQuery, since: now });
        else if (now - waiting.since > limitMs) connection.stream.destroy();
      }
    },
    Math.min(500, limitMs / 4),
  );
  timer.unref();
  return () => {
    clearInterval(timer);
    pool.off('acquire', lend).off('release', takeBack);
  };
}
