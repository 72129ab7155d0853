'use strict';

const autocannon = require('autocannon');

const connections = 16;

/**
 * Sends the requests over 16 connections, each in an order of its own, for `seconds` or `amount` requests.
 * Answers the number of good answers, the seconds it took, and the time of each answer in milliseconds.
 */
async function sendLoad({ url, requests, seconds, amount }) {
  const times = [];
  let bad = 0;
  const run = autocannon({
    url,
    connections,
    ...(amount === undefined ? { duration: seconds } : { amount }),
    setupClient: (client) => client.setRequests(shuffled(requests)),
  });
  run.on('response', (client, status, bytes, time) => {
    if (status === 200) times.push(time);
    else bad += 1;
  });
  const started = process.hrtime.bigint();
  const result = await run;
  const elapsed = Number(process.hrtime.bigint() - started) / 1e9;
  bad += result.errors + result.timeouts;
  if (bad > 0) throw new Error(`${bad} of ${bad + times.length} requests to ${url} failed under load.`);
  return { answers: times.length, seconds: elapsed, times };
}

function shuffled(items) {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [copy[last], copy[other]] = [copy[other], copy[last]];
  }
  return copy;
}

/** Several turns of one server taken together: requests per second and percentiles. */
function summarize(turns) {
  const times = Float64Array.from(turns.flatMap((turn) => turn.times)).sort();
  const seconds = turns.reduce((sum, turn) => sum + turn.seconds, 0);
  return { rps: times.length / seconds, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

module.exports = { sendLoad, summarize };
