'use strict';

require('reflect-metadata');
const path = require('node:path');
const { root } = require('./processes');

const dist = (name) => require(path.join(root, 'dist', name));

const mostHolders = 50_000;
const mostMembers = 200_000;
const mostComers = 50_000;
/** Profiles that are made in one transaction. */
const comersAtOnce = 1_000;
/** Rows of one statement while the data is made. */
const slice = 5_000;

/** How long other writers wait while what very many hold is deleted: a role, an organization, a connection with its users. */
async function measureRemovals(url, { users }) {
  const app = await openApp(url);
  const times = [];
  const plain = app.storage.open.bind(app.storage);
  timeTransactions(app.storage, times);
  try {
    const ids = await userIds(app.storage, Math.min(users, mostMembers));
    const role = await givenRole(app, ids.slice(0, mostHolders));
    await removal(
      { app, times, plain },
      {
        name: `role with ${Math.min(ids.length, mostHolders)} holders`,
        remove: (call) => app.product.roles.roles.delete(call, role),
      },
    );
    const organization = await givenOrganization(app, ids);
    await removal(
      { app, times, plain },
      {
        name: `organization with ${ids.length} members`,
        remove: (call) => app.organizations.delete(call, organization),
      },
    );
    const comers = Math.min(users, mostComers);
    const connection = await givenConnection(app, comers);
    await removal(
      { app, times, plain },
      {
        name: `connection with ${comers} users, a tenth of them with another identity`,
        remove: (call) => app.product.connectionSettings.delete(call, { id: connection, deletesUsers: true }),
      },
    );
  } finally {
    await app.close();
  }
}

async function openApp(url, environment = {}) {
  const { loadConfig } = dist('config/load-config');
  const { createApp } = dist('app');
  const { OrganizationService } = dist('features/organizations/organization.service');
  const { silentLogger } = dist('shared/logger');
  const config = loadConfig({
    environment: {
      GATEHOUSE_DATABASE_URL: url,
      GATEHOUSE_SECRETS_FILE: path.join(root, '.bench', 'secrets.json'),
      GATEHOUSE_JOBS_ENABLED: 'false',
      ...environment,
    },
  });
  const app = await createApp(config, { logger: silentLogger });
  const resolvers = app.product.parts.flatMap((part) => part.resolvers);
  const members = resolvers.flatMap((resolver) => Object.values(resolver));
  return { ...app, organizations: members.find((member) => member instanceof OrganizationService) };
}

/** Notes how long each write transaction holds its place, its commit included. */
function timeTransactions(storage, times) {
  const open = storage.open.bind(storage);
  storage.open = () => {
    const store = open();
    const timed = Object.create(store);
    timed.transaction = async (work) => {
      let begun = 0;
      const result = await store.transaction((inside) => {
        begun = performance.now();
        return work(inside);
      });
      times.push(performance.now() - begun);
      return result;
    };
    return timed;
  };
}

async function userIds(storage, count) {
  const { sql } = dist('storage/sql');
  const rows = await storage
    .open()
    .query(sql`SELECT u.id AS "id" FROM users u ORDER BY u.id LIMIT ${count}`, { id: 'text' });
  return rows.map(({ id }) => id);
}

const callOf = (app) => dist('cli/operator-tasks').operatorCall(app.platform, app.product);

async function givenRole(app, ids) {
  const { UserRoleEntity } = dist('features/roles/user-role.entity');
  const { id } = await app.product.roles.roles.create(callOf(app), { name: `bench ${Date.now()}` });
  await insertAll(app.storage, UserRoleEntity, ids, (userId) => ({ userId, roleId: id, createdAt: 1 }));
  return id;
}

async function givenOrganization(app, ids) {
  const { MembershipEntity } = dist('features/organizations/membership.entity');
  const { MembershipRoleEntity } = dist('features/organizations/membership-role.entity');
  const { id } = await app.organizations.create(callOf(app), { name: `bench-${Date.now()}` });
  const role = await app.product.roles.roles.create(callOf(app), { name: `bench member ${Date.now()}` });
  const membershipId = (userId) => `mem_${id}_${userId}`;
  await insertAll(app.storage, MembershipEntity, ids, (userId) => ({
    id: membershipId(userId),
    organizationId: id,
    userId,
    joinedAt: 1,
    joinedVia: 'API',
  }));
  await insertAll(app.storage, MembershipRoleEntity, ids, (userId) => ({
    membershipId: membershipId(userId),
    roleId: role.id,
  }));
  return id;
}

/** A connection that users come from; every tenth of them has another identity, which is the primary one. Answers its id. */
async function givenConnection(app, count) {
  const { loadProfiles } = dist('cli/seed/load-profiles');
  const { sql } = dist('storage/sql');
  const name = `bench-${Date.now()}`;
  for (let start = 0; start < count; start += comersAtOnce) {
    const rows = Array.from({ length: Math.min(comersAtOnce, count - start) }, (_, n) =>
      profileOf(name, start + n),
    );
    await loadProfiles(app.storage, rows, app.platform);
  }
  const [row] = await app.storage
    .open()
    .query(sql`SELECT c.id AS "id" FROM connections c WHERE c.name = ${name}`, { id: 'text' });
  return row.id;
}

function profileOf(connection, number) {
  const email = `${number}@${connection}.example`;
  const there = {
    ...{ provider: 'oidc', connection, user_id: `${connection}|${number}` },
    profileData: { email, name: `Comer ${number}` },
  };
  const here = { provider: 'auth0', connection: 'main', user_id: `${connection}-${number}` };
  const identities = number % 10 === 0 ? [here, there] : [there];
  return {
    user_id: `${identities[0].provider}|${identities[0].user_id}`,
    ...{ email, name: `Comer ${number}`, user_metadata: { theme: 'dark' }, app_metadata: { plan: 'free' } },
    identities,
  };
}

async function insertAll(storage, entity, ids, rowOf) {
  for (let start = 0; start < ids.length; start += slice) {
    const rows = ids.slice(start, start + slice).map(rowOf);
    await storage.open().transaction((store) => store.insert(entity, rows));
  }
}

async function removal({ app, times, plain }, { name, remove }) {
  times.length = 0;
  const asked = performance.now();
  await remove(callOf(app));
  const answered = performance.now() - asked;
  const waits = [];
  let isDone = false;
  const others = otherWriter(plain, waits, () => isDone);
  const begun = performance.now();
  await app.jobs.runUntilIdle();
  const took = performance.now() - begun;
  isDone = true;
  await others;
  times.sort((left, right) => left - right);
  const at = (list, share) =>
    (list[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0).toFixed(1);
  waits.sort((left, right) => left - right);
  console.log(
    [
      name,
      `answered in ${answered.toFixed(0)} ms`,
      `rows gone after ${(took / 1_000).toFixed(1)} s in ${times.length} transactions`,
      `write transaction p50 ${at(times, 0.5)} ms, p99 ${at(times, 0.99)} ms, longest ${at(times, 1)} ms`,
      `another writer waited at most ${at(waits, 1)} ms`,
    ].join('; '),
  );
}

/** Takes the write lock again and again, as a request would. */
async function otherWriter(open, waits, isDone) {
  const { sql } = dist('storage/sql');
  while (!isDone()) {
    const asked = performance.now();
    await open().transaction(async (store) => {
      waits.push(performance.now() - asked);
      await store.execute(sql`UPDATE policy_state SET version = version WHERE id = 1`);
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

module.exports = {
  callOf,
  dist,
  givenOrganization,
  insertAll,
  measureRemovals,
  mostMembers,
  openApp,
  userIds,
};
