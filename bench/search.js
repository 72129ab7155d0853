'use strict';

const { writeFileSync } = require('node:fs');
const os = require('node:os');
const { badSearches } = require('./bad-searches');
const { openDatabase } = require('./drivers');
const { classes } = require('./search-cases');
const { processorTime } = require('./processes');
const { missedAims, searchTable } = require('./search-table');
const { startGateway } = require('./servers');
const { compile } = require('./statements');

const requests = 150;
const warmUp = 15;
const deepPage = 10_000;
const pageSize = 25;

const statements = compile({
  someUsers: `SELECT u.email_folded AS email, u.given_name AS given, u.family_name AS family FROM users u
    WHERE u.email_folded IS NOT NULL AND u.given_name IS NOT NULL AND u.family_name IS NOT NULL
    ORDER BY u.created_at LIMIT 20000`,
  domains: `SELECT DISTINCT u.email_domain AS name FROM users u WHERE u.email_domain IS NOT NULL
    AND u.created_at < (SELECT min(created_at) FROM users) + 3000000000`,
  organizations: 'SELECT o.id AS name FROM organizations o ORDER BY o.id LIMIT 2000',
  roles:
    "SELECT r.name FROM roles r WHERE r.organization_id IS NULL AND r.name <> 'administrator' ORDER BY r.name",
  customers: `SELECT l.text_value AS name FROM metadata_leaves l WHERE l.store = 'app' AND l.path = 'customer'
    AND l.text_value IS NOT NULL ORDER BY l.text_value LIMIT 20000`,
  profiles: `SELECT DISTINCT l.text_value AS name FROM profile_data_leaves l WHERE l.path = 'name'
    AND l.text_value IS NOT NULL ORDER BY l.text_value LIMIT 20000`,
});

const document = (
  counts,
) => `query Search($q: String, $sort: [UserSort!], $first: Int = ${pageSize}, $after: String) {
  users(q: $q, sort: $sort, first: $first, after: $after) {
    nodes { id email name } ${counts ? 'totalCount totalIsCapped' : ''} pageInfo { endCursor hasNextPage } } }`;

/** Each kind of search at each size, and all of it as one table. */
async function measureSearches(databases, options) {
  const sizes = [];
  for (const { users, url } of databases) {
    console.log(`\n${users} users, load average ${os.loadavg()[0].toFixed(1)}`);
    sizes.push({ users, searches: await measureSize(url, users, options) });
  }
  console.log(`\n${searchTable(sizes, classes)}\n`);
  console.log(['p50 / p95 in milliseconds. Missed aims:', ...missedAims(sizes, classes)].join('\n- '));
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({ database: options.database, sizes }, null, 2)}\n`);
}

/** One request after the other, each alone: what a person waits who searches. */
async function measureSize(url, users, { searchOnly }) {
  const samples = await takeWords(url);
  const gateway = await startGateway(url);
  const ask = asker(gateway);
  const results = [];
  const report = (result) => {
    results.push(result);
    console.log(line(result));
  };
  console.log(line({ name: 'class', p50: 'p50 ms', p95: 'p95 ms', found: 'users of a page' }));
  for (const searchClass of classes) {
    if (searchOnly && !searchOnly.includes(searchClass.name)) continue;
    const random = sequence(7);
    report(await measure(searchClass.name, () => ask(searchClass.draw(samples, random), searchClass.counts)));
  }
  if (!searchOnly || searchOnly.includes('bad input')) await measureBadInput(gateway);
  if (!searchOnly || searchOnly.includes('deep')) await measureDeep(ask, report, users);
  await gateway.stop();
  return results;
}

const badRounds = 20;

/** How long searches take that are wrong or hostile; each answers as it should, or the benchmark fails. */
async function measureBadInput(gateway) {
  const { headers } = gateway.requestFor({ query: '', variables: {} });
  const found = [];
  for (const [what, q, code] of badSearches) {
    const body = JSON.stringify({ query: document(false), variables: { q } });
    const times = [];
    let spent = 0;
    for (let round = 0; round <= badRounds; round += 1) {
      // The first one may find the machine cold.
      if (round === 1) spent = processorTime(gateway.pid).all;
      const started = process.hrtime.bigint();
      const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body });
      const { data, errors } = await response.json();
      const taken = Number(process.hrtime.bigint() - started) / 1e6;
      const answered = errors?.[0]?.extensions.code ?? (data.users.nodes.length === 0 ? null : 'users');
      if (answered !== code) throw new Error(`${what} answers ${answered} instead of ${code}.`);
      if (round > 0) times.push(taken);
    }
    times.sort((left, right) => left - right);
    const worked = (processorTime(gateway.pid).all - spent) / badRounds;
    found.push({ what, worked, p50: times[badRounds / 2], most: times[badRounds - 1] });
  }
  found.sort((left, right) => right.p50 - left.p50);
  console.log(`bad input: ${found.length} searches, ${badRounds} times each, milliseconds`);
  for (const { what, worked, p50, most } of found.slice(0, 5))
    console.log(
      `  ${what.padEnd(40)} p50 ${p50.toFixed(1).padStart(6)}   longest ${most.toFixed(1).padStart(6)}   of the processor ${worked.toFixed(1)}`,
    );
}

/** The page that begins after 9,999 others, in lists with and without a condition; smaller databases end earlier. */
async function measureDeep(ask, report, users) {
  for (const q of [undefined, 'NOT blocked:true']) {
    const name = q === undefined ? 'all' : 'negation';
    let after = null;
    const pages = Math.min(deepPage, Math.floor((users * 0.9) / pageSize));
    // Larger pages lead there sooner.
    for (let passed = 0; passed < (pages - 1) * pageSize; passed += 100) {
      after = (await ask({ q, first: 100, after })).pageInfo.endCursor;
    }
    report(await measure(`${name}, page 1`, () => ask({ q })));
    report(await measure(`${name}, far page`, () => ask({ q, after })));
    console.log(`  (the far page of this list is number ${pages})`);
  }
}

async function measure(name, request) {
  const times = [];
  let found = 0;
  for (let index = 0; index < warmUp + requests; index += 1) {
    const started = process.hrtime.bigint();
    const users = await request();
    if (index < warmUp) continue;
    times.push(Number(process.hrtime.bigint() - started) / 1e6);
    found += users.nodes.length;
  }
  times.sort((left, right) => left - right);
  const at = (share) => Number(times[Math.floor(times.length * share)].toFixed(1));
  return { name, p50: at(0.5), p95: at(0.95), found: Number((found / requests).toFixed(1)) };
}

function asker(gateway) {
  const { headers } = gateway.requestFor({ query: '', variables: {} });
  return async (variables, counts = false) => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: document(counts), variables }),
    });
    const { data, errors } = await response.json();
    if (errors !== undefined || !data?.users)
      throw new Error(`${JSON.stringify(variables)}: ${JSON.stringify(errors)}`);
    return data.users;
  };
}

/** Words of the generated users, from which the queries are made. */
async function takeWords(url) {
  const database = openDatabase(url);
  const names = async (statement) => (await database.all(statement, [])).map(({ name }) => name);
  const users = await database.all(statements.someUsers, []);
  const words = {
    users,
    families: [...new Set(users.map(({ family }) => family.toLowerCase()))].filter((name) =>
      /^[a-z]+$/.test(name),
    ),
    domains: await names(statements.domains),
    organizations: await names(statements.organizations),
    roles: await names(statements.roles),
    customers: await names(statements.customers),
    profiles: await names(statements.profiles),
    cities: [
      'Accra',
      'Bergen',
      'Boston',
      'Cairo',
      'Delhi',
      'Lagos',
      'Lima',
      'Oslo',
      'Paris',
      'Riga',
      'Tokyo',
      'Vienna',
    ],
  };
  await database.close();
  return words;
}

function line({ name, p50, p95, found }) {
  return `${name.padEnd(26)} ${String(p50).padStart(9)} ${String(p95).padStart(9)} ${String(found).padStart(16)}`;
}

/** Numbers from 0 to 1 that are the same at each run. */
function sequence(state) {
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

module.exports = { measureSearches };
