import { createHmac } from 'node:crypto';
import { storageDefaults } from '#src/storage/storage';
import { post, startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';
import { holdUsers } from '#test/support/hold-users';

eachDatabase('bad input', (database) => {
  let product: TestApp;
  let token: string;
  let userId: string;
  let ahead = 0;
  beforeAll(async () => {
    jest.replaceProperty(storageDefaults, 'busyTimeoutMs', 100);
    jest.replaceProperty(storageDefaults, 'lockTimeoutMs', 100);
    product = await startTestApp(database, { overrides: { clock: { now: () => Date.now() + ahead } } });
    token = await product.administrator();
    userId = await product.givenUser({ email: 'first@example.com', name: 'First' });
    await product.givenUser({ email: 'second@example.com' });
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

  const ids: [string, string, string | undefined, string][] = [
    ['an unknown id', 'auth0|000000000000000000000000', undefined, 'NOT_FOUND'],
    ['an id without form', '🙂 %_\'"; --', undefined, 'NOT_FOUND'],
    ['an id of 500,000 characters', 'x'.repeat(500_000), undefined, 'NOT_FOUND'],
    ['an id that every object has as a member', '__proto__', undefined, 'NOT_FOUND'],
    ['an id with NUL', 'auth0|\u0000', 'VALIDATION_FAILED', 'VALIDATION_FAILED'],
    ['an id that ends in half a character', 'auth0|\ud800', 'VALIDATION_FAILED', 'VALIDATION_FAILED'],
  ];
  test.each(ids)(
    '%s is null where it is read and a code where it is written',
    async (_title, id, read, write) => {
      const ask = async (operation: string): Promise<unknown> => {
        const answer = await product.ask(operation, { token, variables: { id } });
        expect(Object.values(answer.data ?? {}).filter((value) => value !== null)).toEqual([]);
        return answer.errors[0]?.extensions.code;
      };
      for (const field of ['user', 'role', 'organization', 'session', 'node'])
        expect([field, await ask(`query ($id: ID!) { ${field}(id: $id) { id } }`)]).toEqual([field, read]);
      for (const call of [
        'updateUser(input: { id: $id, name: "x" }) { user { id } }',
        'deleteUser(input: { id: $id }) { deletedId }',
        'addUserRoles(input: { id: $id, roleIds: [$id] }) { user { id } }',
        'deleteRole(input: { id: $id }) { deletedId }',
      ])
        expect([call, await ask(`mutation ($id: ID!) { ${call} }`)]).toEqual([call, write]);
    },
  );

  test('a cursor that was changed, cut, made by another list or is endless is INVALID_PAGING', async () => {
    const { data } = await product.ask('{ users(first: 1) { pageInfo { endCursor } } }', { token });
    const { endCursor: cursor } = (data as { users: { pageInfo: { endCursor: string } } }).users.pageInfo;
    const codes = async (list: string, after: string): Promise<unknown> =>
      (
        await product.ask(`query ($after: String) { ${list} { pageInfo { endCursor } } }`, {
          token,
          variables: { after },
        })
      ).errors[0]?.extensions.code;
    expect(await codes('users(after: $after)', cursor)).toBeUndefined();
    const changed = `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`;
    for (const bad of [changed, cursor.slice(0, -2), `${cursor}A`, 'A'.repeat(500_000), '', '\u0000'])
      expect([bad.slice(0, 20), await codes('users(after: $after)', bad)]).toEqual([
        bad.slice(0, 20),
        'INVALID_PAGING',
      ]);
    for (const other of [
      'roles(after: $after)',
      'users(after: $after, sort: [{ field: EMAIL, direction: ASC }])',
    ])
      expect(await codes(other, cursor)).toBe('INVALID_PAGING');
  });

  test.each([
    ['a __proto__ key', '{ __proto__: { a: 1 } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a constructor key further down', '{ a: [{ constructor: 1 }] }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a text', '"x"', 'VALIDATION_FAILED'],
    ['a list', '[1]', 'VALIDATION_FAILED'],
  ])('metadata of %s in the document writes nothing', async (_title, patch, code) => {
    const call = `updateUserMetadata(input: { userId: "${userId}", patch: ${patch} }) { user { id } }`;
    expect((await product.ask(`mutation { ${call} }`, { token })).errors[0]?.extensions.code).toBe(code);
    const { data } = await product.ask(`{ user(id: "${userId}") { metadata { user } } }`, { token });
    expect(data).toEqual({ user: { metadata: { user: {} } } });
    expect({}).not.toHaveProperty('a');
  });

  test('10,000 roles for one user are LIMIT_EXCEEDED', async () => {
    const answer = await product.ask(
      `mutation ($roleIds: [ID!]!) { addUserRoles(input: { id: "${userId}", roleIds: $roleIds }) { user { id } } }`,
      { token, variables: { roleIds: Array.from({ length: 10_000 }, (_, n) => `rol_${n}`) } },
    );
    expect(answer.errors[0]?.extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit: 50,
      current: 10_000,
    });
  });

  test('while another program holds the database a change is STORAGE_BUSY and nothing of it is written', async () => {
    const name = async (): Promise<unknown> =>
      (await product.ask(`{ user(id: "${userId}") { name } }`, { token })).data;
    const write = 'mutation ($id: ID!) { updateUser(input: { id: $id, name: "Other" }) { user { name } } }';
    const release = await holdUsers(database.url());
    const refused = await product.ask(write, { token, variables: { id: userId } });
    expect(refused.errors.map(({ extensions }) => extensions.code)).toEqual(['STORAGE_BUSY']);
    expect(await name()).toEqual({ user: { name: 'First' } });
    await release();
    expect((await product.ask(write, { token, variables: { id: userId } })).errors).toEqual([]);
    expect(await name()).toEqual({ user: { name: 'Other' } });
  });

  test('a forged, stripped or expired token is UNAUTHENTICATED, with data for nobody', async () => {
    const [head = '', body = '', signature = ''] = token.split('.');
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const keys = await (await fetch(`${product.url}/.well-known/jwks.json`)).text();
    const symmetric = `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${body}`;
    const reasonOf = async (bad: string): Promise<unknown> => {
      const answer = await product.ask('{ viewer { kind } users { totalCount } }', { token: bad });
      expect([answer.status, answer.data]).toEqual([401, undefined]);
      expect(answer.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
      return answer.errors[0]?.extensions['reason'];
    };
    for (const forged of [
      `${head}.${encode({ ...claims, sub: 'somebody' })}.${signature}`,
      `${head}.${body}.`,
      `${symmetric}.${createHmac('sha256', keys).update(symmetric).digest('base64url')}`,
      'x'.repeat(10_000),
    ])
      expect(await reasonOf(forged)).toBe('TOKEN_INVALID');
    ahead = 3_600_001;
    expect(await reasonOf(token)).toBe('TOKEN_EXPIRED');
    ahead = 0;
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
