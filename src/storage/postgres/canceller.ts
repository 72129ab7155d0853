import { Pool, type PoolClient } from 'pg';

/** Cancels the running statement of a client through a connection of its own, which is made when first needed. */
export interface Canceller {
  /** From `timeoutMs` on asks the server to cancel what the client runs, again and again until the watch ends. */
  watch(client: PoolClient, timeoutMs: number): Watch;
  close(): Promise<void>;
}

export interface Watch {
  /** True when a request to cancel was sent. */
  readonly isLate: boolean;
  /** Resolves when no request is under way any more, so that none hits the client's next statement. */
  end(): Promise<void>;
}

/** A request that comes before the server has begun the statement is lost, so one is not enough. */
const cancelAgainMs = 50;

export function createCanceller(url: string): Canceller {
  let control: Pool | null = null;

  function connect(): Pool {
    control = new Pool({
      connectionString: url,
      max: 1,
      connectionTimeoutMillis: 2000,
      query_timeout: 2000,
      idleTimeoutMillis: 10_000,
    });
    control.on('error', () => undefined);
    return control;
  }

  async function cancel(client: PoolClient): Promise<void> {
    const { processID } = client as unknown as { processID: number };
    // The statement's own outcome tells; a failed request is followed by the next one.
    await (control ?? connect()).query('SELECT pg_cancel_backend($1)', [processID]).catch(() => undefined);
  }

  return {
    watch(client, timeoutMs) {
      let isOver = false;
      let request: Promise<void> | null = null;
      let timer = setTimeout(ask, timeoutMs);

      function ask(): void {
        request = cancel(client).then(() => {
          if (!isOver) timer = setTimeout(ask, cancelAgainMs);
        });
      }

      return {
        get isLate() {
          return request !== null;
        },
        async end() {
          isOver = true;
          clearTimeout(timer);
          await request;
        },
      };
    },
    async close() {
      await control?.end();
    },
  };
}
