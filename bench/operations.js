'use strict';

/** A browser's request with a cookie tells where its page comes from; pages of the issuer itself are trusted. */
const issuer = 'http://127.0.0.1:4000';

const user =
  '{ id email emailVerified name identities { provider connection } roles { name permissions { name } } }';

const graphql = {
  point: `query Point($id: ID!) { user(id: $id) ${user} }`,
  list: `query List { users(first: 50) { nodes ${user} } }`,
  deep: `query Deep { users(first: 20) { nodes { id
    organizations(first: 5) { nodes { organization { name } roles { name } } }
    sessions(first: 3) { nodes { id status } }
    metadata { user app } } } }`,
  search: 'query Search($q: String!) { users(q: $q, first: 25) { nodes { id email name } } }',
  me: 'query Me { me { id email name metadata { user } } }',
  entities: `query Entities($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on User { id email name } } }`,
  write: `mutation Write($input: UpdateUserMetadataInput!) { updateUserMetadata(input: $input) { user { id } } }`,
};

const colors = [
  'amber',
  'black',
  'blue',
  'coral',
  'green',
  'indigo',
  'olive',
  'orange',
  'pink',
  'red',
  'teal',
  'white',
];

/**
 * For each operation the random cases: what is asked of the two GraphQL servers (`graphql`, `pick` takes the compared part
 * of the answer's data) and of the floor (`floor`).
 */
function operations(samples) {
  const search = (q, input) => ({
    query: graphql.search,
    variables: { q },
    pick: (data) => data.users,
    input,
  });
  return {
    point: samples.ids.map((id) => ({
      query: graphql.point,
      variables: { id },
      pick: (data) => data.user,
      input: { id },
    })),
    list: [{ query: graphql.list, variables: {}, pick: (data) => data.users, input: {} }],
    deep: [{ query: graphql.deep, variables: {}, pick: (data) => data.users, input: {} }],
    'search-exact': samples.emails.map((email) => search(`email:${quoted(email)}`, { email })),
    'search-prefix': samples.prefixes.map((prefix) => search(`email:${escaped(prefix)}*`, { prefix })),
    'search-metadata': samples.leaves.map((leaf) =>
      search(`${leaf.store}_metadata.${leaf.path}:${quoted(leaf.text)}`, leaf),
    ),
    me: samples.cookies.map((cookie) => ({
      query: graphql.me,
      variables: {},
      pick: (data) => data.me,
      input: {},
      cookie,
    })),
    entities: samples.batches.map((ids) => ({
      query: graphql.entities,
      variables: { representations: ids.map((id) => ({ __typename: 'User', id })) },
      pick: (data) => data._entities,
      input: { ids },
      isPost: true,
    })),
    write: samples.ids.map((userId) => {
      const input = () => ({
        userId,
        patch: { favorite_color: nextColor(), last_seen: `page ${nextNumber()}` },
      });
      return {
        query: graphql.write,
        get variables() {
          return { input: input() };
        },
        get input() {
          return input();
        },
        pick: (data) => data.updateUserMetadata,
        isPost: true,
        isFresh: true,
      };
    }),
  };
}

let number = 0;

/** Never the same, so that every write changes something, also at the next run. */
function nextNumber() {
  number += 1;
  return `${process.pid}.${Date.now()}.${number}`;
}

function nextColor() {
  return colors[number % colors.length];
}

/** A body that is made anew for each sending where the case asks for that. */
function bodyOf(testCase, make) {
  if (!testCase.isFresh) return { body: JSON.stringify(make()) };
  return {
    body: JSON.stringify(make()),
    setupRequest: (request) => ({ ...request, body: JSON.stringify(make()) }),
  };
}

/** The request in autocannon's form for a GraphQL server; the session cookie takes the place of `headers.authorization`. */
function graphqlRequest(testCase, headers = {}) {
  const { authorization, ...rest } = headers;
  const credentials =
    testCase.cookie === undefined
      ? authorization === undefined
        ? {}
        : { authorization }
      : { cookie: `gid_session=${testCase.cookie}`, origin: issuer };
  return {
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', ...rest, ...credentials },
    ...bodyOf(testCase, () => ({ query: testCase.query, variables: testCase.variables })),
  };
}

/** In which ways the floor answers an operation. */
function floorWays(operation) {
  return operation === 'write' ? ['batched'] : ['batched', 'json'];
}

function floorRequest(testCase, way, operation) {
  const path = `/${way}/${operation}`;
  const headers = testCase.cookie === undefined ? {} : { cookie: `gid_session=${testCase.cookie}` };
  if (testCase.isPost) {
    return {
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', ...headers },
      ...bodyOf(testCase, () => testCase.input),
    };
  }
  const search = new URLSearchParams(testCase.input).toString();
  return { method: 'GET', path: search === '' ? path : `${path}?${search}`, headers };
}

function quoted(text) {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function escaped(text) {
  return text.replace(/[+\-=&|><!(){}[\]^"~*?:\\/ ]/g, '\\$&');
}

module.exports = { issuer, floorRequest, floorWays, graphqlRequest, operations };
