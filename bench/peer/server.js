'use strict';

/** The peer: what one would build with mercurius instead, with `jit: 1` and hand-written loaders, without authorization. */

const { readFileSync } = require('node:fs');
const path = require('node:path');
const fastify = require('fastify');
const mercurius = require('mercurius');
const { openDatabase } = require('../drivers');
const { endOfPrefix, secretHash } = require('../floor/batched');
const { updateMetadata } = require('../floor/write');
const { statements } = require('../statements');
const { createLoaders, withBoolean } = require('./loaders');

const database = openDatabase(process.env.BENCH_DATABASE_URL);
const { all } = database;

const resolvers = {
  Query: {
    user: (_, { id }, { loaders }) => loaders.users.load(id),
    users: async (_, { q, first }) => {
      const rows = q === undefined ? await all(statements.firstUsers, [first]) : await search(q);
      return { nodes: rows.map(withBoolean) };
    },
    me: async (_, __, { loaders, cookie }) => {
      const secret = cookie.slice(cookie.indexOf('=') + 1);
      const session = (await all(statements.sessionBySecret, [secretHash(secret), Date.now()]))[0];
      return session === undefined ? null : loaders.users.load(session.userId);
    },
    _entities: (_, { representations }, { loaders }) =>
      representations.map((representation) => loaders.users.load(representation.id)),
  },
  Mutation: {
    updateUserMetadata: async (_, { input }, { loaders }) => {
      await updateMetadata(database, input);
      return { user: await loaders.users.load(input.userId) };
    },
  },
  User: {
    identities: (user, _, { loaders }) => loaders.identities.load(user.id),
    roles: (user, _, { loaders }) => loaders.roles.load(user.id),
    organizations: async (user, _, { loaders }) => ({ nodes: await loaders.memberships.load(user.id) }),
    sessions: async (user, _, { loaders }) => ({ nodes: await loaders.sessions.load(user.id) }),
    metadata: (user, _, { loaders }) => loaders.metadata.load(user.id),
  },
  Role: { permissions: (role, _, { loaders }) => loaders.permissions.load(role.id) },
  Membership: { roles: (membership, _, { loaders }) => loaders.membershipRoles.load(membership.id) },
  Metadata: { user: (row) => JSON.parse(row.user), app: (row) => JSON.parse(row.app) },
};

/** Just enough of the search language for the three searches of the benchmark. */
function search(q) {
  const [, field, text] = /^([a-z_.]+):"?(.*?)"?$/.exec(q);
  if (field === 'email' && text.endsWith('*')) {
    const prefix = text.slice(0, -1).toLowerCase();
    return all(statements.usersByEmailPrefix, [prefix, endOfPrefix(prefix)]);
  }
  if (field === 'email') return all(statements.usersByEmail, [text.toLowerCase()]);
  const [root, ...rest] = field.split('.');
  return all(statements.usersByLeaf, [root === 'user_metadata' ? 'user' : 'app', rest.join('.'), text]);
}

const app = fastify();
app.register(mercurius, {
  schema: readFileSync(path.join(__dirname, 'schema.graphql'), 'utf8'),
  resolvers: { ...resolvers, _Entity: { resolveType: () => 'User' } },
  jit: 1,
  context: (request) => ({ loaders: createLoaders(database), cookie: request.headers.cookie }),
});
app.listen({ port: Number(process.env.BENCH_PORT), host: '127.0.0.1' }).then(() => console.log('ready'));
process.on('SIGTERM', () => process.exit(0));
