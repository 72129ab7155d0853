'use strict';

const path = require('node:path');
const { floorRequest, graphqlRequest } = require('./operations');
const { gatehouse, gatewayEnvironment } = require('./prepare');
const { freePort, root, startServer } = require('./processes');

const permissions = [
  'read:users',
  'read:identities',
  'read:roles',
  'read:permissions',
  'read:organizations',
  'read:organization_members',
  'read:organization_member_roles',
  'read:sessions',
  'read:user_metadata',
  'read:app_metadata',
  'update:users',
  'update:user_metadata',
];

/** Gateway, floor and peer, each in a process of its own and ready to answer. */
async function startServers(databaseUrl) {
  return {
    ours: await startGateway(databaseUrl),
    floor: await startOther('floor', 'floor/server.js', databaseUrl),
    peer: await startOther('peer', 'peer/server.js', databaseUrl),
  };
}

/** The production server, authorization on; requests carry a machine's token that holds what the operations need. */
async function startGateway(databaseUrl, extra = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const token = gatehouse(databaseUrl, ['token', '--permissions', permissions.join(','), '--ttl', '86400']);
  const server = await startServer({
    name: 'ours',
    command: [
      ...(extra.nodeOptions ?? []),
      ...(extra.program ?? [path.join(root, 'bin', 'gatehouse.js'), 'serve']),
    ],
    env: { ...gatewayEnvironment(databaseUrl, port), ...extra.env },
    isReady: () => isAnswering(`${url}/health/ready`),
  });
  return {
    ...server,
    url,
    isGraphql: true,
    requestFor: (testCase) => graphqlRequest(testCase, { authorization: `Bearer ${token}` }),
    counters: () => readCounters(`${url}/metrics`),
  };
}

async function startOther(name, program, databaseUrl) {
  const port = await freePort();
  const server = await startServer({
    name,
    command: [path.join(__dirname, program)],
    // The gateway starts itself with as many threads for its driver.
    env: {
      NODE_ENV: 'production',
      UV_THREADPOOL_SIZE: '8',
      BENCH_DATABASE_URL: databaseUrl,
      BENCH_PORT: String(port),
    },
    isReady: (output) => output.includes('ready'),
  });
  const isGraphql = name === 'peer';
  return {
    ...server,
    url: `http://127.0.0.1:${port}`,
    isGraphql,
    requestFor: isGraphql
      ? (testCase) => graphqlRequest(testCase)
      : (testCase, way, operation) => floorRequest(testCase, way, operation),
  };
}

async function isAnswering(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** The gateway's own counts of GraphQL requests and of their SQL statements. */
async function readCounters(url) {
  const text = await (await fetch(url)).text();
  const sum = (name) => {
    let total = 0;
    for (const [, value] of text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([0-9.e+]+)`, 'gm')))
      total += Number(value);
    return total;
  };
  return {
    requests: sum('gatehouse_request_statements_count'),
    statements: sum('gatehouse_request_statements_sum'),
  };
}

module.exports = { startGateway, startServers };
