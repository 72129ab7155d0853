'use strict';

/**
 * Processor time of one request, gateway and peer in short turns: on a machine that does other work too, this can be compared where
 * rates cannot. `node bench/cpu.js --db sqlite --users 100000 --only list,deep --turns 4 --seconds 2`
 */

const { parseArgs } = require('node:util');
const { openDatabase } = require('./drivers');
const { sendLoad } = require('./load');
const { operations } = require('./operations');
const { startPostgres } = require('./postgres');
const { buildGateway, installDependencies, prepareDatabase } = require('./prepare');
const { processorTime, stopAll } = require('./processes');
const { takeSamples } = require('./samples');
const { startServers } = require('./servers');

const warmUp = 1500;

async function main() {
  const { values } = parseArgs({
    options: {
      db: { type: 'string', default: 'sqlite' },
      users: { type: 'string', default: '100000' },
      only: { type: 'string', default: 'point,list,deep,entities' },
      turns: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '2' },
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
    const { ours, peer } = await startServers(url);
    for (const name of values.only.split(',')) {
      for (const server of [ours, peer]) await sendTo(server, cases[name], { amount: warmUp });
      const sums = new Map([ours, peer].map((server) => [server, { answers: 0, main: 0, all: 0 }]));
      for (let turn = 0; turn < Number(values.turns); turn += 1) {
        for (const [server, sum] of sums) {
          const before = processorTime(server.pid);
          const { answers } = await sendTo(server, cases[name], { seconds: Number(values.seconds) });
          const after = processorTime(server.pid);
          sum.answers += answers;
          sum.main += after.main - before.main;
          sum.all += after.all - before.all;
        }
      }
      for (const [server, { answers, main: ownThread, all }] of sums) {
        const [first, total] = [ownThread, all].map((time) => (time / answers).toFixed(3));
        console.log(
          `${name.padEnd(16)} ${server.name.padEnd(5)} main thread ${first} ms, all threads ${total} ms`,
        );
      }
    }
  } finally {
    stopAll();
    await postgres?.stop();
  }
}

function sendTo(server, cases, load) {
  return sendLoad({ url: server.url, requests: cases.map(server.requestFor), ...load });
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
