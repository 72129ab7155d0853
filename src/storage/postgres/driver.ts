import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { GatehouseError } from '#src/shared/errors';
import type { Logger } from '#src/shared/logger';
import { postgresDialect } from '#src/storage/dialect/postgres';
import type { Connection, Driver, Statement, StorageSettings } from '#src/storage/driver';
import { postgresMigrations } from '#src/storage/migrations/all-migrations';
import { checkApplied } from '#src/storage/migrations/check-applied';
import { createCanceller } from '#src/storage/postgres/canceller';
import * as server from '#src/storage/postgres/data-source';
import {
  beginWriting,
  isConnectionLost,
  isRetryable,
  isUnusable,
  postgresErrors,
} from '#src/storage/postgres/errors';
import { readEach } from '#src/storage/postgres/read-each';
import { cutSilentConnections } from '#src/storage/postgres/silent-connections';
import { createStatements } from '#src/storage/postgres/statements';
import { createTimedPlaces } from '#src/storage/postgres/timed-places';
import { PostgresTransaction } from '#src/storage/postgres/transaction';
import type { RawRow } from '#src/storage/row-codec';
import { storageErrors } from '#src/storage/storage.errors';

const transactionRetries = 3;

/** How long it may take at most until the server's own end of a statement arrives here. */
const graceMs = 2000;

/** A connection that fails later than this was silent for long: its read is not kept waiting a second time. */
const tryAgainWithinMs = 1000;

/** Opens the pool. */
export async function openPostgres(
  settings: StorageSettings,
  entities: readonly (new () => object)[],
  logger: Logger,
): Promise<Driver> {
  const dataSource = server.postgresDataSource({ settings, entities, logger, readOnlyByDefault: true });
  try {
    const pool = await server.initialize(dataSource, settings.url);
    checkApplied(await server.appliedMigrations(pool), postgresMigrations);
    return createDriver(dataSource, pool, settings);
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw error;
  }
}

/** A transaction that failed in a way that running it again may cure. */
class Retryable {
  constructor(readonly error: Error) {}
}

function createDriver(dataSource: DataSource, pool: Pool, settings: StorageSettings): Driver {
  const translate = postgresErrors(dataSource);
  const statements = createStatements();
  const canceller = createCanceller(settings.url);
  const timedPlaces = createTimedPlaces(settings.poolSize);

  const stopCutting = settings.isBulkLoad
    ? () => undefined
    : cutSilentConnections(
        pool,
        settings.statementTimeoutMs + Math.min(settings.statementTimeoutMs, graceMs),
      );

  function connect(): Promise<PoolClient> {
    return pool.connect().catch((error: unknown) => {
      throw translate(error, 'connect');
    });
  }

  /**
   * A broken client is dropped from the pool, any other goes back. What it is no use to try at once on another one is translated: no
   * connection could be made, or the server was silent for long.
   */
  async function withClient<Rows>(read: (client: PoolClient) => Promise<Rows>): Promise<Rows> {
    const client = await connect();
    const startedAt = performance.now();
    try {
      const rows = await read(client);
      client.release();
      return rows;
    } catch (error) {
      client.release(isUnusable(error));
      const isLate = isConnectionLost(error) && performance.now() - startedAt > tryAgainWithinMs;
      throw isLate ? translate(error, 'read') : error;
    }
  }

  async function readAlone(statement: Statement, timeoutMs: number): Promise<RawRow[]> {
    const client = await connect();
    const watch = canceller.watch(client, timeoutMs);
    let isLost = false;
    try {
      return await statements.all(client, statement);
    } catch (error) {
      isLost = isUnusable(error);
      throw watch.isLate ? storageErrors.SEARCH_TIMEOUT() : translate(error, statement.text);
    } finally {
      await watch.end();
      client.release(isLost);
    }
  }

  async function attempt<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const client = await connect();
    const transaction = new PostgresTransaction(client, statements, translate);
    const startedAt = performance.now();
    let hasBegun = false;
    try {
      await transaction.control(beginWriting);
      hasBegun = true;
      const result = await work(transaction);
      transaction.end();
      if (transaction.failure !== null) throw translate(transaction.failure, 'transaction');
      await transaction.control('COMMIT');
      client.release();
      return result;
    } catch (error) {
      transaction.end();
      const { failure } = transaction;
      const isLost = failure !== null && isUnusable(failure);
      client.release(isLost || !(await rollback(client)));
      if (failure === null) throw error;
      const isSoonLost = isLost && performance.now() - startedAt <= tryAgainWithinMs;
      const isCurable = isRetryable(failure) || (!hasBegun && isSoonLost);
      throw isCurable ? new Retryable(translate(failure, hasBegun ? 'transaction' : beginWriting)) : error;
    }
  }

  async function read(statement: Statement): Promise<RawRow[]> {
    const readOnce = (): Promise<RawRow[]> => withClient((client) => statements.all(client, statement));
    try {
      return await readOnce();
    } catch (error) {
      if (error instanceof GatehouseError || !isUnusable(error)) throw translate(error, statement.text);
      // A read has no effect: when its connection turns out to be dead, another one answers.
      return readOnce().catch((again: unknown) => {
        throw translate(again, statement.text);
      });
    }
  }

  return {
    dialect: postgresDialect,
    dataSource,
    read,
    readEach: (one, lists) => readEach({ read }, one, lists),
    // Who hears of a failure that is not translated sends each read alone.
    readTogether: (reads) => withClient((client) => statements.allTogether(client, reads)),
    async readWithin(statement, timeoutMs) {
      const started = performance.now();
      const giveBack = await timedPlaces.take(timeoutMs);
      try {
        return await readAlone(statement, timeoutMs - (performance.now() - started));
      } finally {
        giveBack();
      }
    },
    async transaction(work) {
      for (let retries = 0; ; retries += 1) {
        try {
          return await attempt(work);
        } catch (error) {
          if (!(error instanceof Retryable)) throw error;
          if (retries === transactionRetries) throw error.error;
          await pause(5 * 2 ** retries + randomInt(10));
        }
      }
    },
    checkPlace: null,
    load: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    async close() {
      stopCutting();
      await canceller.close();
      await dataSource.destroy();
    },
  };
}

async function rollback(client: PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}
