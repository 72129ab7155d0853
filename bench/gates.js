'use strict';

/**
 * Loaded before the gateway (`node -r`) when the cost of authorization is measured. The product has no switch that turns its
 * gates off, so the benchmark takes them out of its own copy in memory. BENCH_GATES is `removed` (no gate at all) or `fields`
 * (every guarded field runs behind its gate, although the caller may read everything).
 */

const path = require('node:path');

const dist = path.join(__dirname, '..', 'dist');
const { Executor } = require(path.join(dist, 'graphql', 'executor'));
const { GateKeeper } = require(path.join(dist, 'access', 'gate'));

function replace(prototype, name, make) {
  const original = prototype[name];
  if (typeof original !== 'function')
    throw new Error(`The gateway has no "${name}" any more: bench/gates.js is out of date.`);
  prototype[name] = make(original);
}

if (process.env.BENCH_GATES === 'removed') {
  replace(Executor.prototype, 'refuse', () => () => []);
  replace(
    GateKeeper.prototype,
    'gateFor',
    (original) =>
      function gateFor(...args) {
        const gate = original.apply(this, args);
        gate.decide = () => 'ALLOW';
        gate.isOpen = () => true;
        return gate;
      },
  );
} else {
  replace(
    Executor.prototype,
    'run',
    (original) =>
      function run(prepared, form, ...rest) {
        return original.call(this, prepared, 'guarded', ...rest);
      },
  );
}
