'use strict';

require('reflect-metadata');
const http = require('node:http');
const path = require('node:path');
const { root } = require('./processes');

const dist = (name) => require(path.join(root, 'dist', name));

const roleCount = 50;
const permissionsPerRole = 1_000;
const organizationCount = 500;
const requests = 200;
const warmUp = 30;

/** How long it takes to say what one user may do who has as much as the limits allow, beside everybody else's data. */
async function measurePermissions(url) {
  const { loadConfig } = dist('config/load-config');
  const { createApp } = dist('app');
  const { silentLogger } = dist('shared/logger');
  const config = loadConfig({
    environment: {
      GATEHOUSE_DATABASE_URL: url,
      GATEHOUSE_SECRETS_FILE: path.join(root, '.bench', 'secrets.json'),
      GATEHOUSE_JOBS_ENABLED: 'false',
      GATEHOUSE_PORT: '0',
    },
  });
  const app = await createApp(config, { logger: silentLogger });
  const address = await app.http.listen();
  try {
    const user = await givenUser(app);
    const administrator = await token(app, {
      subject: 'bench',
      clientId: 'bench',
      permissions: [...app.product.permissions.keys()],
      roles: [],
    });
    const self = await token(app, { subject: user, clientId: 'other', permissions: 'all', roles: 'all' });
    const page = `query Page($id: ID!, $after: String) { user(id: $id) { permissions(first: 50, after: $after) {
      nodes { name sources { kind role { name } } } pageInfo { endCursor } } } }`;
    const { user: first } = await ask(address, administrator, page, { id: user });
    const after = first.permissions.pageInfo.endCursor;
    const count = 'query Count($id: ID!) { user(id: $id) { permissions { totalCount } } }';
    console.log(
      `one user with ${roleCount} roles of ${permissionsPerRole} permissions and ${organizationCount} organizations`,
    );
    await measure('first page of 50, with sources', () => send(address, administrator, page, { id: user }));
    await measure('second page', () => send(address, administrator, page, { id: user, after }));
    await measure('count', () => send(address, administrator, count, { id: user }));
    await measure('recognising the user at a request', () => send(address, self, '{ viewer { kind } }', {}));
  } finally {
    await app.close();
  }
}

async function token(app, grant) {
  return (await app.product.issueToken({ ...grant, lifetimeSeconds: 3_600 })).token;
}

/** Made once in a database, and found again: a catalogue that grew with every run would be another measurement each time. */
async function givenUser(app) {
  const { sql } = dist('storage/sql');
  const [known] = await app.storage
    .open()
    .query(
      sql`SELECT "user_id" AS "id" FROM "user_roles" GROUP BY "user_id" HAVING COUNT(*) >= ${roleCount} LIMIT 1`,
      { id: 'text' },
    );
  return known?.id ?? makeUser(app);
}

async function makeUser(app) {
  const call = dist('cli/operator-tasks').operatorCall(app.platform, app.product);
  const { id } = await app.product.users.create(call, { email: `bench-${Date.now()}@example.com` });
  const now = Date.now();
  const store = () => app.storage.open();
  const { ResourceServerEntity } = dist('features/roles/resource-server.entity');
  const { PermissionEntity } = dist('features/roles/permission.entity');
  const { RoleEntity } = dist('features/roles/role.entity');
  const { RolePermissionEntity } = dist('features/roles/role-permission.entity');
  const { UserRoleEntity } = dist('features/roles/user-role.entity');
  const { MembershipEntity } = dist('features/organizations/membership.entity');
  const { OrganizationEntity } = dist('features/organizations/organization.entity');
  const server = `api_bench${now}`;
  const permissions = Array.from({ length: permissionsPerRole }, (_, n) => ({
    id: `prm_${now}_${n}`,
    resourceServerId: server,
    name: `do:thing${n}`,
    description: null,
  }));
  const roles = Array.from({ length: roleCount }, (_, n) => ({
    id: `rol_${now}_${n}`,
    name: `Bench ${now} ${n}`,
    nameFolded: `bench ${now} ${n}`,
    description: null,
    type: 'TENANT',
    organizationId: null,
    createdAt: now,
    updatedAt: now,
  }));
  const organizations = Array.from({ length: organizationCount }, (_, n) => ({
    id: `org_${now}_${n}`,
    name: `bench-${now}-${n}`,
    displayName: null,
    logoUrl: null,
    primaryColor: null,
    pageBackgroundColor: null,
    metadata: {},
    tokenQuota: null,
    thirdPartyClientAccess: 'DENY',
    appEntitlementActive: false,
    createdAt: now,
    updatedAt: now,
    version: 1,
  }));
  await store().transaction(async (inside) => {
    await inside.insert(ResourceServerEntity, {
      id: server,
      identifier: `https://bench-${now}.example`,
      name: 'Bench',
      enforcePolicies: false,
      tokenDialect: 'ACCESS_TOKEN',
      isSystem: false,
      createdAt: now,
      updatedAt: now,
    });
    await inside.insert(PermissionEntity, permissions);
    await inside.insert(RoleEntity, roles);
    for (const role of roles) {
      await inside.insert(
        RolePermissionEntity,
        permissions.map((permission) => ({ roleId: role.id, permissionId: permission.id })),
      );
    }
    await inside.insert(
      UserRoleEntity,
      roles.map((role) => ({ userId: id, roleId: role.id, createdAt: now })),
    );
    await inside.insert(OrganizationEntity, organizations);
    await inside.insert(
      MembershipEntity,
      organizations.map((organization, n) => ({
        id: `mem_${now}_${n}`,
        organizationId: organization.id,
        userId: id,
        joinedAt: now,
        joinedVia: 'API',
      })),
    );
  });
  return id;
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

const agent = new http.Agent({ keepAlive: true });

/** Asks in the cheapest way and takes the answer for what it is: reading its JSON would cost as much as the gateway spends on it. */
function send(address, bearer, query, variables) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` };
  return new Promise((resolve, reject) => {
    const request = http.request(`${address}/graphql`, { method: 'POST', agent, headers }, (response) => {
      let start = null;
      response.on('data', (chunk) => (start ??= chunk.toString('utf8', 0, 8)));
      response.on('end', () => (start === '{"data":' ? resolve() : reject(new Error(`Answered ${start}…`))));
    });
    request.on('error', reject);
    request.end(JSON.stringify({ query, variables }));
  });
}

async function measure(name, request) {
  const times = [];
  const processor = [];
  for (let index = 0; index < warmUp + requests; index += 1) {
    const before = process.cpuUsage();
    const asked = performance.now();
    await request();
    const took = performance.now() - asked;
    const { user, system } = process.cpuUsage(before);
    if (index < warmUp) continue;
    times.push(took);
    processor.push((user + system) / 1000);
  }
  const at = (values, share) => {
    const sorted = [...values].sort((left, right) => left - right);
    return sorted[Math.floor(sorted.length * share)].toFixed(1).padStart(7);
  };
  // The least tells most on a machine that does other work; the processor time is of gateway and asking program together.
  console.log(
    `${name.padEnd(36)} p5 ${at(times, 0.05)}   p50 ${at(times, 0.5)}   p95 ${at(times, 0.95)} ms   processor time ${at(processor, 0.5)} ms`,
  );
}

module.exports = { measurePermissions };
