'use strict';

const os = require('node:os');
const { callOf, dist, givenOrganization, insertAll, openApp, userIds } = require('./removals');

const members = 5_000;
const sessionsOfEach = 2;
const bystanders = 1_000;
const turns = 3;

/**
 * Ending all sessions of an organization at once: 5,000 members with two live sessions each, while somebody else reads. Says how long the
 * mutation took, and of how many of those sessions the cookie is still accepted when it has answered.
 */
async function measureRevoking(url, { users }) {
  const app = await openApp(url, { GATEHOUSE_PORT: '0' });
  const address = await app.http.listen();
  try {
    const ids = await userIds(app.storage, Math.min(users, members));
    const { token } = await app.product.issueToken({
      ...{ subject: 'bench', clientId: 'bench', permissions: ['delete:sessions', 'read:organizations'] },
      ...{ roles: [], lifetimeSeconds: 3_600 },
    });
    for (let turn = 1; turn <= turns; turn += 1) {
      const organizationId = await givenOrganization(app, ids);
      const within = await givenSessions(app, ids, organizationId, sessionsOfEach);
      const without = await givenSessions(app, ids.slice(0, bystanders), null, 1);
      const before = await accepted(app, within);
      const { seconds, processor, count, longestRead } = await revoke(app, address, token, {
        organizationId,
        reader: without[0],
      });
      console.log(
        [
          `turn ${turn}: ${count} sessions of ${ids.length} members ended in ${seconds.toFixed(2)} s`,
          `${processor.toFixed(2)} s of processor time in this process, load ${os.loadavg()[0].toFixed(1)}`,
          `a reader beside it waited at most ${longestRead.toFixed(0)} ms`,
          `cookies accepted: ${before} before, ${await accepted(app, within)} afterwards`,
          `of others: ${await accepted(app, without)} of ${without.length}`,
        ].join('; '),
      );
    }
  } finally {
    await app.close();
  }
}

/** Live sessions, as a sign-in makes them; answers their secrets. */
async function givenSessions(app, userIds, organizationId, each) {
  const { SessionEntity } = dist('features/sessions/session.entity');
  const { hashSessionSecret, newSessionSecret } = dist('features/sessions/session-token');
  const { startTimes } = dist('features/sessions/session-policy');
  const { clock, ids, store } = callOf(app);
  const { sql } = dist('storage/sql');
  const epochs = new Map(
    (
      await store.query(
        sql`SELECT u.id AS "id", u.credential_epoch AS "epoch" FROM users u
          WHERE ${store.dialect.anyOf(sql`u.id`, userIds)}`,
        { id: 'text', epoch: 'integer' },
      )
    ).map(({ id, epoch }) => [id, epoch]),
  );
  const now = clock.now();
  const hour = 3_600_000;
  const made = userIds.flatMap((userId) =>
    Array.from({ length: each }, () => ({ userId, secret: newSessionSecret(ids) })),
  );
  await insertAll(app.storage, SessionEntity, made, ({ userId, secret }) => ({
    ...{ id: ids.next('ses'), secretHash: hashSessionSecret(secret), userId, status: 'ACTIVE' },
    ...startTimes(now, { idle: hour, absolute: hour }),
    ...{ updatedAt: now, authenticatedAt: now, clients: [], metadata: {}, actor: null },
    device: { initialIp: null, initialUserAgent: null, lastIp: null, lastUserAgent: null },
    authenticationMethods: [{ name: 'pwd', timestamp: now, connection: 'main' }],
    ...{ assurance: 'AAL1', cookieMode: 'persistent', organizationId },
    ...{ credentialEpoch: epochs.get(userId), endedAt: null, endReason: null },
  }));
  return made.map(({ secret }) => secret);
}

/** How many of these cookies still open something. */
async function accepted(app, secrets) {
  const store = app.storage.open();
  let count = 0;
  for (const sessionCookie of secrets) {
    const { principal } = await app.product.sessions.authenticate(
      { authorization: undefined, sessionCookie },
      store,
    );
    if (principal.kind === 'user') count += 1;
  }
  return count;
}

async function revoke(app, address, token, { organizationId, reader }) {
  let isDone = false;
  let longestRead = 0;
  const reading = (async () => {
    while (!isDone) {
      const asked = performance.now();
      await app.product.sessions.authenticate(
        { authorization: undefined, sessionCookie: reader },
        app.storage.open(),
      );
      longestRead = Math.max(longestRead, performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      query: `mutation ($id: ID!) { revokeOrganizationSessions(input: { organizationId: $id }) { revokedCount } }`,
      variables: { id: organizationId },
    }),
  });
  const { data, errors } = await response.json();
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  isDone = true;
  await reading;
  if (errors) throw new Error(JSON.stringify(errors));
  const count = data.revokeOrganizationSessions.revokedCount;
  return { seconds, processor: (user + system) / 1e6, count, longestRead };
}

module.exports = { measureRevoking };
