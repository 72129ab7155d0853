'use strict';

/**
 * The two databases as floor and peer use them: the gateway's own drivers, prepared statements, and as many connections
 * as the gateway has by default. `all(statement, values)` answers rows; `transaction(work)` hands `work` an `all` of its own.
 */

const poolSize = 10;
const readConnections = 4;

function openDatabase(url) {
  return url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : openPostgres(url);
}

function openPostgres(url) {
  const { Pool, types } = require('pg');
  types.setTypeParser(20, Number);
  const pool = new Pool({ connectionString: url, max: poolSize });
  pool.on('error', (error) => console.error(error));
  const run = (client) => (statement, values) =>
    client.query({ name: statement.name, text: statement.postgres, values }).then((result) => result.rows);
  return {
    kind: 'postgres',
    all: run(pool),
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work(run(client));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    },
    /** The value of a parameter that takes a list of keys. */
    list: (keys) => keys,
    close: () => pool.end(),
  };
}

function openSqlite(file) {
  const { Database, OPEN_READONLY, OPEN_READWRITE } = require('sqlite3');
  const databases = [];
  const connect = (mode, pragmas) => {
    const database = new Database(file, mode);
    databases.push(database);
    database.exec(pragmas, (error) => error && console.error(error));
    const prepared = new Map();
    return (statement, values) =>
      new Promise((resolve, reject) => {
        let handle = prepared.get(statement.name);
        if (handle === undefined) {
          handle = database.prepare(statement.sqlite);
          prepared.set(statement.name, handle);
        }
        handle.all(values, (error, rows) => (error ? reject(error) : resolve(rows)));
      });
  };
  const readPragmas = 'PRAGMA busy_timeout=5000; PRAGMA query_only=ON;';
  const readers = Array.from({ length: readConnections }, () => ({
    all: connect(OPEN_READONLY, readPragmas),
    busy: 0,
  }));
  const write = connect(
    OPEN_READWRITE,
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000;',
  );
  let turn = Promise.resolve();

  return {
    kind: 'sqlite',
    async all(statement, values) {
      const reader = readers.reduce((least, other) => (other.busy < least.busy ? other : least));
      reader.busy += 1;
      try {
        return await reader.all(statement, values);
      } finally {
        reader.busy -= 1;
      }
    },
    transaction(work) {
      const result = turn.then(async () => {
        await write(begin, []);
        try {
          const value = await work(write);
          await write(commit, []);
          return value;
        } catch (error) {
          await write(rollback, []);
          throw error;
        }
      });
      turn = result.catch(() => undefined);
      return result;
    },
    list: (keys) => JSON.stringify(keys),
    close: () => Promise.all(databases.map((database) => closeSqlite(database))),
  };
}

/** Fails while prepared statements are open; the process ends soon after, and then nothing is lost. */
function closeSqlite(database) {
  return new Promise((resolve) => database.close(() => resolve()));
}

const begin = { name: 'begin', sqlite: 'BEGIN IMMEDIATE' };
const commit = { name: 'commit', sqlite: 'COMMIT' };
const rollback = { name: 'rollback', sqlite: 'ROLLBACK' };

module.exports = { openDatabase };
