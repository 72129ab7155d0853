'use strict';

const path = require('node:path');
const { storedPolicy } = require('./stored-rules');

const fieldCount = 200;
const rounds = 300;

/**
 * Milliseconds that the operation gate takes for 200 different guarded fields under twenty stored rules: for a caller whose decisions are
 * not known yet, and for one whose are. Medians, in this process.
 */
function measureGateTime(dist = path.join(__dirname, '..', 'dist')) {
  const { GateKeeper } = require(path.join(dist, 'access', 'gate'));
  const { principal } = require(path.join(dist, 'access', 'principal'));
  const policy = storedPolicy('objects');
  const fields = Array.from({ length: fieldCount }, (_, index) => ({
    index,
    coordinate: `Type${index}.field`,
    rules: [{ auth: { permissions: [['read:users']], orSelf: true }, attribute: `attribute_${index}` }],
  }));
  const keeper = new GateKeeper(
    { guarded: new Map(), inputs: new Map(), fields: new Map() },
    { now: Date.now },
    Buffer.alloc(32),
  );
  const caller = (subject) =>
    principal({
      kind: 'machine',
      userId: null,
      subject,
      sessionId: null,
      organizationId: null,
      permissions: ['read:users'],
      roles: ['role'],
      acr: null,
      authenticatedAt: null,
    });
  const decideAll = (who) => {
    const begun = process.hrtime.bigint();
    const gate = keeper.gateFor({ principal: who, policy }, () => ({}));
    for (const field of fields) gate.decide(field);
    return Number(process.hrtime.bigint() - begun) / 1e6;
  };
  const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  const known = caller('known');
  decideAll(known);
  const first = Array.from({ length: rounds }, (_, at) => decideAll(caller(`new ${at}`)));
  const again = Array.from({ length: rounds }, () => decideAll(known));
  return { first: median(first), again: median(again) };
}

module.exports = { measureGateTime };
