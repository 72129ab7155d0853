'use strict';

const { copyFileSync, rmSync } = require('node:fs');
const { Client } = require('pg');
const { Database } = require('sqlite3');
const { openDatabase } = require('./drivers');
const { startGateway } = require('./servers');
const { compile } = require('./statements');

const writes = 150;
/** Few, so that each is written once before it counts: later writes find the same paths with the same kinds of values. */
const writtenUsers = 30;

const statements = compile({ ids: 'SELECT u.id FROM users u ORDER BY u.id LIMIT 2000' });

/** What only searches and sorted lists need. */
const searchIndexes = {
  sqlite: `SELECT 'DROP ' || type || ' ' || name AS drop_it FROM sqlite_schema WHERE sql IS NOT NULL AND (
    (type = 'index' AND (name LIKE 'ix_users%' OR name LIKE 'ix_metadata_leaves%value%'))
    OR (type = 'trigger' AND name LIKE 'tr_users%trigrams')) ORDER BY type DESC`,
  postgres: `SELECT 'DROP INDEX ' || indexname AS drop_it FROM pg_indexes WHERE indexname LIKE 'ix_users%'
      OR indexname LIKE 'ix_metadata_leaves%value%' OR indexname = 'ix_user_trigrams'
    UNION ALL SELECT 'DROP TRIGGER ' || tgname || ' ON users' FROM pg_trigger WHERE tgname LIKE 'tr_users%trigrams'`,
};

const document = `mutation Write($name: UpdateUserInput!, $metadata: UpdateUserMetadataInput!) {
  updateUser(input: $name) { user { id } } updateUserMetadata(input: $metadata) { user { id } } }`;

/**
 * The same writes with and without search indexes: a new name, and ten new values of metadata. The first write of a path asks whether
 * other users have values of another kind there, by the index of the values: it needs that index, so it is no write to compare.
 */
async function measureWrites({ url, database }) {
  const ids = await idsOf(url);
  const bare = database === 'sqlite' ? await bareFile(url) : await bareDatabase(url);
  const results = {};
  try {
    for (const [name, target] of [
      ['without', bare.url],
      ['with', url],
    ]) {
      const gateway = await startGateway(target);
      results[name] = await measure(gateway, ids);
      await gateway.stop();
      console.log(
        `${name.padEnd(8)} search indexes: p50 ${results[name].p50} ms, p95 ${results[name].p95} ms`,
      );
    }
  } finally {
    await bare.remove();
  }
  console.log(`ratio of the medians: ${(results.with.p50 / results.without.p50).toFixed(2)}`);
}

async function measure(gateway, ids) {
  const { headers } = gateway.requestFor({ query: '', variables: {} });
  const times = [];
  for (let index = 0; index < writtenUsers + writes; index += 1) {
    const id = ids[((index % writtenUsers) * 37) % ids.length];
    const patch = Object.fromEntries(
      Array.from({ length: 10 }, (_, key) => [
        `bench_${key}`,
        key % 2 === 0 ? `value ${Math.random()}` : Math.random(),
      ]),
    );
    const variables = {
      name: { id, name: `Bench ${Math.random().toString(36).slice(2)}` },
      metadata: { userId: id, patch },
    };
    const started = process.hrtime.bigint();
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: document, variables }),
    });
    const { errors } = await response.json();
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    if (index >= writtenUsers) times.push(Number(process.hrtime.bigint() - started) / 1e6);
  }
  times.sort((left, right) => left - right);
  const at = (share) => Number(times[Math.floor(times.length * share)].toFixed(1));
  return { p50: at(0.5), p95: at(0.95) };
}

async function idsOf(url) {
  const database = openDatabase(url);
  const rows = await database.all(statements.ids, []);
  await database.close();
  // The names of users from elsewhere belong to their provider.
  return rows.map(({ id }) => id).filter((id) => id.startsWith('auth0|'));
}

async function bareFile(url) {
  const file = url.slice('sqlite:'.length);
  const copy = `${file}-bare.db`;
  await withFile(file, (all) => all('PRAGMA wal_checkpoint(TRUNCATE)'));
  copyFileSync(file, copy);
  await withFile(copy, async (all) => {
    for (const { drop_it: text } of await all(searchIndexes.sqlite)) await all(text);
  });
  const remove = () => ['', '-wal', '-shm'].forEach((end) => rmSync(`${copy}${end}`, { force: true }));
  return { url: `sqlite:${copy}`, remove };
}

async function withFile(file, work) {
  const database = new Database(file);
  const all = (text) =>
    new Promise((resolve, reject) =>
      database.all(text, (error, rows) => (error ? reject(error) : resolve(rows))),
    );
  await work(all);
  await new Promise((resolve) => database.close(resolve));
}

async function bareDatabase(url) {
  const name = new URL(url).pathname.slice(1);
  const copy = new URL(url);
  copy.pathname = `/${name}_bare`;
  const admin = new URL(url);
  admin.pathname = '/postgres';
  await onServer(admin.href, async (run) => {
    await run(`DROP DATABASE IF EXISTS "${name}_bare" WITH (FORCE)`);
    await run(`CREATE DATABASE "${name}_bare" TEMPLATE "${name}"`);
  });
  await onServer(copy.href, async (run) => {
    for (const { drop_it: text } of (await run(searchIndexes.postgres)).rows) await run(text);
  });
  const remove = () =>
    onServer(admin.href, (run) => run(`DROP DATABASE IF EXISTS "${name}_bare" WITH (FORCE)`));
  return { url: copy.href, remove };
}

async function onServer(url, work) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work((text) => client.query(text));
  } finally {
    await client.end();
  }
}

module.exports = { measureWrites };
