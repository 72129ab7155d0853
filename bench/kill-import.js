'use strict';

/**
 * The experiment of a killed import: `node bench/kill-import.js [--kills 20] [--rows 20000] [--db sqlite|postgres] [--spoil]`.
 *
 * An import runs undisturbed; then the same file is imported again and again, each time killed (SIGKILL) at a random moment and resumed by
 * another process. Each must end with the same counts, no user twice and none missing, and the same report as the undisturbed run; otherwise
 * the exit code is 1. `--spoil` takes one line out of each report before it is compared, to see that a difference is told.
 */
const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const { mkdirSync, writeFileSync } = require('node:fs');
const { once } = require('node:events');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { openDatabase } = require('./drivers');
const { ensureSecrets, folder, freshDatabase, gatehouse, gatewayEnvironment } = require('./prepare');
const { root, stopAll } = require('./processes');

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    rows: { type: 'string', default: '20000' },
    db: { type: 'string', default: 'sqlite' },
    spoil: { type: 'boolean', default: false },
  },
});
const [kills, rows] = [Number(values.kills), Number(values.rows)];

async function main() {
  mkdirSync(folder, { recursive: true });
  ensureSecrets();
  const postgres = values.db === 'postgres' ? await require('./postgres').startPostgres() : null;
  const file = path.join(folder, `kill-${rows}.ndjson`);
  writeFileSync(file, lines());
  try {
    const calm = await round(file, postgres, null);
    console.log(`undisturbed: ${calm.seconds.toFixed(1)} s, ${JSON.stringify(calm.counts)}`);
    let failures = 0;
    for (let kill = 1; kill <= kills; kill += 1) {
      const after = Math.floor(Math.random() * rows);
      const found = await round(file, postgres, after);
      const problems = differences(calm, found);
      if (problems.length > 0) failures += 1;
      console.log(
        `kill ${kill} at ${found.killedAt} of ${rows} rows: ${problems.length === 0 ? 'the same' : problems.join('; ')}`,
      );
    }
    console.log(`${kills} kills, ${failures} of them with a difference.`);
    return failures === 0 ? 0 : 1;
  } finally {
    stopAll();
    await postgres?.stop();
  }
}

/** Good rows, and among each hundred a repeated address, a wrong one and an unknown member. */
function lines() {
  const all = [];
  for (let n = 0; n < rows; n += 1) {
    const row = { email: `k${n}@example.com`, user_metadata: { n, group: n % 10 } };
    if (n % 100 === 17) row.email = `k${n - 1}@example.com`;
    if (n % 100 === 33) row.email = 'no address';
    if (n % 100 === 55) row.shoe_size = 41;
    all.push(JSON.stringify(row));
  }
  return `${all.join('\n')}\n`;
}

/** One import in a new database, killed a random moment after so many rows (null: never) and then resumed. */
async function round(file, postgres, after) {
  const url = await freshDatabase('gatehouse_bench_kill', postgres);
  gatehouse(url, ['migrate']);
  const database = openDatabase(url);
  const started = performance.now();
  const first = start(url, ['users', 'import', file, '--no-email']);
  let killedAt = null;
  if (after !== null) {
    while (
      (await ask(database, 'SELECT COUNT(*) AS n FROM user_imports WHERE is_complete = TRUE'))[0]?.n !== 1
    )
      await pause(20);
    while ((await processedOf(database)) < after && first.exitCode === null) await pause(5);
    await pause(Math.random() * 100);
    first.kill('SIGKILL');
  }
  if (first.exitCode === null && first.signalCode === null) await once(first, 'exit');
  if (after !== null) {
    killedAt = await processedOf(database);
    // Another process takes the job over when the lease of the killed one has run out.
    const second = start(url, ['serve'], { GATEHOUSE_PORT: '0', GATEHOUSE_JOBS_LEASE_SECONDS: '5' });
    while ((await ask(database, 'SELECT finished_at FROM jobs'))[0].finished_at === null) await pause(100);
    second.kill('SIGTERM');
    await once(second, 'exit');
  }
  const seconds = (performance.now() - started) / 1000;
  const [job] = await ask(database, 'SELECT status, counts FROM jobs');
  const users = await ask(database, 'SELECT email FROM users ORDER BY email');
  const [half] = await ask(
    database,
    'SELECT COUNT(*) AS n FROM users u WHERE NOT EXISTS (SELECT 1 FROM identities i WHERE i.user_id = u.id) OR NOT EXISTS (SELECT 1 FROM user_metadata m WHERE m.user_id = u.id) OR NOT EXISTS (SELECT 1 FROM audit_events a WHERE a.target_id = u.id)',
  );
  const report = await ask(
    database,
    'SELECT row_index, outcome, errors, warnings, echo FROM import_results ORDER BY row_index',
  );
  await database.close();
  if (values.spoil && after !== null) report.pop();
  return {
    seconds,
    killedAt,
    status: job.status,
    // What is counted first depends on where the job was resumed.
    counts: Object.fromEntries(Object.entries(JSON.parse(job.counts)).sort(([a], [b]) => (a < b ? -1 : 1))),
    users: users.length,
    distinct: new Set(users.map(({ email }) => email)).size,
    half: Number(half.n),
    report: createHash('sha256').update(JSON.stringify(report)).digest('hex'),
  };
}

async function processedOf(database) {
  const [job] = await ask(database, 'SELECT counts FROM jobs');
  return JSON.parse(job.counts).processed ?? 0;
}

function differences(calm, found) {
  const problems = [];
  for (const name of ['status', 'users', 'distinct', 'half', 'report'])
    if (found[name] !== calm[name]) problems.push(`${name} is ${found[name]}, not ${calm[name]}`);
  if (JSON.stringify(found.counts) !== JSON.stringify(calm.counts))
    problems.push(`counts ${JSON.stringify(found.counts)}`);
  if (found.users !== found.distinct) problems.push('a user is there twice');
  return problems;
}

function start(url, args, environment = {}) {
  return spawn(process.execPath, [path.join(root, 'dist', 'main.js'), ...args], {
    cwd: root,
    env: { ...process.env, ...gatewayEnvironment(url), GATEHOUSE_JOBS_LEASE_SECONDS: '5', ...environment },
    stdio: 'ignore',
  });
}

function ask(database, text) {
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return database.all({ name, sqlite: text, postgres: text }, []);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
