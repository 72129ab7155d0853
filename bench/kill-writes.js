'use strict';

/**
 * The experiment of a gateway that is killed under writes:
 * `node bench/kill-writes.js [--kills 20] [--db sqlite|postgres] [--nodes 1] [--writers 8] [--spoil]`.
 *
 * Writers make users and count in the metadata of one user each. Again and again a node is killed (SIGKILL) at a random moment and started
 * anew. Every answered write must be there afterwards, and every write whole or not at all; otherwise the exit code is 1. With `--nodes 2` two
 * gateways share the database, and the other one goes on. `--spoil` claims one answer that nobody got, to see that a loss is told.
 */
const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const { once } = require('node:events');
const { mkdirSync } = require('node:fs');
const path = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const { openDatabase } = require('./drivers');
const { ensureSecrets, folder, freshDatabase, gatehouse, gatewayEnvironment } = require('./prepare');
const { freePort, root, stopAll } = require('./processes');

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    db: { type: 'string', default: 'sqlite' },
    nodes: { type: 'string', default: '1' },
    writers: { type: 'string', default: '8' },
    spoil: { type: 'boolean', default: false },
  },
});
const [kills, nodeCount, writerCount] = [values.kills, values.nodes, values.writers].map(Number);
const create = `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }`;
const count = `mutation ($input: UpdateUserMetadataInput!) { updateUserMetadata(input: $input) { changedPaths } }`;

async function main() {
  mkdirSync(folder, { recursive: true });
  ensureSecrets();
  const postgres = values.db === 'postgres' ? await require('./postgres').startPostgres() : null;
  const nodes = [];
  try {
    const url = await freshDatabase('gatehouse_bench_kill_writes', postgres);
    gatehouse(url, ['migrate']);
    const permissions = 'create:users,update:users,update:user_metadata,read:users';
    const token = gatehouse(url, ['token', '--permissions', permissions, '--ttl', '86400']);
    for (let n = 0; n < nodeCount; n += 1) nodes.push(await startNode(url, await freePort()));
    const stop = { isWanted: false };
    const writers = Array.from({ length: writerCount }, (_, n) => newWriter(n, nodes, token));
    await Promise.all(writers.map((writer) => writer.begin()));
    const writing = Promise.all(writers.map((writer) => writer.write(stop)));
    for (let kill = 1; kill <= kills; kill += 1) {
      const enough = answered(writers) + 2 * writerCount;
      while (answered(writers) < enough) await pause(20);
      await pause(Math.random() * 500);
      const n = kill % nodeCount;
      const dead = nodes[n];
      dead.process.kill('SIGKILL');
      await once(dead.process, 'exit');
      const before = answered(writers);
      nodes[n] = await startNode(url, dead.port);
      console.log(`kill ${kill} of node ${n + 1}: ${before} writes were answered until then`);
    }
    await pause(500);
    stop.isWanted = true;
    await writing;
    for (const node of nodes) node.process.kill('SIGTERM');
    await Promise.all(nodes.map(({ process: running }) => running.exitCode ?? once(running, 'exit')));
    return await judge(url, writers);
  } finally {
    for (const node of nodes) node.process.kill('SIGKILL');
    stopAll();
    await postgres?.stop();
  }
}

/** Somebody who writes one thing after another, and remembers what was answered and what was only sent. */
function newWriter(number, nodes, token) {
  const writer = {
    ...{ acked: 0, answered: new Set(), sent: new Set(), id: '', counted: 0, tried: 0 },
    async begin() {
      const made = await ask(create, { connection: 'main', email: `counter${number}@example.com` });
      writer.id = made.createUser.user.id;
    },
    async write(stop) {
      for (let n = 1; !stop.isWanted; n += 1) {
        const email = `w${number}-${n}@example.com`;
        const isUser = n % 2 === 0;
        if (isUser) writer.sent.add(email);
        else writer.tried = n;
        const input = isUser ? { connection: 'main', email } : { userId: writer.id, patch: { n, again: n } };
        try {
          await ask(isUser ? create : count, input);
          if (isUser) writer.answered.add(email);
          else writer.counted = n;
          writer.acked += 1;
        } catch {
          await pause(20);
        }
      }
    },
  };
  /** The data; throws where the answer did not come or says that nothing was done. */
  async function ask(query, input) {
    const node = nodes[Math.floor(Math.random() * nodes.length)];
    const response = await fetch(`http://127.0.0.1:${node.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { input } }),
      signal: AbortSignal.timeout(30_000),
    });
    const { data, errors } = await response.json();
    if (errors) {
      if (!['STORAGE_UNAVAILABLE', 'STORAGE_BUSY'].includes(errors[0].extensions.code))
        console.log(errors[0]);
      throw new Error(errors[0].message);
    }
    return data;
  }
  return writer;
}

const answered = (writers) => writers.reduce((sum, { acked }) => sum + acked, 0);

async function judge(url, writers) {
  const database = openDatabase(url);
  const rows = (text) => {
    const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
    return database.all({ name, sqlite: text, postgres: text }, []);
  };
  if (values.spoil) writers[0].answered.add('never-sent@example.com');
  const stored = new Set((await rows('SELECT email FROM users')).map(({ email }) => email));
  const lost = writers.flatMap(({ answered }) => [...answered].filter((email) => !stored.has(email)));
  const half = (
    await rows(
      `SELECT u.email FROM users u WHERE NOT EXISTS (SELECT 1 FROM identities i WHERE i.user_id = u.id)
        OR NOT EXISTS (SELECT 1 FROM login_identifiers l WHERE l.user_id = u.id)
        OR NOT EXISTS (SELECT 1 FROM audit_events a WHERE a.target_id = u.id AND a.action = 'user.create')`,
    )
  ).length;
  const records = await rows(
    `SELECT a.target_id FROM audit_events a WHERE a.action = 'user.create' AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = a.target_id)`,
  );
  const problems = [];
  for (const writer of writers) {
    const [found] = await rows(`SELECT user_json FROM user_metadata WHERE user_id = '${writer.id}'`);
    const { n, again } = typeof found.user_json === 'string' ? JSON.parse(found.user_json) : found.user_json;
    if (writer.counted === 0 || n !== again || !(n >= writer.counted && n <= writer.tried))
      problems.push(
        `${writer.id} counts ${n} and ${again}; ${writer.counted} was answered, ${writer.tried} was sent`,
      );
  }
  await database.close();
  console.log(
    `${answered(writers)} answered writes, ${kills} kills: ${lost.length} users lost, ${half} half made, ` +
      `${records.length} records without their user, ${problems.length} counters wrong.`,
  );
  for (const problem of problems) console.log(problem);
  return lost.length + half + records.length + problems.length === 0 ? 0 : 1;
}

async function startNode(url, port) {
  const running = spawn(process.execPath, [path.join(root, 'dist', 'main.js'), 'serve'], {
    cwd: root,
    env: { ...process.env, ...gatewayEnvironment(url, port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (running.exitCode !== null) throw new Error(`A node ended with ${running.exitCode} at its start.`);
    await pause(50);
  }
  return { process: running, port };
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
