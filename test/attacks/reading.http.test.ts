import { eachDatabase } from '#test/support/databases';
import { acme, target } from '#test/attacks/support/cast';
import { Stage } from '#test/attacks/support/stage';
import { secretSession, usualSecrets, type UsualSecrets } from '#test/attacks/support/usual-secrets';

const refusal = (path: readonly (string | number)[], count = 1) => ({
  message: 'You may not read this field.',
  path,
  extensions: { code: 'FORBIDDEN_FIELD', coordinate: 'User.phoneNumber', ...(count > 1 ? { count } : {}) },
});

eachDatabase('attacks by reading', (database) => {
  let stage: Stage;
  let secrets: UsualSecrets;

  beforeAll(async () => {
    stage = await Stage.open(database);
    secrets = await usualSecrets(stage);
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  test('B01 aliases and repetitions of a denied field are all null, with one error', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const query = 'query ($id: ID!) { user(id: $id) { a: phoneNumber phoneNumber b: phoneNumber } }';
    const answer = await stage.attack(secrets.phone, query);
    expect(answer.data).toEqual({ user: { a: null, phoneNumber: null, b: null } });
    expect(answer.errors).toEqual([refusal(['user', 'a'], 3)]);
  });

  test('B01 two aliases with different arguments, one allowed, do not share a decision or a value', async () => {
    await stage.rule({ paths: ['user_metadata.secret'] });
    const answer = await stage.attack(
      secrets.metadata,
      `query ($id: ID!) { user(id: $id) { metadata {
         denied: user(path: "secret") allowed: user(path: "theme") whole: user(path: null) again: user(path: "secret") } } }`,
    );
    expect(answer.data).toEqual({
      user: {
        metadata: {
          denied: null,
          allowed: 'dark',
          whole: { theme: 'dark', nested: { secret: 1 } },
          again: null,
        },
      },
    });
  });

  test('B01 a user as two root aliases: the own one is open, the other closed', async () => {
    const { id, token } = await stage.someone();
    const query = `query ($own: ID!, $id: ID!) {
      own: user(id: $own) { id } denied: user(id: $id) { id phoneNumber } node(id: $id) { id } }`;
    const answer = await stage.indistinguishable(secrets.phone, () =>
      stage.ask(query, { as: token, variables: { own: id, id: target } }),
    );
    expect(answer.data).toEqual({ own: { id }, denied: null, node: null });
  });

  test.each([
    ['a named fragment', '{ ...f } } fragment f on User { phoneNumber }'],
    [
      'nested fragments',
      '{ ...f } } fragment f on User { ...g } fragment g on User { ... on User { phoneNumber } }',
    ],
    ['an inline fragment on the interface', '{ ... on Node { ... on User { phoneNumber } } } }'],
    ['a fragment without a type condition', '{ ... { ... @include(if: true) { phoneNumber } } } }'],
    ['an included field', '{ phoneNumber @include(if: true) @skip(if: false) } }'],
    ['a fragment used twice', '{ ...f ... on User { ...f } } } fragment f on User { phoneNumber }'],
  ])('B02 a denied field in %s', async (_title, selection) => {
    await stage.rule({ paths: ['phone_number'] });
    const answer = await stage.attack(secrets.phone, `query ($id: ID!) { user(id: $id) ${selection}`);
    expect(answer.data).toEqual({ user: { phoneNumber: null } });
    expect(answer.errors).toMatchObject([{ extensions: { coordinate: 'User.phoneNumber' } }]);
  });

  test('B02 @include and @skip by variable change what is shown, not what is allowed', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const query = `query ($id: ID!, $on: Boolean = false, $off: Boolean!) { user(id: $id) {
      id a: phoneNumber @include(if: $on) ... @skip(if: $off) { b: phoneNumber } } }`;
    const open = await stage.attack(secrets.phone, query, { id: target, on: true, off: false });
    expect(open.data).toEqual({ user: { id: target, a: null, b: null } });
    const closed = await stage.ask(query, { as: stage.support, variables: { id: target, off: true } });
    expect(closed).toMatchObject({ data: { user: { id: target } }, errors: [] });
  });

  test.each([
    ['node', 'query ($id: ID!) { node(id: $id) { __typename ... on User { phoneNumber } } }'],
    [
      'nodes',
      'query ($id: ID!) { nodes(ids: [$id, "org_none", $id]) { ... on Node { ... on User { phoneNumber } } } }',
    ],
    [
      'nodes among other types',
      `query ($id: ID!) { nodes(ids: ["${acme}", $id]) { id ... on Organization { name } ... on User { phoneNumber } } }`,
    ],
    [
      '_entities',
      'query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { phoneNumber } } }',
    ],
    ['userBy', 'query ($id: ID!) { userBy(where: { id: $id }) { phoneNumber } }'],
  ])('B03 a denied field reached through %s', async (_title, query) => {
    await stage.rule({ paths: ['phone_number'] });
    const answer = await stage.attack(secrets.phone, query);
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN_FIELD', coordinate: 'User.phoneNumber' } },
    ]);
  });

  test.each([
    [
      'User.organizations',
      'query ($id: ID!) { user(id: $id) { organizations { nodes { user { phoneNumber } } } } }',
    ],
    [
      'Organization.members',
      `{ organization(id: "${acme}") { members { nodes { user { phoneNumber } } edges { node { user { x: phoneNumber } } } } } }`,
    ],
    [
      'members of members',
      'query ($id: ID!) { user(id: $id) { organizations(first: 1) { nodes { organization { members { nodes { user { phoneNumber } } } } } } } }',
    ],
    [
      'userBy identity',
      'query { userBy(where: { identity: { connection: "corp", userId: "corp|t1" } }) { phoneNumber } }',
    ],
    ['usersByEmail', '{ usersByEmail(email: "target@start.example") { phoneNumber } }'],
    ['users', '{ users { nodes { phoneNumber } edges { node { phoneNumber } } } }'],
  ])('B04 a denied field reached back through %s', async (_title, query) => {
    await stage.rule({ paths: ['phone_number'] });
    const answer = await stage.attack(secrets.phone, query, query.includes('$id') ? { id: target } : {});
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN_FIELD', coordinate: 'User.phoneNumber' } },
    ]);
  });

  test('B04 a denied field reached back through a role and a session', async () => {
    await secrets.role.store();
    await secrets.session.store();
    await stage.rule({ paths: ['phone_number'] });
    const byRole =
      'query ($role: ID!) { role(id: $role) { users { nodes { phoneNumber } edges { node { phoneNumber } } } } }';
    await stage.attack(secrets.phone, byRole, { role: secrets.roleId });
    await stage.attack(secrets.phone, `{ session(id: "${secretSession}") { user { phoneNumber } } }`, {});
    await stage.attack(
      secrets.phone,
      'query ($id: ID!) { user(id: $id) { sessions { nodes { user { phoneNumber } } } } }',
    );
    await secrets.role.remove();
    await secrets.session.remove();
  });

  test('B05 representations are read for type and id alone, and loaded behind the same gates', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on User { id phoneNumber email } } }`;
    const forged = {
      __typename: 'User',
      id: target,
      phoneNumber: '+1999',
      email: 'x@y',
      ownerId: 'x',
      connections: [],
      __proto__: {},
    };
    const answer = await stage.attack(secrets.phone, query, { r: [forged] });
    expect(answer.data).toEqual({
      _entities: [{ __typename: 'User', id: target, phoneNumber: null, email: 'target@start.example' }],
    });
    const { token } = await stage.someone();
    for (const as of [token, undefined]) {
      const denied = await stage.indistinguishable(secrets.phone, () =>
        stage.ask(query, { as, variables: { r: [forged] } }),
      );
      expect(denied.data).toEqual({ _entities: [null] });
      expect(denied.statements).toBe(as === undefined ? 0 : 1);
    }
  });

  test.each([
    ['another key', { __typename: 'User', email: 'other@example.com' }],
    ['no key', { __typename: 'User' }],
    ['a key that is no text', { __typename: 'User', id: { eq: target } }],
    ['a type without entities', { __typename: 'Metadata', id: target }],
    ['an inherited name', { __typename: 'constructor', id: target }],
    ['no type', { id: target }],
  ])('B05 a representation with %s loads nothing', async (_title, representation) => {
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    const answer = await stage.ask(query, { as: stage.administrator, variables: { r: [representation] } });
    expect(answer.errors.length).toBeGreaterThan(0);
    expect(answer.data?.['_entities'] ?? null).toBeNull();
    expect(answer.statements).toBe(0);
  });

  test('6.7 rules that look at connections, strategies or organizations cost no statement of their own', async () => {
    const queries = {
      page: '{ users(first: 20) { nodes { id phoneNumber } } }',
      found: '{ users(q: "created_at:[2000 TO *]") { nodes { id phoneNumber } } }',
      numbered: '{ usersPage { users { id phoneNumber } } }',
      one: 'query ($id: ID!) { user(id: $id) { phoneNumber } }',
      entities: 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { phoneNumber } } }',
    };
    const variables = { id: target, r: [{ __typename: 'User', id: target }] };
    const costs = async () => {
      const found: Record<string, number> = {};
      for (const [name, query] of Object.entries(queries)) {
        const answer = await stage.ask(query, { as: stage.support, variables });
        expect(answer.data).toBeTruthy();
        found[name] = answer.statements;
      }
      return found;
    };
    const without = await costs();
    const object = { connections: ['corp'], organizations: [acme] };
    await stage.rule({ paths: ['phone_number'], object });
    await stage.rule({ name: 'other', paths: ['name'], object: { strategies: ['samlp'] } });
    expect(await costs()).toEqual(without);
  });

  test('B05 an id of another type answers null under any type name', async () => {
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    const r = ['Organization', 'Role', 'Session'].map((__typename) => ({ __typename, id: target }));
    const answer = await stage.ask(query, {
      as: stage.administrator,
      variables: { r: [...r, { __typename: 'User', id: acme }] },
    });
    expect(answer).toMatchObject({ errors: [], data: { _entities: [null, null, null, null] } });
  });
});
