'use strict';

const path = require('node:path');
const { setTimeout: pause } = require('node:timers/promises');
const { startServer } = require('./processes');
const { callOf, dist, givenOrganization, mostMembers, openApp, userIds } = require('./removals');

const kills = 8;
/** As short as the configuration allows: after so long a job of a dead worker is taken over. */
const leaseSeconds = 5;

/**
 * Deletes an organization with many members and kills the process that removes them, again and again, at a random moment of its work
 * (SIGKILL: nothing is said goodbye to). The next one goes on when the lease is over. In the end no row may be left, no row may have
 * been counted twice or not at all, and there is one audit record.
 */
async function measureKills(url, { users }) {
  const app = await openApp(url);
  const ids = await userIds(app.storage, Math.min(users, mostMembers));
  const organization = await givenOrganization(app, ids);
  await app.organizations.delete(callOf(app), organization);
  const jobId = await jobIdOf(app, organization);
  const removedAtOnce = ids.length - (await membersLeft(app, organization));
  const started = Date.now();
  for (let kill = 1; kill <= kills && (await membersLeft(app, organization)) > 0; kill += 1) {
    const before = await membersLeft(app, organization);
    const worker = await startWorker(url);
    while ((await membersLeft(app, organization)) === before) await pause(20);
    await pause(Math.random() * 300);
    process.kill(worker.pid, 'SIGKILL');
    const left = await membersLeft(app, organization);
    console.log(`kill ${kill}: ${before - left} rows were gone, ${left} are left`);
  }
  const last = await startWorker(url);
  while ((await jobById(app, jobId)).status !== 'COMPLETED') await pause(100);
  await last.stop();
  const job = await jobById(app, jobId);
  const records = await recordsOf(app, organization);
  const left = await membersLeft(app, organization);
  const counted = job.counts.processed + removedAtOnce;
  console.log(
    `${ids.length} members: ${left} left, ${counted} counted, ${records} audit record of the deletion, ` +
      `over after ${((Date.now() - started) / 1000).toFixed(0)} s with a lease of ${leaseSeconds} s`,
  );
  await app.close();
  if (left !== 0 || counted !== ids.length || records !== 1)
    throw new Error('The removal was not resumed well.');
}

function startWorker(url) {
  return startServer({
    name: 'worker',
    command: [path.join(__dirname, 'kills-worker.js'), url],
    env: {
      GATEHOUSE_JOBS_LEASE_SECONDS: String(leaseSeconds),
      GATEHOUSE_JOBS_POLL_MS: '50',
      UV_THREADPOOL_SIZE: '8',
    },
    isReady: (output) => output.includes('ready'),
  });
}

async function one(app, statement, kinds) {
  const [row] = await app.storage.open().query(statement, kinds);
  return row;
}

async function membersLeft(app, organization) {
  const { sql } = dist('storage/sql');
  const statement = sql`SELECT COUNT(*) AS "n" FROM memberships WHERE organization_id = ${organization}`;
  return (await one(app, statement, { n: 'integer' })).n;
}

/** The payload is forgotten when the job is over, so it is looked for before. */
async function jobIdOf(app, organization) {
  const { sql } = dist('storage/sql');
  const statement = sql`SELECT id AS "id" FROM jobs WHERE payload LIKE ${`%${organization}%`}`;
  return (await one(app, statement, { id: 'text' })).id;
}

function jobById(app, id) {
  const { sql } = dist('storage/sql');
  const statement = sql`SELECT status AS "status", counts AS "counts" FROM jobs WHERE id = ${id}`;
  return one(app, statement, { status: 'text', counts: 'json' });
}

async function recordsOf(app, organization) {
  const { sql } = dist('storage/sql');
  const statement = sql`SELECT COUNT(*) AS "n" FROM audit_events WHERE target_id = ${organization} AND action = 'organization.delete'`;
  return (await one(app, statement, { n: 'integer' })).n;
}

module.exports = { measureKills };
