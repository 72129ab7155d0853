'use strict';

const path = require('node:path');
const { checkAgreement } = require('./agreement');
const { sendLoad, summarize } = require('./load');
const { measureGateTime } = require('./gate-time');
const { operations } = require('./operations');
const { processorTime } = require('./processes');
const { startGateway } = require('./servers');

const rounds = 12;
const patch = ['-r', path.join(__dirname, 'gates.js')];
const rules = ['-r', path.join(__dirname, 'stored-rules.js')];

/** The operation `list` with its gates, with every field gate forced, with twenty stored rules, and without any: the difference is the cost. */
async function measureGuard(url, samples, { seconds }) {
  const { list } = operations(samples);
  const servers = {
    removed: await startGateway(url, { nodeOptions: patch, env: { BENCH_GATES: 'removed' } }),
    decided: await startGateway(url),
    fields: await startGateway(url, { nodeOptions: patch, env: { BENCH_GATES: 'fields' } }),
    rules: await startGateway(url, { nodeOptions: rules, env: { BENCH_RULES: 'others' } }),
    objects: await startGateway(url, { nodeOptions: rules, env: { BENCH_RULES: 'objects' } }),
  };
  const names = Object.keys(servers);
  await checkAgreement('list', list, Object.values(servers));
  const loads = Object.fromEntries(
    names.map((name) => [name, { url: servers[name].url, requests: list.map(servers[name].requestFor) }]),
  );
  const turns = Object.fromEntries(names.map((name) => [name, []]));
  const spent = Object.fromEntries(names.map((name) => [name, { answers: 0, all: 0 }]));
  for (const name of names) await sendLoad({ ...loads[name], seconds: 2 });
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      const before = processorTime(servers[name].pid);
      const turn = await sendLoad({ ...loads[name], seconds: seconds / rounds });
      turns[name].push(turn);
      spent[name].answers += turn.answers;
      spent[name].all += processorTime(servers[name].pid).all - before.all;
    }
  }
  const rates = Object.fromEntries(names.map((name) => [name, summarize(turns[name]).rps]));
  const cost = (name) => `${((1 - rates[name] / rates.removed) * 100).toFixed(1)} %`;
  console.log(`list without gates                          ${rates.removed.toFixed(0)}/s`);
  console.log(
    `list, caller may read everything            ${rates.decided.toFixed(0)}/s   costs ${cost('decided')}`,
  );
  console.log(
    `list on the guarded schema, every gate run  ${rates.fields.toFixed(0)}/s   costs ${cost('fields')}`,
  );
  const toNone = (name) => `${((1 - rates[name] / rates.decided) * 100).toFixed(1)} % of none`;
  console.log(
    `list, 20 stored rules about other callers   ${rates.rules.toFixed(0)}/s   costs ${toNone('rules')}`,
  );
  console.log(
    `list, 20 stored rules, 3 about objects      ${rates.objects.toFixed(0)}/s   costs ${toNone('objects')}`,
  );
  console.log('The same in processor time, which other work on the machine changes less:');
  const time = (name) => spent[name].all / spent[name].answers;
  const more = (name, than) => `${((time(name) / time(than) - 1) * 100).toFixed(1)} %`;
  console.log(
    `  without gates ${time('removed').toFixed(2)} ms a request, with them ${more('decided', 'removed')} more`,
  );
  console.log(`  every gate run ${more('fields', 'removed')} more than without`);
  console.log(
    `  20 rules about other callers ${more('rules', 'decided')}, 3 of them about objects ${more('objects', 'decided')} more than no rules`,
  );
  const { first, again } = measureGateTime();
  console.log(
    `gate of 200 fields under 20 stored rules    ${first.toFixed(3)} ms for a new caller, ${again.toFixed(3)} ms for a known one`,
  );
}

module.exports = { measureGuard };
