import { eachDatabase } from '#test/support/databases';
import { acme, target } from '#test/attacks/support/cast';
import { Stage } from '#test/attacks/support/stage';
import { usualSecrets, type UsualSecrets } from '#test/attacks/support/usual-secrets';

const refusal = (path: readonly (string | number)[], count = 1) => ({
  message: 'You may not read this field.',
  path,
  extensions: { code: 'FORBIDDEN_FIELD', coordinate: 'User.phoneNumber', ...(count > 1 ? { count } : {}) },
});

eachDatabase('attacks by the form of answers', (database) => {
  let stage: Stage;
  let secrets: UsualSecrets;

  beforeAll(async () => {
    stage = await Stage.open(database);
    secrets = await usualSecrets(stage);
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  test('B14 the payload of an allowed mutation hides what a query hides', async () => {
    await stage.rule({ paths: ['phone_number', 'user_metadata.secret'] });
    const variables = { id: target };
    const update = `mutation ($id: ID!) { updateUser(input: { id: $id, nickname: "nick" }) { user { nickname phoneNumber metadata { user } } } }`;
    await stage.attack(secrets.phone, update, variables);
    const block = `mutation ($id: ID!) { unblockUser(input: { id: $id }) { user { id ...p } } } fragment p on User { phoneNumber }`;
    await stage.attack(secrets.phone, block, variables);
    const patch = `mutation ($id: ID!) { updateUserMetadata(input: { userId: $id, patch: { theme: "dark" }, mode: MERGE_DEEP }) {
      before after changedPaths warnings metadata { user } user { metadata { user(path: "secret") } } } }`;
    await stage.attack(secrets.metadata, patch, variables);
  });

  test('B22 a hidden value, a null and a value of another kind give the same answer at the same cost', async () => {
    await stage.rule({ paths: ['phone_number', 'roles', 'organizations', 'sessions', 'email'] });
    const one = (field: string) => `query ($id: ID!) { user(id: $id) { id ${field} } }`;
    await stage.attack(secrets.phone, one('phoneNumber'));
    await stage.attack(secrets.email, one('email emailVerified').replace(' emailVerified', ''));
    for (const [secret, field] of [
      [secrets.role, 'roles { name }'],
      [secrets.membership, 'organizations { totalCount nodes { id: joinedAt organization { name } } }'],
      [secrets.session, 'sessions { totalCount nodes { id } pageInfo { hasNextPage } }'],
    ] as const) {
      const answer = await stage.attack(secret, one(field));
      // The user's own row, and nothing behind the denied edge.
      expect(answer.statements).toBe(1);
    }
  });

  test('B22 a denied root field is refused before anything is loaded', async () => {
    const nobody = await stage.product.machine([]);
    const fields = [
      `user(id: "${target}") { id }`,
      'users { nodes { id } totalCount }',
      'users(q: "target") { nodes { id } }',
      'userBy(where: { id: "x" }) { id }',
      `role(id: "${secrets.roleId}") { name }`,
      'roles { nodes { id } }',
      `organization(id: "${acme}") { name }`,
      'organizations { totalCount }',
      'connections { totalCount }',
      'auditEvents { totalCount }',
      'attributeRules { totalCount }',
      `node(id: "${target}") { id }`,
      `nodes(ids: ["${target}", "${acme}"]) { id }`,
      'me { id }',
    ];
    for (const field of fields) {
      for (let run = 0; run < 2; run += 1) {
        const answer = await stage.ask(`{ ${field} }`, { as: nobody });
        expect([field, answer.statements]).toEqual([field, 0]);
        expect(answer.text).not.toContain('"name"');
      }
    }
  });

  test('B22 the errors of hidden values come in the order of the operation, whatever the rows hold', async () => {
    await stage.rule({ paths: ['phone_number', 'given_name'] });
    const answer = await stage.attack(secrets.phone, '{ users { nodes { id givenName phoneNumber } } }', {});
    expect(answer.errors.map(({ extensions }) => (extensions as { coordinate?: string }).coordinate)).toEqual(
      ['User.givenName', 'User.phoneNumber'],
    );
  });

  test('B23 a denied child inside non-null lists and edges erases nothing beside it', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const query =
      '{ users(sort: [{ field: ID, direction: ASC }]) { nodes { id phoneNumber } edges { cursor node { id phoneNumber } } pageInfo { hasNextPage } totalCount } }';
    const answer = await stage.attack(secrets.phone, query, {});
    const { nodes, totalCount } = answer.data?.['users'] as {
      nodes: { phoneNumber: unknown }[];
      totalCount: number;
    };
    expect(nodes).toHaveLength(totalCount);
    expect(nodes.every((node) => node.phoneNumber === null)).toBe(true);
    expect(answer.errors).toEqual([refusal(['users', 'nodes', 0, 'phoneNumber'], totalCount * 2)]);
  });

  test('PWD-01 PWD-02 who is known here costs as many statements as who is not, and answers the same bytes', async () => {
    const known = ['here1@example.com', 'here2@example.com'];
    for (const email of known) await stage.product.givenUser({ email, password: 'a long enough password 1' });
    const own = await stage.product.givenUser({
      email: 'asking@example.com',
      password: 'a long enough password 2',
    });
    const { token: as } = await stage.product.app.product.issueToken({
      ...{ subject: own, clientId: 'test', permissions: 'all', roles: 'all', lifetimeSeconds: 600 },
      ...{ authenticatedAt: Date.now(), acr: 'aal2', amr: ['pwd', 'otp'] },
    });
    const ways: Readonly<Record<string, (address: string) => string>> = {
      signIn: (address) =>
        `signIn(input: { identifier: "${address}", password: "not the password" }) { __typename }`,
      requestPasswordReset: (address) =>
        `requestPasswordReset(input: { email: "${address}" }) { __typename }`,
      requestEmailVerification: (address) =>
        `requestEmailVerification(input: { email: "${address}" }) { __typename }`,
      requestEmailChange: (address) => `requestEmailChange(input: { newEmail: "${address}" }) { __typename }`,
      linkMyAccount: (address) =>
        `linkMyAccount(input: { identifier: "${address}", password: "not it" }) { __typename }`,
    };
    for (const [name, way] of Object.entries(ways)) {
      const answers: (readonly [string, number])[] = [];
      // The first of each way reads settings that are kept in memory then.
      for (const address of [
        'first@example.com',
        known[0],
        'nobody1@example.com',
        known[1],
        'nobody2@example.com',
      ]) {
        const isOwn = name === 'requestEmailChange' || name === 'linkMyAccount';
        const { text, statements } = await stage.ask(`mutation { ${way(address ?? '')} }`, {
          ...(isOwn && { as }),
        });
        answers.push([text, statements]);
      }
      const [, ...compared] = answers.map((answer) => JSON.stringify(answer));
      expect([name, new Set(compared).size]).toEqual([name, 1]);
    }
  });
});
