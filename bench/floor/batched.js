'use strict';

const { createHash } = require('node:crypto');
const { statements } = require('../statements');

/** The floor's first way: one prepared statement for each level, whatever the number of rows, and `JSON.stringify`. */
function batchedOperations(database) {
  const { all, list } = database;

  async function point({ id }) {
    const [users, identities, roles] = await Promise.all([
      all(statements.userById, [id]),
      all(statements.identitiesByUser, [id]),
      all(statements.rolesByUser, [id]),
    ]);
    if (users.length === 0) return null;
    const rolesById = await completeRoles(roles);
    return full(users[0], identities, roles, rolesById);
  }

  async function firstUsers() {
    const users = await all(statements.firstUsers, [50]);
    const ids = list(users.map((user) => user.id));
    const [identities, roles] = await Promise.all([
      all(statements.identitiesByUsers, [ids]),
      all(statements.rolesByUsers, [ids]),
    ]);
    const rolesById = await completeRoles(roles);
    const identitiesOf = groupBy(identities, 'userId');
    const rolesOf = groupBy(roles, 'userId');
    return {
      nodes: users.map((user) =>
        full(user, identitiesOf.get(user.id) ?? [], rolesOf.get(user.id) ?? [], rolesById),
      ),
    };
  }

  async function completeRoles(rows) {
    const rolesById = new Map();
    for (const row of rows) rolesById.set(row.id, { name: row.name, permissions: [] });
    const permissions = await all(statements.permissionsByRoles, [list([...rolesById.keys()])]);
    for (const row of permissions) rolesById.get(row.roleId).permissions.push({ name: row.name });
    return rolesById;
  }

  async function deep() {
    const users = await all(statements.firstUserIds, [20]);
    const ids = list(users.map((user) => user.id));
    const [[memberships, memberRoles], sessions, metadata] = await Promise.all([
      membershipsWithRoles(ids),
      all(statements.sessionsByUsers, [ids, Date.now()]),
      all(statements.metadataByUsers, [ids]),
    ]);
    const rolesOf = groupBy(memberRoles, 'membershipId');
    const membershipsOf = groupBy(memberships, 'userId');
    const sessionsOf = groupBy(sessions, 'userId');
    const metadataOf = new Map(metadata.map((row) => [row.userId, row]));
    return {
      nodes: users.map(({ id }) => {
        const stored = metadataOf.get(id);
        return {
          id,
          organizations: {
            nodes: (membershipsOf.get(id) ?? []).map((membership) => ({
              organization: { name: membership.name },
              roles: (rolesOf.get(membership.id) ?? []).map(({ name }) => ({ name })),
            })),
          },
          sessions: { nodes: (sessionsOf.get(id) ?? []).map((row) => ({ id: row.id, status: row.status })) },
          metadata: stored ? { user: JSON.parse(stored.user), app: JSON.parse(stored.app) } : null,
        };
      }),
    };
  }

  async function membershipsWithRoles(ids) {
    const memberships = await all(statements.membershipsByUsers, [ids]);
    const roles = await all(statements.rolesByMemberships, [list(memberships.map((row) => row.id))]);
    return [memberships, roles];
  }

  async function me({ cookie }) {
    const session = (await all(statements.sessionBySecret, [secretHash(cookie), Date.now()]))[0];
    if (session === undefined) return null;
    const [users, metadata] = await Promise.all([
      all(statements.userById, [session.userId]),
      all(statements.metadataByUser, [session.userId]),
    ]);
    const user = metadata.length === 0 ? null : JSON.parse(metadata[0].user);
    return { ...brief(users[0]), metadata: user === null ? null : { user } };
  }

  async function entities({ ids }) {
    const users = await all(statements.usersByIds, [list(ids)]);
    const byId = new Map(users.map((user) => [user.id, user]));
    return ids.map((id) => (byId.has(id) ? brief(byId.get(id)) : null));
  }

  return {
    point,
    list: firstUsers,
    deep,
    'search-exact': async ({ email }) => nodes(await all(statements.usersByEmail, [email])),
    'search-prefix': async ({ prefix }) =>
      nodes(await all(statements.usersByEmailPrefix, [prefix, endOfPrefix(prefix)])),
    'search-metadata': async ({ store, path, text }) =>
      nodes(await all(statements.usersByLeaf, [store, path, text])),
    me,
    entities,
  };
}

function full(user, identities, roles, rolesById) {
  return {
    id: user.id,
    email: user.email,
    emailVerified: asBoolean(user.emailVerified),
    name: user.name,
    identities: identities.map(({ provider, connection }) => ({ provider, connection })),
    roles: roles.map((role) => rolesById.get(role.id)),
  };
}

function brief(user) {
  return { id: user.id, email: user.email, name: user.name };
}

function nodes(users) {
  return { nodes: users.map(brief) };
}

/** The embedded database has no booleans. */
function asBoolean(value) {
  return typeof value === 'number' ? value === 1 : value;
}

function groupBy(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(row[key]);
    if (group === undefined) groups.set(row[key], [row]);
    else group.push(row);
  }
  return groups;
}

function secretHash(secret) {
  return createHash('sha256').update(secret).digest('hex');
}

/** The smallest text behind all texts that begin with the prefix. */
function endOfPrefix(prefix) {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}

module.exports = { batchedOperations, asBoolean, endOfPrefix, groupBy, secretHash };
