'use strict';

const { spawn } = require('node:child_process');
const { createWriteStream, existsSync, mkdirSync, rmSync } = require('node:fs');
const { once } = require('node:events');
const path = require('node:path');
const { openDatabase } = require('./drivers');
const { importFloor } = require('./import-floor');
const { ensureSecrets, folder, freshDatabase, gatehouse, gatewayEnvironment } = require('./prepare');
const { processorTime, residentMemory, root } = require('./processes');
const { startGateway } = require('./servers');

const hash = '$2b$10$vI8aWBnW3fID.ZQ4/zo1G.q1lRps.9cGLcZEiGDMVr5yUP1KUOYTa';

/** What an import and an export of so many users take: rate, rate at the end, memory, and reads of a server meanwhile. */
async function measureImport({ users, postgres, json }) {
  mkdirSync(folder, { recursive: true });
  ensureSecrets();
  const url = await freshDatabase('gatehouse_bench_import', postgres);
  gatehouse(url, ['migrate']);
  const file = path.join(folder, `import-${users}.ndjson`);
  await writeFile(file, users);
  const server = await startGateway(url, { env: { GATEHOUSE_JOBS_ENABLED: 'false' } });
  const reads = readMeanwhile(server);
  const marks = [];
  let told = 0;
  const imported = await run(url, ['users', 'import', file, '--no-email'], async (elapsed) => {
    const done = await progressOf(url);
    marks.push({ elapsed, done });
    if (elapsed - told < 10) return;
    told = elapsed;
    console.error(`  ${elapsed.toFixed(0)} s: ${done} of ${users} rows`);
  });
  const latencies = await reads.stop();
  await server.stop();
  const rate = users / imported.seconds;
  const [first, last] = tenths(marks, users);
  const floorUrl = await freshDatabase('gatehouse_bench_import_floor', postgres);
  gatehouse(floorUrl, ['migrate']);
  const floor = await importFloor(url, floorUrl);
  const out = path.join(folder, 'export.ndjson');
  const exported = await run(url, ['users', 'export', '-o', out]);
  const exportRate = users / exported.seconds;
  rmSync(out, { force: true });
  const aims = postgres ? { rate: 1_500 } : { rate: 2_000 };
  const lines = [
    ['import, rows/s from reading the file to the end', whole(rate), `>= ${aims.rate}`],
    ['rows/s while rows are applied, first tenth', whole(first), ''],
    ['last tenth against the first', `${whole((last / first) * 100)} %`, '>= 80 %'],
    ['floor, rows/s', whole(floor), ''],
    ['import against the floor', (rate / floor).toFixed(2), 'told'],
    ['p50 of reads meanwhile', `${whole(latencies.p50)} ms`, ''],
    [`p95 of reads meanwhile (${latencies.count} reads)`, `${whole(latencies.p95)} ms`, '<= 200 ms'],
    ['largest resident memory of the import', `${whole(imported.memory)} MB`, '<= 300 MB'],
    ['processor time of the import, all threads', `${(imported.processor / users).toFixed(2)} ms a row`, ''],
    ['export, rows/s', whole(exportRate), '>= 5000'],
    ['largest resident memory of the export', `${whole(exported.memory)} MB`, '<= 200 MB'],
    ['processor time of the export, all threads', `${(exported.processor / users).toFixed(2)} ms a row`, ''],
  ];
  console.log(
    `| ${users} users, ten metadata values and a ready hash each | measured | aim |\n| --- | --- | --- |`,
  );
  for (const line of lines) console.log(`| ${line.join(' | ')} |`);
  const missed = Object.entries({
    'rate of the import': rate < aims.rate,
    'last tenth against the first': last / first < 0.8,
    'p95 of reads': latencies.p95 > 200,
    'memory of the import': imported.memory > 300,
    'rate of the export': exportRate < 5_000,
    'memory of the export': exported.memory > 200,
  }).flatMap(([name, isMissed]) => (isMissed ? [name] : []));
  if (json !== undefined) {
    require('node:fs').writeFileSync(
      json,
      `${JSON.stringify({ users, missed, import: { rate, first, last, memory: imported.memory, reads: latencies, floor }, export: { rate: exportRate, memory: exported.memory } }, null, 2)}\n`,
    );
  }
  if (missed.length > 0) throw new Error(`Aims missed: ${missed.join(', ')}.`);
}

const whole = (number) => number.toFixed(0);

/** Users with ten metadata values each, as NDJSON. */
async function writeFile(file, users) {
  if (existsSync(file)) return;
  const out = createWriteStream(file);
  for (let n = 0; n < users; n += 1) {
    const row = {
      email: `person${n}@example${n % 97}.com`,
      email_verified: n % 5 !== 0,
      user_id: `imported-${n}`,
      given_name: ['Ana', 'Ben', 'Chloé', 'Dmitri', 'Elif'][n % 5],
      family_name: `Name${n % 5000}`,
      password_hash: hash,
      user_metadata: {
        color: ['red', 'green', 'blue'][n % 3],
        size: n % 50,
        city: `City ${n % 900}`,
        news: n % 2 === 0,
        lang: 'en',
      },
      app_metadata: {
        plan: ['free', 'pro'][n % 2],
        customer: `C-${n}`,
        seats: n % 20,
        region: 'eu',
        beta: n % 7 === 0,
      },
    };
    if (!out.write(`${JSON.stringify(row)}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

/** Runs a command and answers its time and its largest resident memory. */
async function run(url, args, watch) {
  const started = performance.now();
  const child = spawn(process.execPath, [path.join(root, 'dist', 'main.js'), ...args], {
    cwd: root,
    env: { ...process.env, ...gatewayEnvironment(url) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  let memory = 0;
  let own = 0;
  let processor = 0;
  const timer = setInterval(() => {
    const now = stateOf(child.pid);
    processor = Math.max(processor, now.processor);
    memory = Math.max(memory, now.total);
    own = Math.max(own, now.total - (Number.isNaN(now.file) ? 0 : now.file));
    void watch?.((performance.now() - started) / 1000);
  }, 250);
  const [code] = await once(child, 'exit');
  clearInterval(timer);
  if (code !== 0) throw new Error(`gatehouse ${args.join(' ')} ended with ${code}:\n${output}`);
  return { seconds: (performance.now() - started) / 1000, memory, own, processor };
}

/** Nothing for a process that has just ended. */
function stateOf(pid) {
  try {
    return { ...residentMemory(pid), processor: processorTime(pid).all };
  } catch {
    return { total: 0, file: 0, processor: 0 };
  }
}

let watched;

async function progressOf(url) {
  watched ??= openDatabase(url);
  const text = "SELECT counts FROM jobs WHERE type = 'users_import'";
  const [row] = await watched.all({ name: 'progress', sqlite: text, postgres: text }, []).catch(() => []);
  return row ? (JSON.parse(row.counts).processed ?? 0) : 0;
}

/** Rows a second in the first and in the last tenth. */
function tenths(marks, users) {
  const at = (done) => {
    const index = marks.findIndex((mark) => mark.done >= done);
    if (index <= 0) return marks[Math.max(index, 0)]?.elapsed ?? 0;
    const [before, after] = [marks[index - 1], marks[index]];
    return (
      before.elapsed + ((done - before.done) / (after.done - before.done)) * (after.elapsed - before.elapsed)
    );
  };
  const begin = marks.filter((mark) => mark.done === 0).at(-1)?.elapsed ?? 0;
  const end = marks.find((mark) => mark.done >= users)?.elapsed ?? marks.at(-1).elapsed;
  return [users / 10 / (at(users / 10) - begin), users / 10 / (end - at(users * 0.9))];
}

/** Asks a server for a page of users twenty times a second. */
function readMeanwhile(server) {
  const times = [];
  let isOver = false;
  const body = JSON.stringify({
    query: '{ users(first: 20) { nodes { id email name identities { provider } } } }',
  });
  const request = server.requestFor({ query: JSON.parse(body).query, variables: {} });
  const going = (async () => {
    while (!isOver) {
      const started = performance.now();
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: request.headers,
        body,
      });
      await response.arrayBuffer();
      times.push(performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    async stop() {
      isOver = true;
      await going;
      times.sort((a, b) => a - b);
      const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
      return { count: times.length, p50: at(0.5), p95: at(0.95) };
    },
  };
}

module.exports = { measureImport };
