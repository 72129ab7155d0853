'use strict';

const DataLoader = require('dataloader');
const { asBoolean, groupBy } = require('../floor/batched');
const { statements } = require('../statements');

/** One set of loaders for each request: every edge is one statement for all the parents of its level. */
function createLoaders(database) {
  const { all, list } = database;
  const many = (statement, key, map = (row) => row, ...values) =>
    new DataLoader(async (keys) => {
      const groups = groupBy(await all(statement, [list(keys), ...values]), key);
      return keys.map((value) => (groups.get(value) ?? []).map(map));
    });

  return {
    users: new DataLoader(async (ids) => {
      const users = await all(statements.usersByIds, [list(ids)]);
      const byId = new Map(users.map((row) => [row.id, withBoolean(row)]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
    identities: many(statements.identitiesByUsers, 'userId'),
    roles: many(statements.rolesByUsers, 'userId'),
    permissions: many(statements.permissionsByRoles, 'roleId'),
    memberships: many(statements.membershipsByUsers, 'userId', (row) => ({
      id: row.id,
      organization: { name: row.name },
    })),
    membershipRoles: many(statements.rolesByMemberships, 'membershipId'),
    sessions: many(statements.sessionsByUsers, 'userId', undefined, Date.now()),
    metadata: new DataLoader(async (ids) => {
      const rows = await all(statements.metadataByUsers, [list(ids)]);
      const byId = new Map(rows.map((row) => [row.userId, row]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
  };
}

function withBoolean(row) {
  row.emailVerified = asBoolean(row.emailVerified);
  return row;
}

module.exports = { createLoaders, withBoolean };
