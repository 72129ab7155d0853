'use strict';

/**
 * Twenty stored rules as a deployment has them: most speak of other callers, some of everybody but of other data. None changes what the
 * benchmark's caller sees, so that the answers agree. Loaded before the gateway (`node -r`), they take the place of its stored ones;
 * BENCH_RULES is `others` (all decided by who asks) or `objects` (some turn on whose data it is).
 */

const path = require('node:path');

const attributes = [
  'email',
  'phone_number',
  'name',
  'given_name',
  'last_ip',
  'user_metadata.plan',
  'app_metadata.**',
];

function storedRules(kind) {
  return Array.from({ length: 20 }, (_, at) => ({
    id: `atr_bench${at}`,
    name: `rule ${at}`,
    effect: at % 5 === 4 ? 'MASK' : 'DENY',
    actions: at % 3 === 0 ? ['READ', 'WRITE'] : ['READ'],
    paths: [attributes[at % attributes.length], attributes[(at + 2) % attributes.length]],
    subject: kind === 'objects' && at >= 17 ? {} : { rolesAny: [`role ${at}`] },
    object: kind === 'objects' && at >= 17 ? { connections: ['no-such-connection'] } : { self: false },
    mask: at % 5 === 4 ? 'LAST4' : null,
  }));
}

function storedPolicy(kind) {
  const rules = storedRules(kind).map((rule) => Object.freeze(rule));
  return Object.freeze({ version: 1, rules: Object.freeze(rules), blacklist: Object.freeze([]) });
}

if (process.env.BENCH_RULES) {
  const { StoredPolicySource } = require(
    path.join(__dirname, '..', 'dist', 'features', 'attribute-rules', 'policy-source'),
  );
  if (typeof StoredPolicySource?.prototype.current !== 'function')
    throw new Error('The gateway has no policy source any more: bench/stored-rules.js is out of date.');
  const policy = storedPolicy(process.env.BENCH_RULES);
  StoredPolicySource.prototype.current = () => policy;
}

module.exports = { storedPolicy };
