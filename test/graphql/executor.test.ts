/**
 * @jest-environment node
 */
import { anonymous } from '#src/access/principal';
import {
  admin,
  batches,
  caller,
  executed,
  openPolicy,
  policyOf,
  rule,
  run,
  sampleSchema,
} from '#test/graphql/sample';

describe.each([
  ['compiled', true],
  ['interpreted', false],
])('executor, %s', (_title, compile) => {
  test('an administrator reads a page with its edges loaded in one batch', async () => {
    const query =
      '{ users { nodes { id email pets { name } } totalCount pageInfo { hasNextPage endCursor } } }';
    const result = await run({ query, as: admin, compile });
    expect(result.errors).toBeUndefined();
    expect(result.data).toMatchObject({
      users: {
        nodes: [
          { id: 'auth0|a', email: 'a@example.com', pets: [{ name: 'Rex' }] },
          { id: 'auth0|b', email: 'b@example.com', pets: [{ name: 'Tom' }, { name: 'Kit' }] },
        ],
        totalCount: 2,
      },
    });
    expect(batches).toEqual([['auth0|a', 'auth0|b']]);
  });

  test('a user reads himself and nobody else', async () => {
    const query =
      '{ own: user(id: "auth0|a") { email } other: user(id: "auth0|b") { email } none: user(id: "auth0|x") { email } }';
    const result = await run({ query, as: caller([], 'auth0|a'), compile });
    expect(result.data).toEqual({ own: { email: 'a@example.com' }, other: null, none: null });
    expect(result.errors?.map((error) => [error.path, error.extensions])).toEqual([
      [
        ['other'],
        { code: 'FORBIDDEN_FIELD', coordinate: 'Query.user', count: 2, requires: [['read:users']] },
      ],
    ]);
  });

  test('an anonymous caller is told to sign in', async () => {
    const result = await run({ query: '{ users { nodes { id } } }', as: anonymous, compile });
    expect(result.data).toEqual({ users: null });
    expect(result.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED', coordinate: 'Query.users' });
  });

  test('a stored DENY hides a field with one error, whether the value is null or not', async () => {
    const query = '{ users { nodes { id phoneNumber } } }';
    const result = await run({ query, as: admin, policy: policyOf(rule({})), compile });
    expect(result.data).toEqual({
      users: {
        nodes: [
          { id: 'auth0|a', phoneNumber: null },
          { id: 'auth0|b', phoneNumber: null },
        ],
      },
    });
    expect(result.errors?.map((error) => [error.path, error.extensions])).toEqual([
      [
        ['users', 'nodes', 0, 'phoneNumber'],
        { code: 'FORBIDDEN_FIELD', coordinate: 'User.phoneNumber', count: 2 },
      ],
    ]);
  });

  test('a stored MASK shows a masked value and says so', async () => {
    const policy = policyOf(rule({ effect: 'MASK', mask: 'LAST4' }));
    const result = await run({
      query: '{ user(id: "auth0|a") { phoneNumber } }',
      as: admin,
      policy,
      compile,
    });
    expect(result).toEqual({
      data: { user: { phoneNumber: '***0111' } },
      extensions: { masked: ['User.phoneNumber'] },
    });
  });

  test('the blacklist answers null without an error', async () => {
    const policy = {
      ...openPolicy,
      version: 3,
      blacklist: [{ scope: 'TENANT' as const, scopeId: '', name: 'phoneNumber' }],
    };
    const result = await run({
      query: '{ user(id: "auth0|a") { email phoneNumber } }',
      as: admin,
      policy,
      compile,
    });
    expect(result).toEqual({ data: { user: { email: 'a@example.com', phoneNumber: null } } });
  });

  test('a rule for one connection hides only the users who have it', async () => {
    const policy = policyOf(rule({ object: { connections: ['corp'] } }));
    const facts = { 'auth0|a': { connections: ['corp', 'main'], organizations: [] } };
    const result = await run({
      query: '{ users { nodes { phoneNumber email } } }',
      as: admin,
      policy,
      facts,
      compile,
    });
    expect(result.data).toEqual({
      users: {
        nodes: [
          { phoneNumber: null, email: 'a@example.com' },
          { phoneNumber: null, email: 'b@example.com' },
        ],
      },
    });
    expect(result.errors?.[0]?.extensions).toEqual({
      code: 'FORBIDDEN_FIELD',
      coordinate: 'User.phoneNumber',
    });
  });

  test('a filter on a denied attribute refuses the whole operation, from a literal and from a variable', async () => {
    const policy = policyOf(rule({ paths: ['email'] }));
    for (const [query, variables] of [
      ['{ users(email: "a@example.com") { totalCount } }', {}],
      ['query ($e: String) { users(email: $e) { totalCount } }', { e: 'a@example.com' }],
      ['query ($e: String = "a@example.com") { users(email: $e) { totalCount } }', {}],
    ] as const) {
      const result = await run({ query, variables, as: admin, policy, compile });
      expect(result.data).toBeUndefined();
      expect(result.errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN_ARGUMENT', input: 'email' });
    }
    const omitted = await run({
      query: 'query ($e: String) { users(email: $e) { totalCount } }',
      as: admin,
      policy,
      compile,
    });
    expect(omitted).toEqual({ data: { users: { totalCount: 2 } } });
  });

  test('B17: no mutation runs when a later one is denied', async () => {
    const query =
      'mutation { patchUser(input: { id: "auth0|a" }) { user { id } } deleteUser(id: "auth0|b") }';
    const result = await run({ query, as: admin, compile });
    expect(result.data).toBeUndefined();
    expect(result.errors?.map((error) => [error.path, error.extensions['code']])).toEqual([
      [['deleteUser'], 'FORBIDDEN'],
    ]);
    expect(executed).toEqual([]);
  });

  test('B15: an explicit null for a denied input is a write; leaving it out is not', async () => {
    const policy = policyOf(rule({ paths: ['email'], actions: ['WRITE'] }));
    const denied = await run({
      query: 'mutation { patchUser(input: { id: "auth0|a", email: null }) { user { id } } }',
      as: admin,
      policy,
      compile,
    });
    expect(denied.errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN_ARGUMENT', input: 'input.email' });
    expect(executed).toEqual([]);
    const omitted = await run({
      query: 'mutation { patchUser(input: { id: "auth0|a" }) { user { id } } }',
      as: admin,
      policy,
      compile,
    });
    expect(omitted).toEqual({ data: { patchUser: { user: { id: 'auth0|a' } } } });
  });

  test('B03, B05: node and _entities ask the same rule as user(id)', async () => {
    const query = `query ($r: [_Any!]!) {
      node(id: "auth0|b") { id ... on User { email } }
      _entities(representations: $r) { ... on User { email } }
    }`;
    const variables = {
      r: [
        { __typename: 'User', id: 'auth0|a', email: 'forged' },
        { __typename: 'User', id: 'auth0|b' },
      ],
    };
    const asUser = await run({ query, variables, as: caller([], 'auth0|a'), compile });
    expect(asUser.data).toEqual({ node: null, _entities: [{ email: 'a@example.com' }, null] });
    expect(asUser.errors?.map((error) => error.path)).toEqual([['node']]);
    const asAdmin = await run({ query, variables, as: admin, compile });
    expect(asAdmin.data).toEqual({
      node: { id: 'auth0|b', email: 'b@example.com' },
      _entities: [{ email: 'a@example.com' }, { email: 'b@example.com' }],
    });
  });

  test.each([[[null]], [null], [undefined]])('refuses representations that are %j', async (r) => {
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    const result = await run({ query, variables: r === undefined ? {} : { r }, as: admin, compile });
    expect(result.data ?? null).toBeNull();
    expect(result.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  test('limits: an exponential chain of fragments is refused at once', async () => {
    const fragments = Array.from(
      { length: 30 },
      (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`,
    );
    const query = `{ ...F0 } ${fragments.join(' ')} fragment F30 on Query { a: __typename }`;
    const result = await run({ query, as: admin, compile });
    expect(result.errors?.[0]?.extensions['code']).toBe('TOO_MANY_ALIASES');
  });
});

test('the SDL shows every directive and the federation key', () => {
  const { sdl } = sampleSchema();
  expect(sdl).toContain('type User implements Node @key(fields: "id")');
  expect(sdl).toContain(
    'email: String @auth(permissions: [["read:users"]], orSelf: true) @attribute(path: "email")',
  );
  expect(sdl).toContain(
    'users(email: String @attribute(path: "email")): UserConnection @auth(permissions: [["read:users"]])',
  );
});
