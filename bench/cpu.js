'use strict';

/**
 * Processor time of one request, gateway, peer and floor in short turns: on a machine that does other work too, this can be compared
 * where rates cannot. `node bench/cpu.js --db sqlite --users 100000 --only list,deep --turns 4 --seconds 2`. With `--profile FOLDER` the
 * gateway runs alone and leaves a profile of its main thread there.
 */

const { parseArgs } = require('node:util');
const { openDatabase } = require('./drivers');
const { floorWays, operations } = require('./operations');
const { startPostgres } = require('./postgres');
const { buildGateway, installDependencies, prepareDatabase } = require('./prepare');
const { processorTime, processorTimeBelow, stopAll } = require('./processes');
const { takeSamples } = require('./samples');
const { startGateway, startServers } = require('./servers');

const warmUp = 1500;

async function main() {
  const { values } = parseArgs({
    options: {
      db: { type: 'string', default: 'sqlite' },
      users: { type: 'string', default: '100000' },
      only: { type: 'string', default: 'point,list,deep,entities,me,write' },
      turns: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '2' },
      profile: { type: 'string' },
    },
  });
  installDependencies();
  buildGateway();
  const postgres = values.db === 'postgres' ? await startPostgres() : null;
  try {
    const url = await prepareDatabase({ kind: values.db, users: Number(values.users), postgres });
    const database = openDatabase(url);
    const cases = operations(await takeSamples(database));
    await database.close();
    const servers = await serversFor(url, values);
    console.log(heading);
    for (const name of values.only.split(',')) {
      const measured = await measure(servers.of(name), cases[name], values, postgres?.pid);
      for (const line of report(name, measured)) console.log(line);
    }
    // The profile is written when the process ends.
    await servers.stop();
  } finally {
    stopAll();
    await postgres?.stop();
  }
}

/** The servers that are compared at an operation; the floor answers in its two ways. */
async function serversFor(url, { profile }) {
  if (profile !== undefined) {
    const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${profile}`];
    const ours = await startGateway(url, { nodeOptions });
    return { of: () => [ours], stop: () => ours.stop() };
  }
  const { ours, peer, floor } = await startServers(url);
  const floors = (name) =>
    floorWays(name).map((way) => ({
      ...floor,
      name: `floor (${way})`,
      requestFor: (one) => floor.requestFor(one, way, name),
    }));
  return { of: (name) => [ours, peer, ...floors(name)], stop: async () => {} };
}

/** For each server what a request costs, in turns. */
async function measure(servers, cases, { turns, seconds }, databasePid) {
  for (const server of servers) await sendTo(server, cases, { amount: warmUp });
  const sums = servers.map((server) => ({ server, answers: 0, main: 0, all: 0, database: 0 }));
  for (let turn = 0; turn < Number(turns); turn += 1) {
    for (const sum of sums) {
      const before = times(sum.server, databasePid);
      const { answers } = await sendTo(sum.server, cases, { seconds: Number(seconds) });
      const after = times(sum.server, databasePid);
      sum.answers += answers;
      for (const part of ['main', 'all', 'database']) sum[part] += after[part] - before[part];
    }
  }
  return sums;
}

/** Of the server's threads, and of the processes of a database server that the benchmark started itself. */
function times({ pid }, databasePid) {
  const database = databasePid === undefined ? 0 : processorTimeBelow(databasePid);
  return { ...processorTime(pid), database };
}

const heading = [
  'operation'.padEnd(16),
  'server'.padEnd(16),
  ...['main µs', 'threads µs', 'database µs', 'ours/it', 'with database'].map((title) => title.padStart(14)),
].join('');

/** Microseconds of a request, and how many the gateway answers in the time that this server takes for one. */
function* report(name, sums) {
  const [ours] = sums;
  const cost = (sum, ...parts) => parts.reduce((total, part) => total + sum[part], 0) / sum.answers;
  for (const sum of sums) {
    const times = ['main', 'all', 'database'].map((part) => (cost(sum, part) * 1000).toFixed(0));
    const ratios = [['all'], ['all', 'database']].map((parts) =>
      (cost(sum, ...parts) / cost(ours, ...parts)).toFixed(2),
    );
    const cells = [...times, ...ratios].map((cell) => cell.padStart(14));
    yield [name.padEnd(16), sum.server.name.padEnd(16), ...cells].join('');
  }
}

function sendTo(server, cases, load) {
  const { sendLoad } = require('./load');
  return sendLoad({ url: server.url, requests: cases.map(server.requestFor), ...load });
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
