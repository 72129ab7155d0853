import type { Pool } from 'pg';
import sqlite3, { type Database } from 'sqlite3';
import { filePath } from '#src/storage/sqlite/data-source';

export type ForeignRow = Readonly<Record<string, unknown>>;

/** A database of somebody else, which is read and never written. */
export interface ForeignDatabase {
  /**
   * At most two rows of a query with `:identifier` in it, bound as a value wherever it stands: a second row shows that the query is not
   * about one person. Rejects after `timeoutMs`, and for a query that writes.
   */
  rows(query: string, identifier: string, timeoutMs: number): Promise<readonly ForeignRow[]>;
  close(): Promise<void>;
}

const longestQuery = 10_000;
const marker = /(?<![:\w]):identifier\b/g;
const mostRows = 2;

/** What is wrong with a query, or null. */
export function foreignQueryProblem(query: string): string | null {
  if (query.length > longestQuery) return `has at most ${longestQuery} characters.`;
  if (!/^\s*(?:SELECT|WITH)\s/i.test(query)) return 'must begin with SELECT or WITH.';
  if (query.includes(';')) return 'is one statement, without a semicolon.';
  if (query.search(marker) < 0) return 'must hold :identifier, in the place of what the person typed.';
  return null;
}

/** Opens a database by its URL. Nothing is connected before the first query. */
export function openForeignDatabase(url: string): ForeignDatabase {
  return /^sqlite:/i.test(url) ? openFile(filePath(url)) : openServer(url);
}

function limited(query: string, placeholder: string): string {
  return `SELECT * FROM (${query.replace(marker, () => placeholder)}) AS q LIMIT ${mostRows}`;
}

function openServer(connectionString: string): ForeignDatabase {
  let made: Promise<Pool> | undefined;
  return {
    rows: async (query, identifier, timeoutMs) => {
      const client = await (await (made ??= makePool(connectionString))).connect();
      let fault: Error | undefined;
      try {
        // SECURITY: whatever the query calls, the transaction cannot write, and cannot be turned into one that can.
        await client.query('BEGIN READ ONLY');
        await client.query("SELECT set_config('statement_timeout', $1, true)", [String(timeoutMs)]);
        const text = limited(query, '$1');
        const { rows } = await client.query<Record<string, unknown>>({ text, values: [identifier] });
        await client.query('ROLLBACK');
        return rows;
      } catch (error) {
        fault = error as Error;
        throw error;
      } finally {
        client.release(fault);
      }
    },
    close: async () => (await made)?.end(),
  };
}

async function makePool(connectionString: string): Promise<Pool> {
  const pg = await import('pg');
  const pool = new pg.Pool({
    connectionString,
    max: 4,
    connectionTimeoutMillis: 3_000,
    // Longer than any limit that the server keeps: one that is silent must not hold a connection for good.
    query_timeout: 15_000,
    idleTimeoutMillis: 30_000,
  });
  // A connection that breaks while it is idle is replaced by the next query.
  pool.on('error', () => undefined);
  return pool;
}

function openFile(path: string): ForeignDatabase {
  let opened: Promise<Database> | null = null;
  const open = (): Promise<Database> =>
    new Promise((resolve, reject) => {
      const database = new sqlite3.Database(path, sqlite3.OPEN_READONLY, (error) => {
        if (error) reject(error);
        else resolve(database);
      });
    });
  return {
    rows: async (query, identifier, timeoutMs) => {
      opened ??= open();
      const database = await opened.catch((error: unknown) => {
        opened = null;
        throw error;
      });
      const timer = setTimeout(() => database.interrupt(), timeoutMs);
      return new Promise<readonly ForeignRow[]>((resolve, reject) => {
        database.all<ForeignRow>(limited(query, '?1'), [identifier], (error, rows) => {
          if (error) reject(error);
          else resolve(rows);
        });
      }).finally(() => clearTimeout(timer));
    },
    close: async () => {
      const database = await opened?.catch(() => null);
      if (database) await new Promise<void>((resolve) => database.close(() => resolve()));
    },
  };
}
