'use strict';

const perTransaction = 500;
const tables = ['users', 'login_identifiers', 'passwords', 'user_metadata', 'metadata_leaves', 'identities'];

/**
 * The floor of an import: the rows that it made are put into a second database by an expert who checks nothing, with prepared statements
 * of many rows and as many users in one transaction. Answers users a second; reading the rows is not counted.
 */
async function importFloor(fromUrl, toUrl) {
  const [from, to] = [await open(fromUrl), await open(toUrl)];
  let spent = 0;
  let users = 0;
  for (let after = ''; ;) {
    const rows = await from.query(
      `SELECT * FROM users WHERE id > ${from.mark(1)} ORDER BY id LIMIT ${perTransaction}`,
      [after],
    );
    if (rows.length === 0) break;
    after = rows[rows.length - 1].id;
    const ids = rows.map((row) => row.id);
    const batch = [['users', rows]];
    for (const table of tables.slice(1)) {
      const marks = ids.map((_, index) => from.mark(index + 1)).join(', ');
      batch.push([table, await from.query(`SELECT * FROM ${table} WHERE user_id IN (${marks})`, ids)]);
    }
    const started = performance.now();
    await to.query('BEGIN', []);
    for (const [table, all] of batch) await insert(to, table, all);
    await to.query('COMMIT', []);
    spent += performance.now() - started;
    users += rows.length;
  }
  await from.close();
  await to.close();
  return users / (spent / 1000);
}

/** In slices of one size, so that the statement stays prepared. */
async function insert(database, table, rows) {
  if (rows.length === 0) return;
  const names = Object.keys(rows[0]);
  const most = 500;
  for (let start = 0; start < rows.length; start += most) {
    const slice = rows.slice(start, start + most);
    const marks = slice.map(
      (_, row) => `(${names.map((__, column) => database.mark(row * names.length + column + 1)).join(', ')})`,
    );
    const text = `INSERT INTO ${table} (${names.map((name) => `"${name}"`).join(', ')}) VALUES ${marks.join(', ')}`;
    await database.query(
      text,
      slice.flatMap((row) => names.map((name) => row[name])),
      `${table}-${slice.length}`,
    );
  }
}

async function open(url) {
  if (!url.startsWith('sqlite:')) {
    const { Client, types } = require('pg');
    types.setTypeParser(20, Number);
    const client = new Client({ connectionString: url });
    await client.connect();
    return {
      mark: (n) => `$${n}`,
      query: (text, values, name) => client.query({ text, values, name }).then((result) => result.rows),
      close: () => client.end(),
    };
  }
  const { Database } = require('sqlite3');
  const database = new Database(url.slice('sqlite:'.length));
  const prepared = new Map();
  const all = (text, values) =>
    new Promise((resolve, reject) => {
      let statement = prepared.get(text);
      if (!statement) prepared.set(text, (statement = database.prepare(text)));
      statement.all(values, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  await all('PRAGMA journal_mode = WAL', []);
  await all('PRAGMA synchronous = NORMAL', []);
  return { mark: (n) => `?${n}`, query: all, close: () => new Promise((resolve) => database.close(resolve)) };
}

module.exports = { importFloor };
