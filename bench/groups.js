'use strict';

require('reflect-metadata');
const path = require('node:path');
const { root } = require('./processes');

const dist = (name) => require(path.join(root, 'dist', name));

const levels = 20;
const chains = 200;
const subtree = 1_000;
const membershipsPerUser = 10;
const roleCount = 100;

/**
 * What groups and the filter of delegated administration cost: 5,000 groups up to 20 deep with ten memberships for each user, one user's
 * rights, moving a subtree of 1,000 while others read, and a list behind a filter beside the same list without.
 */
async function measureGroups(url, { users }) {
  const lines = [];
  const app = await start(url, lines);
  const address = await app.http.listen();
  try {
    const tree = await givenGroups(app, users);
    const administrator = await token(app, [...app.product.permissions.keys()]);
    const asAdministrator = (query, variables) => ask(address, administrator, query, variables);
    console.log(
      `${tree.groupIds.length} groups, ${tree.pairs} pairs, ${tree.memberships} memberships, up to ${levels} levels`,
    );
    await measureRights(asAdministrator, app, tree);
    await measureMove(asAdministrator, tree);
    await measureFilter({ address, app, asAdministrator, lines });
  } finally {
    await app.close();
  }
}

async function start(url, lines) {
  const { silentLogger } = dist('shared/logger');
  const logger = { ...silentLogger, info: (fields) => lines.push(fields), child: () => logger };
  const config = dist('config/load-config').loadConfig({
    environment: {
      GATEHOUSE_DATABASE_URL: url,
      GATEHOUSE_SECRETS_FILE: path.join(root, '.bench', 'secrets.json'),
      GATEHOUSE_JOBS_ENABLED: 'false',
      GATEHOUSE_PORT: '0',
    },
  });
  return dist('app').createApp(config, { logger });
}

/** The rights of random users in an application, and the same users without any rights for comparison. */
async function measureRights(asked, app, { userIds, applicationId }) {
  const random = generator(7);
  const pick = () => userIds[Math.floor(random() * userIds.length)];
  const { authorization } = app.product.groups;
  const store = app.storage.open();
  const evaluate = () =>
    authorization.evaluate(store, {
      ...{ userId: pick(), applicationId, organizationId: null },
      ...{ exceptSources: [], besides: [] },
    });
  const context = `query ($userId: ID!, $applicationId: ID!) {
    authorizationContext(userId: $userId, applicationId: $applicationId) { groups roles permissions } }`;
  const plain = 'query ($id: ID!) { user(id: $id) { id email } }';
  const roles = 'query ($id: ID!) { user(id: $id) { effectiveRoles { role { id } sources { kind } } } }';
  await measureTurns([
    ['the user alone (for comparison)', () => asked(plain, { id: pick() })],
    ['evaluation of one user', evaluate],
    ['authorizationContext', () => asked(context, { userId: pick(), applicationId })],
    ['effectiveRoles with their sources', () => asked(roles, { id: pick() })],
  ]);
}

/** Moves a group with 999 below it to and fro; the longest read beside it says whether readers wait. */
async function measureMove(asked, { subtreeId, places, userIds }) {
  const move = 'mutation ($input: MoveGroupInput!) { moveGroup(input: $input) { group { id } } }';
  const read = 'query ($id: ID!) { user(id: $id) { groups(kind: CALCULATED, first: 50) { nodes { id } } } }';
  const reads = { alone: [], beside: [] };
  const timed = async (into, id) => {
    const asked_ = performance.now();
    await asked(read, { id });
    into.push(performance.now() - asked_);
  };
  for (let at = 0; at < 100; at += 1) await timed(reads.alone, userIds[at]);
  const moves = [];
  for (let at = 0; at < 10; at += 1) {
    let isMoving = true;
    const reading = (async () => {
      for (let n = 0; isMoving; n += 1) await timed(reads.beside, userIds[n % userIds.length]);
    })();
    const began = performance.now();
    await asked(move, { input: { id: subtreeId, parentIds: [places[at % places.length]] } });
    moves.push(performance.now() - began);
    isMoving = false;
    await reading;
  }
  report('moving 1,000 groups', moves);
  report('a read, nothing else going on', reads.alone);
  report(`a read beside a move (${reads.beside.length})`, reads.beside);
}

/** The first 50 users behind a filter and the first 50 of all, in turns. */
async function measureFilter({ address, app, asAdministrator, lines }) {
  const save = `mutation ($input: SaveDaeHookInput!) { saveDaeHook(input: $input) { hook { version } } }`;
  const filter = (where) => asAdministrator(save, { input: { name: 'FILTER', definition: { where } } });
  // Both are new, so that recognising them costs the same.
  const delegated = await signedIn(asAdministrator, app, 'Delegated Admin - Auditor');
  const person = await signedIn(asAdministrator, app, await readerRole(asAdministrator));
  // The `list` of the other benchmarks.
  const list = `query ($users: Int!) { users(first: $users) { nodes { id email emailVerified name
    identities { provider connection } roles { name permissions { name } } } } }`;
  const filters = [
    ['an attribute', { path: 'blocked', eq: false }],
    [
      "what the administrator's own metadata says",
      { path: 'app_metadata.plan', eq: '$actor.app_metadata.plan' },
    ],
  ];
  for (const [name, where] of filters) {
    await filter(where);
    const answerOf = async (bearer, users) => {
      lines.length = 0;
      const answer = await ask(address, bearer, list, { users });
      const { statements } = lines.find((fields) => fields?.statements !== undefined) ?? {};
      return { statements, length: JSON.stringify(answer).length };
    };
    const [without, within] = [await answerOf(person, 50), await answerOf(delegated, 50)];
    console.log(`filter by ${name}: ${within.statements} statements with it, ${without.statements} without`);
    console.log(`${within.length} characters answered with it, ${without.length} without`);
    // Other users have more or fewer roles: beside as many users, as large an answer.
    let asLarge = 50;
    while ((await answerOf(person, asLarge)).length < within.length) asLarge += 1;
    await measureTurns([
      ['50 users, no filter', () => ask(address, person, list, { users: 50 })],
      [`${asLarge} users, no filter`, () => ask(address, person, list, { users: asLarge })],
      ['50 users, filter', () => ask(address, delegated, list, { users: 50 })],
    ]);
  }
}

/** The token of a new user with a role. */
async function signedIn(asked, app, role) {
  const call = dist('cli/operator-tasks').operatorCall(app.platform, app.product);
  const { id } = await app.product.users.create(call, {
    email: `bench-${Math.random()}@example.com`,
    appMetadata: { plan: 'free' },
  });
  await giveRole(asked, id, role);
  const grant = { subject: id, clientId: 'bench', permissions: 'all', roles: 'all' };
  return (await app.product.issueToken({ ...grant, lifetimeSeconds: 3_600 })).token;
}

/** A role that may read every user. */
async function readerRole(asked) {
  const name = `Bench readers ${Date.now()}`;
  const { createRole } = await asked(
    'mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }',
    { input: { name } },
  );
  const { permissions } = await asked(
    '{ permissions(name: "read:users", first: 20) { nodes { id name } } }',
    {},
  );
  const permission = permissions.nodes.find((each) => each.name === 'read:users');
  await asked(
    'mutation ($input: AddRolePermissionsInput!) { addRolePermissions(input: $input) { role { id } } }',
    { input: { id: createRole.role.id, permissionIds: [permission.id] } },
  );
  return name;
}

async function giveRole(asked, id, name) {
  const { roles } = await asked('query ($name: String) { roles(name: $name, first: 5) { nodes { id } } }', {
    name,
  });
  await asked('mutation ($input: AddUserRolesInput!) { addUserRoles(input: $input) { user { id } } }', {
    input: { id, roleIds: [roles.nodes[0].id] },
  });
}

/** Made once in a database, and found again. */
async function givenGroups(app, users) {
  const store = app.storage.open();
  const { sql } = dist('storage/sql');
  const groupIds = Array.from({ length: chains * levels + subtree }, (_, n) => `grp_bench${n}`);
  const userIds = (
    await store.query(sql`SELECT "id" AS "id" FROM "users" ORDER BY "id" LIMIT ${users}`, { id: 'text' })
  ).map(({ id }) => id);
  const top = chains * levels;
  const [made] = await store.query(
    sql`SELECT (SELECT COUNT(*) FROM "user_groups" WHERE "id" = ${groupIds[0]}) AS "groups"`,
    { groups: 'integer' },
  );
  const applicationId =
    made.groups > 0 ? await findApplication(store, sql) : await fill(app, { groupIds, userIds });
  const [counts] = await store.query(
    sql`SELECT (SELECT COUNT(*) FROM "group_closure") AS "pairs", (SELECT COUNT(*) FROM "group_members") AS "memberships"`,
    { pairs: 'integer', memberships: 'integer' },
  );
  const places = [groupIds[chains * 5], groupIds[chains * 9 + 1]];
  return { ...counts, groupIds, userIds, applicationId, subtreeId: groupIds[top], places };
}

async function findApplication(store, sql) {
  const [row] = await store.query(
    sql`SELECT "id" AS "id" FROM "applications" WHERE "name" = 'Bench groups'`,
    {
      id: 'text',
    },
  );
  return row.id;
}

async function fill(app, { groupIds, userIds }) {
  const call = dist('cli/operator-tasks').operatorCall(app.platform, app.product);
  const { application } = await app.product.applications.applications.create(call, {
    name: 'Bench groups',
    type: 'REGULAR_WEB',
  });
  const roleIds = [];
  for (let n = 0; n < roleCount; n += 1)
    roleIds.push((await app.product.roles.roles.create(call, { name: `Bench group role ${n}` })).id);
  const edges = edgesOf(groupIds);
  const { pairs } = dist('features/groups/nesting/compute-closure').computeClosure(groupIds, edges);
  const random = generator(1);
  const members = new Map();
  for (const userId of userIds) {
    for (let n = 0; n < membershipsPerUser; n += 1) {
      const groupId = groupIds[Math.floor(random() * groupIds.length)];
      members.set(`${groupId} ${userId}`, { groupId, userId, source: '', createdAt: 1 });
    }
  }
  const rows = {
    'features/groups/group.entity': groupIds.map((id) => ({
      ...{ id, name: id, nameFolded: id, description: 'of the benchmark', organizationId: null },
      ...{ createdAt: 1, updatedAt: 1 },
    })),
    'features/groups/nesting/group-edge.entity': edges,
    'features/groups/nesting/group-closure.entity': pairs,
    'features/groups/members/group-member.entity': [...members.values()],
    'features/groups/roles/group-role.entity': groupIds.map((groupId, n) => ({
      groupId,
      roleId: roleIds[n % roleCount],
    })),
  };
  for (const [name, all] of Object.entries(rows)) {
    const [entity] = Object.values(dist(name));
    for (let from = 0; from < all.length; from += 10_000)
      await app.storage
        .open()
        .transaction((store) =>
          store.insert(entity, all.slice(from, from + 10_000), { ignoreConflicts: true }),
        );
  }
  // As the server does by itself a minute after so many rows were written.
  if (app.platform.config.database.url.reveal().startsWith('postgres'))
    await app.storage.open().transaction((store) => store.execute(dist('storage/sql').sql`ANALYZE`));
  return application.id;
}

/** Chains of 20 with a second way up for every tenth group, and a tree of two branches each below one of them. */
function edgesOf(groupIds) {
  const edges = [];
  const add = (parent, child) => edges.push({ parentId: groupIds[parent], childId: groupIds[child] });
  const top = chains * levels;
  for (let n = chains; n < top; n += 1) {
    add(n - chains, n);
    if (n % 10 === 0 && (n + 1) % chains !== 0) add(n - chains + 1, n);
  }
  add(chains * 5, top);
  for (let n = 1; n < subtree; n += 1) add(top + Math.floor((n - 1) / 2), top + n);
  return edges;
}

/** Numbers that are the same in every run. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

async function token(app, permissions) {
  const grant = { subject: 'bench', clientId: 'bench', permissions, roles: [] };
  return (await app.product.issueToken({ ...grant, lifetimeSeconds: 3_600 })).token;
}

async function ask(address, bearer, query, variables) {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

const turns = 400;
const warmUp = 60;

/**
 * One request of each in turn, so that whatever else the machine does meets all alike. The processor time is that of this process,
 * gateway and asking program together.
 */
async function measureTurns(cases) {
  const measured = cases.map(() => ({ times: [], processor: [] }));
  for (let turn = 0; turn < warmUp + turns; turn += 1) {
    for (const [at, [, request]] of cases.entries()) {
      const before = process.cpuUsage();
      const asked = performance.now();
      await request();
      const took = performance.now() - asked;
      const { user, system } = process.cpuUsage(before);
      if (turn < warmUp) continue;
      measured[at].times.push(took);
      measured[at].processor.push((user + system) / 1000);
    }
  }
  cases.forEach(([name], at) => report(name, measured[at].times, measured[at].processor));
}

function report(name, times, processor = []) {
  const at = (values, share) => {
    const sorted = [...values].sort((left, right) => left - right);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(2).padStart(8);
  };
  const mean = (times.reduce((sum, time) => sum + time, 0) / times.length).toFixed(2).padStart(8);
  const spent = processor.length === 0 ? '' : `   processor time p50 ${at(processor, 0.5)}`;
  console.log(
    `${name.padEnd(40)} p50 ${at(times, 0.5)}   p95 ${at(times, 0.95)}   most ${at(times, 1)}   mean ${mean} ms${spent}`,
  );
}

module.exports = { measureGroups };
