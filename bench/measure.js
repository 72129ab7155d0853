'use strict';

const { checkAgreement } = require('./agreement');
const { sendLoad, summarize } = require('./load');
const { floorWays } = require('./operations');

const rounds = 3;
const warmUpSeconds = 1;

/** One operation on all servers, in turns, after their answers were compared. */
async function measureOperation(name, cases, { ours, floor, peer }, seconds) {
  const ways = floorWays(name);
  const floorAs = (way) => ({
    ...floor,
    name: `floor (${way})`,
    requestFor: (one) => floor.requestFor(one, way, name),
  });
  await checkAgreement(name, cases, [ours, peer, ...ways.map(floorAs)]);

  const fastest = await pickWay(ways, cases, floorAs);
  const servers = { ours, floor: floorAs(fastest), peer };
  const loads = Object.fromEntries(
    Object.entries(servers).map(([key, server]) => [
      key,
      { url: server.url, requests: cases.map(server.requestFor) },
    ]),
  );
  await sendLoad({ ...loads.ours, seconds: warmUpSeconds });
  await sendLoad({ ...loads.peer, seconds: warmUpSeconds });

  const turns = { ours: [], floor: [], peer: [] };
  const counted = { requests: 0, statements: 0 };
  for (let round = 0; round < rounds; round += 1) {
    for (const key of ['ours', 'floor', 'peer']) {
      const before = key === 'ours' ? await ours.counters() : null;
      turns[key].push(await sendLoad({ ...loads[key], seconds: seconds / rounds }));
      if (before !== null) {
        const after = await ours.counters();
        counted.requests += after.requests - before.requests;
        counted.statements += after.statements - before.statements;
      }
    }
  }
  const result = Object.fromEntries(Object.entries(turns).map(([key, list]) => [key, summarize(list)]));
  return {
    name,
    ours: { ...result.ours, statements: counted.statements / counted.requests },
    floor: { ...result.floor, way: fastest },
    peer: result.peer,
    toFloor: result.ours.rps / result.floor.rps,
    toPeer: result.ours.rps / result.peer.rps,
  };
}

/** The floor's faster way for this operation, found by a short run of each. */
async function pickWay(ways, cases, floorAs) {
  const found = [];
  for (const way of ways) {
    const server = floorAs(way);
    const requests = cases.map(server.requestFor);
    const turn = await sendLoad({ url: server.url, requests, seconds: warmUpSeconds });
    found.push({ way, rps: turn.answers / turn.seconds });
  }
  return found.reduce((best, other) => (other.rps > best.rps ? other : best)).way;
}

module.exports = { measureOperation };
