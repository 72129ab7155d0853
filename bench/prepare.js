'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync, rmSync, statSync } = require('node:fs');
const path = require('node:path');
const { issuer } = require('./operations');
const { root } = require('./processes');

const folder = path.join(root, '.bench');
const secretsFile = path.join(folder, 'secrets.json');

/** Installs what the benchmark compares with, when that is missing or older than its lock file. */
function installDependencies() {
  const installed = path.join(__dirname, 'node_modules', '.package-lock.json');
  const lock = path.join(__dirname, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log('Installing what the benchmark compares with …');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: __dirname, stdio: 'inherit' });
}

/** Builds the gateway when its sources have changed, so that what is measured is what they say. */
function buildGateway() {
  require('../bin/prepare').prepare();
}

/**
 * The URL of a database with this number of users. It is kept from run to run; one that was left half filled is made anew.
 * Outstanding migrations are applied.
 */
async function prepareDatabase({ kind, users, postgres }) {
  mkdirSync(folder, { recursive: true });
  const name = `gatehouse_bench_${users}`;
  const file = path.join(folder, `${name}.db`);
  const url = kind === 'sqlite' ? `sqlite:${file}` : postgres.urlOf(name);
  ensureSecrets();
  if (kind === 'postgres') await onServer(postgres.adminUrl, (client) => createIfMissing(client, name));
  gatehouse(url, ['migrate']);

  const found = await countIn(url);
  if (found >= users) return url;
  if (found > 0) {
    console.log(`The database ${name} holds ${found} users: it is made anew.`);
    await freshDatabase(name, postgres);
    gatehouse(url, ['migrate']);
  }
  const started = Date.now();
  gatehouse(url, ['seed', '--users', String(users)]);
  const seconds = (Date.now() - started) / 1000;
  console.log(
    `Seeded ${users} users in ${seconds.toFixed(1)} s (${Math.round(users / seconds)} per second).`,
  );
  return url;
}

/** The URL of an empty database of this name, in the place of a former one: on the server, or without one a file. */
async function freshDatabase(name, postgres) {
  if (postgres) {
    await onServer(postgres.adminUrl, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
      await createIfMissing(client, name);
    });
    return postgres.urlOf(name);
  }
  const file = path.join(folder, `${name}.db`);
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  return `sqlite:${file}`;
}

/** Keys of the benchmark alone. */
function ensureSecrets() {
  if (!existsSync(secretsFile))
    gatehouse('sqlite::memory:', ['init', '--no-administrator', '--secrets', secretsFile]);
}

async function createIfMissing(client, name) {
  const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (found.rowCount === 0)
    await client.query(`CREATE DATABASE "${name}" ENCODING 'UTF8' TEMPLATE template0`);
}

async function onServer(url, work) {
  const { Client } = require('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function countIn(url) {
  const program = `const { openDatabase } = require('./drivers');
    const { countUsers } = require('./samples');
    countUsers(openDatabase(process.argv[1])).then((n) => { console.log(n); process.exit(0); });`;
  return Number(execFileSync(process.execPath, ['-e', program, url], { cwd: __dirname, encoding: 'utf8' }));
}

/** The environment in which the gateway runs: production profile, its own secrets file. */
function gatewayEnvironment(url, port = 4000) {
  return {
    NODE_ENV: 'production',
    GATEHOUSE_PROFILE: 'production',
    GATEHOUSE_DATABASE_URL: url,
    GATEHOUSE_SECRETS_FILE: secretsFile,
    GATEHOUSE_ISSUER: issuer,
    GATEHOUSE_PORT: String(port),
    GATEHOUSE_LOG_LEVEL: 'warn',
    // One caller makes all the load.
    GATEHOUSE_SEARCH_PER_MINUTE: '0',
  };
}

/** Runs a command of the gateway and answers what it printed; progress goes to the terminal. */
function gatehouse(url, args) {
  const result = spawnSync(process.execPath, [path.join(root, 'bin', 'gatehouse.js'), ...args], {
    cwd: root,
    env: { ...process.env, ...gatewayEnvironment(url) },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (result.status !== 0)
    throw new Error(`gatehouse ${args.join(' ')} ended with ${result.status}:\n${result.stdout}`);
  return result.stdout.trim();
}

function version(name) {
  return JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')).version;
}

module.exports = {
  freshDatabase,
  buildGateway,
  ensureSecrets,
  folder,
  gatehouse,
  gatewayEnvironment,
  installDependencies,
  prepareDatabase,
  secretsFile,
  version,
};
