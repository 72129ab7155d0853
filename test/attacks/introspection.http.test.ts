import { buildClientSchema, getIntrospectionQuery, isEnumType, validateSchema } from 'graphql';
import { eachDatabase, sqliteDatabase } from '#test/support/databases';
import { target } from '#test/attacks/support/cast';
import { codesOf, Stage, type Served } from '#test/attacks/support/stage';
import { usualSecrets } from '#test/attacks/support/usual-secrets';

eachDatabase('attacks by the schema, introspection off', (database) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open(database, { GATEHOUSE_INTROSPECTION: 'false', GATEHOUSE_GRAPHIQL: 'false' });
  });
  afterAll(() => stage.close());

  test.each([
    ['__schema', '{ __schema { types { name } } }'],
    ['__type', '{ __type(name: "User") { fields { name } } }'],
    [
      'an alias',
      '{ a: __schema { queryType { name } } b: __type(name: "UserFilter") { inputFields { name } } }',
    ],
    [
      'a fragment on __Schema',
      '{ __schema { ...s } } fragment s on __Schema { types { ...t } } fragment t on __Type { name }',
    ],
    ['a fragment on Query', '{ ...q } fragment q on Query { x: __schema { mutationType { name } } }'],
    ['a directive', 'query ($x: Boolean = true) { __schema @include(if: $x) { types { name } } }'],
    ['the whole', getIntrospectionQuery()],
  ])('B24 the schema is not read by %s, by POST or GET, by anybody', async (_title, query) => {
    for (const as of [stage.administrator, stage.support, undefined]) {
      for (const answer of [await stage.ask(query, { as }), await stage.get(query, { as })]) {
        expect([answer.status, answer.data ?? null, answer.statements]).toEqual([400, null, 0]);
        expect(answer.text).not.toMatch(/"(fields|inputFields|types|mutationType)"\s*:/);
        expect(answer.text).toContain('introspection is off (graphql.introspection)');
      }
    }
  });

  test('B24 messages about wrong names suggest no right ones', async () => {
    const wrong: [string, Record<string, unknown>?][] = [
      ['{ user(id: "x") { emial phoneNumbr } }'],
      ['{ usr(id: "x") { id } }'],
      ['{ user(idd: "x") { id } }'],
      ['{ users(filtr: {}) { nodes { id } } }'],
      ['{ users(sort: [{ field: EMIAL, direction: ASC }]) { nodes { id } } }'],
      ['{ users(sort: [{ feild: EMAIL, direction: ASC }]) { nodes { id } } }'],
      ['{ users(filter: { phoneNumbr: { eq: "x" } }) { nodes { id } } }'],
      ['{ users(filter: { phoneNumber: { eqq: "x" } }) { nodes { id } } }'],
      ['{ node(id: "x") { ... on Usr { id } } }'],
      ['{ node(id: "x") { email } }'],
      ['query ($f: UserFiltr) { users(filter: $f) { nodes { id } } }'],
      ['{ users @inclde(if: true) { nodes { id } } }'],
      ['mutation { updateUsr(input: {}) { user { id } } }'],
      ['mutation { updateUser(input: { id: "x", emial: "y" }) { user { id } } }'],
      [
        'query ($s: [UserSort!]) { users(sort: $s) { nodes { id } } }',
        { s: [{ field: 'EMIAL', direction: 'ASC' }] },
      ],
      [
        'query ($s: [UserSort!]) { users(sort: $s) { nodes { id } } }',
        { s: [{ field: 'ID', direction: 'ASC', feild: 'ID' }] },
      ],
      ['query ($f: UserFilter) { users(filter: $f) { nodes { id } } }', { f: { phoneNumbr: { eq: 'x' } } }],
      ['query ($f: UserFilter) { users(filter: $f) { nodes { id } } }', { f: { phoneNumber: { eqq: 'x' } } }],
      [
        'mutation ($i: UpdateUserInput!) { updateUser(input: $i) { user { id } } }',
        { i: { id: 'x', emial: 'y' } },
      ],
      ['query ($w: UserUniqueInput!) { userBy(where: $w) { id } }', { w: { emial: 'y' } }],
      [
        'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
        { r: [{ __typename: 'Usr', id: 'x' }] },
      ],
    ];
    for (const [query, variables = {}] of wrong) {
      for (const as of [stage.administrator, undefined]) {
        const answer = await stage.ask(query, { as, variables });
        expect([query, answer.errors.length > 0]).toEqual([query, true]);
        expect([query, answer.text]).toEqual([query, expect.not.stringMatching(/did you mean/i)]);
        const asked = query + JSON.stringify(variables);
        for (const name of [
          'phoneNumber',
          'EMAIL',
          'email',
          'Organization',
          'updateUser',
          'include',
          'startsWith',
        ])
          if (!asked.includes(name))
            expect([query, answer.text]).toEqual([query, expect.not.stringContaining(name)]);
      }
    }
  });

  test('B24 the SDL of the subgraph needs its own permission', async () => {
    const query = '{ _service { sdl } }';
    for (const as of [stage.support, undefined]) {
      for (const ask of [query, '{ a: _service { ...s } } fragment s on _Service { x: sdl }']) {
        for (let run = 0; run < 2; run += 1) {
          const answer = await stage.ask(ask, { as });
          expect(answer.text).not.toContain('directive');
          expect(codesOf(answer)).toEqual([as === undefined ? 'UNAUTHENTICATED' : 'FORBIDDEN_FIELD']);
        }
      }
    }
    const router = await stage.product.machine(['read:sdl']);
    expect((await stage.ask(query, { as: router })).text).toContain('type User');
  });
});

eachDatabase('attacks by the schema, introspection on', (database) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open(database);
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  test('B25 the schema is the same for every caller and under every rule, and holds no data', async () => {
    const { phone } = await usualSecrets(stage);
    const ask = (as?: string): Promise<Served> =>
      stage.ask(getIntrospectionQuery({ descriptions: true }), { as });
    const before = await ask(stage.administrator);
    expect(before.text).toContain('"phoneNumber"');
    await stage.rule({ paths: ['phone_number'], name: 'CNRY rule', subject: {} });
    await stage.blacklist(['user_metadata.CNRY']);
    for (const as of [stage.administrator, stage.support, undefined]) {
      const after = await stage.indistinguishable(phone, () => ask(as));
      expect([as, after.text.slice(0, 200)]).toEqual([as, before.text.slice(0, 200)]);
      expect(after.text === before.text).toBe(true);
      expect(after.statements).toBe(0);
    }
  });

  test('B25 a type that is hidden from the caller is reached by its name in no other way than by its rules', async () => {
    const nobody = await stage.product.machine([]);
    for (const query of [
      '{ __type(name: "AuditEvent") { name fields { name } } auditEvents { nodes { actorId } } }',
      '{ node(id: "aud_x") { ... on User { email } ... on Session { device { lastIp } } } }',
      `{ _entities(representations: [{ __typename: "User", id: "${target}" }]) { ... on User { email } } }`,
    ]) {
      const answer = await stage.ask(query, { as: nobody });
      expect(answer.statements).toBe(0);
      expect(answer.text).not.toContain('"email":"');
    }
  });
});

sqliteDatabase('attacks by the schema, introspection by caller', (database) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open(database, { GATEHOUSE_INTROSPECTION_BY_CALLER: 'true' });
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  /** Every coordinate that the caller is shown. */
  async function shown(as: string | undefined): Promise<ReadonlySet<string>> {
    const answer = await stage.ask(getIntrospectionQuery({ inputValueDeprecation: true }), { as });
    expect([answer.errors, answer.statements]).toEqual([[], 0]);
    const schema = buildClientSchema(answer.data as never);
    expect(validateSchema(schema).map(({ message }) => message)).toEqual([]);
    const found = new Set<string>();
    for (const type of Object.values(schema.getTypeMap())) {
      found.add(type.name);
      if (isEnumType(type)) for (const { name } of type.getValues()) found.add(`${type.name}.${name}`);
      if (!('getFields' in type)) continue;
      for (const field of Object.values(type.getFields())) {
        found.add(`${type.name}.${field.name}`);
        if ('args' in field)
          for (const { name } of field.args) found.add(`${type.name}.${field.name}(${name}:)`);
      }
    }
    return found;
  }

  test('B25 each caller is shown what it may use, and types that lead nowhere are absent', async () => {
    const nobody = await shown(undefined);
    const reader = await shown(await stage.product.machine(['read:users']));
    const administrator = await shown(stage.administrator);
    for (const place of [
      'Query.users',
      'Query.users(filter:)',
      'UserFilter.email',
      'UserSortField.EMAIL',
      'User.email',
    ])
      expect([place, nobody.has(place), reader.has(place), administrator.has(place)]).toEqual([
        place,
        false,
        true,
        true,
      ]);
    for (const place of ['Query.signingKeys', 'SigningKey', 'Mutation.createUser', 'CreateUserInput.email'])
      expect([place, nobody.has(place), reader.has(place), administrator.has(place)]).toEqual([
        place,
        false,
        false,
        true,
      ]);
    expect(nobody.has('Mutation.signIn')).toBe(true);
    for (const name of ['SigningKey', 'CreateUserInput']) {
      const answer = await stage.ask(
        `query ($n: String!) { a: __type(name: $n) { name } ...q } fragment q on Query { b: __type(name: "${name}") { fields { name } inputFields { name } } }`,
        { as: stage.support, variables: { n: 'SigningKey' } },
      );
      expect(answer.data).toEqual({ a: null, b: name === 'SigningKey' ? null : expect.anything() });
    }
  });

  test('B25 what a stored rule closes to the caller is absent at the next request, and back when the rule is', async () => {
    const places = ['User.phoneNumber', 'UserFilter.phoneNumber', 'UserUniqueInput.phoneNumber'];
    const has = async (as: string) => {
      const found = await shown(as);
      return places.map((place) => found.has(place));
    };
    expect(await has(stage.support)).toEqual([true, true, true]);
    await stage.rule({ paths: ['phone_number'], actions: ['READ', 'WRITE'] });
    expect(await has(stage.support)).toEqual([false, false, false]);
    expect(await has(stage.sales)).toEqual([true, true, true]);
    await stage.reset();
    await stage.rule({ paths: ['phone_number'], object: { connections: ['corp'] } });
    expect((await shown(stage.support)).has('User.phoneNumber')).toBe(true);
  });

  test('B25 the schema is asked for alone, and messages suggest no names', async () => {
    for (const query of [
      '{ __schema { queryType { name } } viewer { kind } }',
      '{ ...q } fragment q on Query { __type(name: "User") { name } viewer { kind } }',
    ])
      expect(codesOf(await stage.ask(query, { as: stage.administrator }))).toEqual(['BAD_USER_INPUT']);
    expect((await stage.ask('{ user(id: "x") { emial } }', { as: stage.support })).text).not.toMatch(
      /did you mean/i,
    );
  });
});
