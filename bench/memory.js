'use strict';

const { sendLoad } = require('./load');
const { operations } = require('./operations');
const { startGateway } = require('./servers');

const steps = 5;
const requestsPerStep = 20_000;

/** Resident memory of the gateway after each fifth of 100,000 mixed reads. */
async function measureMemory(url, samples) {
  const cases = operations(samples);
  const server = await startGateway(url);
  // Mostly small reads, as in life: 2 lists and 1 deep read come with every 100.
  const mix = [
    ...cases.point.slice(0, 60),
    ...cases['search-exact'].slice(0, 20),
    ...cases.me.slice(0, 17),
    ...cases.list,
    ...cases.list,
    ...cases.deep,
  ];
  const requests = mix.map(server.requestFor);
  console.log(`after start            ${describe(server.residentMemory())}`);
  for (let step = 1; step <= steps; step += 1) {
    await sendLoad({ url: server.url, requests, amount: requestsPerStep });
    const done = (step * requestsPerStep).toLocaleString('en');
    console.log(`after ${done.padStart(7)} requests ${describe(server.residentMemory())}`);
  }
}

function describe({ total, file }) {
  const mapped = Number.isNaN(file) ? '' : `, of which ${file.toFixed(0)} MB are pages of files`;
  return `${total.toFixed(0)} MB${mapped}`;
}

module.exports = { measureMemory };
