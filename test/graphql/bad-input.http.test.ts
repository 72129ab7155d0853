import { post, startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

eachDatabase('bad input', (database) => {
  let product: TestApp;
  let token: string;
  beforeAll(async () => {
    product = await startTestApp(database);
    token = await product.administrator();
  });
  afterAll(() => product.close());

  const bodies: [string, string, number, string][] = [
    ['malformed JSON', '{"query": ', 400, 'BAD_REQUEST'],
    [
      'JSON that is 100,000 levels deep',
      `{"query":"{__typename}","variables":${'['.repeat(100_000)}`,
      400,
      'JSON_TOO_DEEP',
    ],
    ['a __proto__ key', '{"query":"{__typename}","variables":{"__proto__":{"a":1}}}', 400, 'BAD_REQUEST'],
    ['an array of operations', '[{"query":"{__typename}"}]', 400, 'BAD_REQUEST'],
    ['no query', '{"variables":{}}', 400, 'BAD_REQUEST'],
    ['a syntax error', '{"query":"{ users( }"}', 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'an unknown operation name',
      '{"query":"query A{__typename} query B{__typename}","operationName":"C"}',
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'several operations and no name',
      '{"query":"query A{__typename} query B{__typename}"}',
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['an unknown field', '{"query":"{ nonsense }"}', 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a variable of the wrong type',
      '{"query":"query($n:Int!){users(first:$n){totalCount}}","variables":{"n":"x"}}',
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a document of 2,001 tokens',
      JSON.stringify({ query: `{${' __typename'.repeat(2000)}}` }),
      400,
      'TOO_MANY_TOKENS',
    ],
    ['a body of 2 MB', JSON.stringify({ query: `# ${'x'.repeat(2_000_000)}` }), 413, 'BODY_TOO_LARGE'],
  ];

  test.each(bodies)('%s is refused with a code and without internals', async (_title, body, status, code) => {
    const answer = await post(product.url, body, { token });
    expect(answer.status).toBe(status);
    expect(answer.errors.map((error) => error.extensions.code)).toEqual(expect.arrayContaining([code]));
    expect(JSON.stringify(answer)).not.toMatch(/node_modules|at \w+ \(|SELECT|sqlite|postgres/i);
  });

  const operations: [string, string, Record<string, unknown>, string][] = [
    ['first: -1', '{ users(first: -1) { totalCount nodes { id } } }', {}, 'INVALID_PAGING'],
    ['first: 101', '{ users(first: 101) { nodes { id } } }', {}, 'INVALID_PAGING'],
    ['first: 2147483648', '{ users(first: 2147483648) { nodes { id } } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['first with last', '{ users(first: 1, last: 1) { nodes { id } } }', {}, 'INVALID_PAGING'],
    ['an invalid cursor', '{ users(after: "x") { nodes { id } } }', {}, 'INVALID_PAGING'],
    [
      '101 ids',
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: Array.from({ length: 101 }, () => 'auth0|x') },
      'LIMIT_EXCEEDED',
    ],
    [
      'an over-long name',
      'mutation ($n: String) { createUser(input: { email: "x@example.com", name: $n }) { user { id } } }',
      { n: 'x'.repeat(151) },
      'VALIDATION_FAILED',
    ],
    [
      '13 levels',
      `{ users { nodes ${'{ roles { users { nodes '.repeat(4)} { id } ${'} } }'.repeat(4)} } }`,
      {},
      'QUERY_TOO_DEEP',
    ],
    [
      '51 aliases',
      `{ ${Array.from({ length: 51 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
      {},
      'TOO_MANY_ALIASES',
    ],
    [
      '21 root fields',
      `{ ${Array.from({ length: 21 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
      {},
      'TOO_MANY_ROOT_FIELDS',
    ],
    [
      '51 directives',
      `{ __typename ${'@include(if: true) '.repeat(1)} ${Array.from({ length: 50 }, () => '... @include(if: true) { __typename }').join(' ')} }`,
      {},
      'TOO_MANY_DIRECTIVES',
    ],
    ...['roles', 'groups', 'organizations'].map((list): [string, string, Record<string, unknown>, string] => [
      `${list} of a name of 900,000 characters`,
      `query ($n: String) { ${list}(name: $n) { totalCount } }`,
      { n: '%'.repeat(900_000) },
      'BAD_USER_INPUT',
    ]),
    [
      'the schema asked for a hundred times over',
      `{ __schema { ${Array.from({ length: 100 }, (_, n) => `a${n}: types { ...T }`).join(' ')} } } fragment T on __Type { fields { args { name type { name } } } }`,
      {},
      'QUERY_TOO_EXPENSIVE',
    ],
    [
      'an operation that may load a million objects',
      '{ users(first: 100) { nodes { organizations(first: 100) { nodes { organization { members(first: 100) { nodes { joinedAt } } } } } } } }',
      {},
      'QUERY_TOO_EXPENSIVE',
    ],
  ];

  test.each(operations)('%s', async (_title, query, variables, code) => {
    const answer = await product.ask(query, { token, variables });
    expect(answer.errors.map((error) => error.extensions.code)).toContain(code);
    expect(answer.status).toBeLessThan(500);
  });

  test('at each limit the operation still runs', async () => {
    const aliases = `{ users(first: 100) { nodes { ${Array.from({ length: 50 }, (_, n) => `a${n}: id`).join(' ')} } } }`;
    expect((await product.ask(aliases, { token })).errors).toEqual([]);
    const rootFields = `{ ${Array.from({ length: 20 }, (_, n) => `a${n}: __typename`).join(' ')} }`;
    expect((await product.ask(rootFields, { token })).errors).toEqual([]);
  });

  test('an anonymous caller has 15 aliases', async () => {
    const query = (count: number): string =>
      `{ viewer { ${Array.from({ length: count }, (_, n) => `a${n}: kind`).join(' ')} } }`;
    expect((await product.ask(query(15))).errors).toEqual([]);
    expect((await product.ask(query(16))).errors[0]?.extensions.code).toBe('TOO_MANY_ALIASES');
  });

  test.each([
    ['no token', undefined, 'UNAUTHENTICATED', 200],
    ['nonsense', 'nonsense', 'UNAUTHENTICATED', 401],
    ['an unsigned token', 'eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiJ4In0.', 'UNAUTHENTICATED', 401],
  ])('%s', async (_title, bad, code, status) => {
    const answer = await product.ask('{ users { totalCount } }', bad === undefined ? {} : { token: bad });
    expect(answer.status).toBe(status);
    expect(answer.errors[0]?.extensions.code).toBe(code);
    if (status === 401) expect(answer.data).toBeUndefined();
  });

  test('an unexpected failure is opaque, has an id, and its cause is in the log alone', async () => {
    const { loader } = { loader: product.app.product.users };
    const spy = jest.spyOn(loader, 'findId').mockRejectedValueOnce(new Error('SELECT secret FROM table'));
    const answer = await product.ask('{ userBy(where: { email: "x@example.com" }) { id } }', { token });
    expect(spy).toHaveBeenCalledTimes(1);
    expect(answer.errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(
          /^Something failed on our side. Quote the error id [\w-]+ to the operator.$/,
        ) as string,
        extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) as string },
      }),
    ]);
  });
});
