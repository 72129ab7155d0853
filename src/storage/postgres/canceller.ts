import { Pool, type PoolClient } from 'pg';

/** Cancels the running statement of a client through a connection of its own, which is made when first needed. */
export interface Canceller {
  /** Resolves when the server has passed the request on. Never rejects: the statement's own outcome tells. */
  cancel(client: PoolClient): Promise<void>;
  close(): Promise<void>;
}

export function createCanceller(url: string): Canceller {
  let control: Pool | null = null;

  function connect(): Pool {
    control = new Pool({
      connectionString: url,
      max: 1,
      connectionTimeoutMillis: 2000,
      idleTimeoutMillis: 10_000,
    });
    control.on('error', () => undefined);
    return control;
  }

  return {
    async cancel(client) {
      const { processID } = client as unknown as { processID: number };
      await (control ?? connect()).query('SELECT pg_cancel_backend($1)', [processID]).catch(() => undefined);
    },
    async close() {
      await control?.end();
    },
  };
}
