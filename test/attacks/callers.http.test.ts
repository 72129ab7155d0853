import { eachDatabase } from '#test/support/databases';
import { acme, globex, other, target } from '#test/attacks/support/cast';
import { codesOf, Stage, type Served } from '#test/attacks/support/stage';
import { usualSecrets, type UsualSecrets } from '#test/attacks/support/usual-secrets';

eachDatabase('attacks by who is calling', (database) => {
  let stage: Stage;
  let secrets: UsualSecrets;

  beforeAll(async () => {
    stage = await Stage.open(database);
    secrets = await usualSecrets(stage);
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  test('B21 callers who ask at the same time with the same document get what is theirs', async () => {
    await stage.rule({ paths: ['phone_number', 'user_metadata.secret'] });
    await secrets.phone.store();
    const query = 'query ($id: ID!) { user(id: $id) { id phoneNumber metadata { user } roles { name } } }';
    const own = await stage.product.user(target);
    const { token: stranger } = await stage.someone();
    const ask = (as: string): Promise<Served> => stage.ask(query, { as, variables: { id: target } });
    const callers = [stage.support, stage.sales, own, stranger];
    const expected: string[] = [];
    for (const as of callers) expected.push((await ask(as)).text);
    expect(new Set(expected).size).toBe(3);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_item, index) => ask(callers[index % 4] as string)),
    );
    answers.forEach(({ text }, index) => expect(text).toBe(expected[index % 4]));
    await secrets.phone.remove();
  });

  test('B21 one object reached by an allowed and by a denied way stays closed on the denied one', async () => {
    const id = await stage.product.givenUser({ username: 'twofold', phoneNumber: '+15554443333' });
    const token = await stage.product.user(id);
    await stage.rule({ paths: ['phone_number'], subject: {}, object: { self: false } });
    const query = `query ($id: ID!, $other: ID!) { me { phoneNumber } user(id: $id) { phoneNumber }
      a: node(id: $other) { ... on User { phoneNumber } } b: nodes(ids: [$id, $other]) { ... on User { phoneNumber } } }`;
    const answer = await stage.ask(query, { as: token, variables: { id, other } });
    expect(answer.data).toEqual({
      me: { phoneNumber: '+15554443333' },
      user: { phoneNumber: '+15554443333' },
      a: null,
      b: [{ phoneNumber: '+15554443333' }, null],
    });
  });

  test('B21 a document that a stronger caller made fast is as closed to a weaker one, and the other way round', async () => {
    await stage.rule({ paths: ['phone_number'] });
    for (const order of [
      [stage.sales, stage.support],
      [stage.support, stage.sales],
    ]) {
      const query = `query { users(filter: { username: { eq: "target" } }) { nodes { phoneNumber x${order.indexOf(stage.sales)}: id } } }`;
      for (let run = 0; run < 3; run += 1) {
        for (const as of order) {
          const answer = await stage.indistinguishable(
            as === stage.support
              ? secrets.phone
              : { path: '', store: () => Promise.resolve(), remove: () => Promise.resolve() },
            () => stage.ask(query, { as }),
          );
          expect(codesOf(answer)).toEqual(as === stage.support ? ['FORBIDDEN_FIELD'] : []);
        }
      }
    }
  });

  test('B26 what lies in another organization answers like what does not exist', async () => {
    const { token } = await stage.member(acme);
    const outside = 'samlp|corp|c3';
    await stage.ask(
      'mutation ($i: AddMemberRolesInput!) { addMemberRoles(input: $i) { membership { joinedAt } } }',
      {
        as: stage.administrator,
        variables: { i: { organizationId: globex, userId: outside, roleIds: [secrets.roleId] } },
      },
    );
    const pairs: [string, string, string][] = [
      ['query ($id: ID!) { user(id: $id) { id email } }', outside, 'samlp|corp|c9'],
      ['query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }', outside, 'samlp|corp|c9'],
      ['query ($id: ID!) { userBy(where: { id: $id }) { id } }', outside, 'samlp|corp|c9'],
      [
        'query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { id } } }',
        outside,
        'samlp|corp|c9',
      ],
      [
        'query ($id: String!) { usersByEmail(email: $id) { id } }',
        'third@corp.example',
        'nobody@corp.example',
      ],
      [
        'query ($id: String!) { userBy(where: { email: $id }) { id } }',
        'third@corp.example',
        'nobody@corp.example',
      ],
      [
        'query ($id: String!) { users(q: $id) { totalCount nodes { id } } }',
        'email:third@corp.example',
        'email:nobody@corp.example',
      ],
      [
        'query ($id: ID!) { users(filter: { organizationId: $id }) { totalCount nodes { id } } }',
        globex,
        'org_none000000000000',
      ],
      ['query ($id: ID!) { node(id: $id) { id } }', globex, 'org_none000000000000'],
      ['query ($id: ID!) { node(id: $id) { id } }', 'ses_hidden0000000000', 'ses_none000000000000'],
      [
        `query ($id: ID!) { user(id: "${other}") { permissions(organizationId: $id) { totalCount nodes { name } } } }`,
        globex,
        'org_none000000000000',
      ],
    ];
    await secrets.session.store();
    // What is kept in memory of the caller's roles is read before answers are compared.
    await stage.ask('{ viewer { kind } }', { as: token });
    for (const [query, existing, unknown] of pairs) {
      for (let run = 0; run < 2; run += 1) {
        const [there, nowhere] = [
          await stage.ask(query, { as: token, variables: { id: existing } }),
          await stage.ask(query, { as: token, variables: { id: unknown } }),
        ];
        expect([query, there.text, there.statements]).toEqual([query, nowhere.text, nowhere.statements]);
      }
    }
    await secrets.session.remove();
  });

  test('B26 writes about what lies in another organization answer like writes about what does not exist', async () => {
    const { id, token } = await memberWith([
      'update:users',
      'read:users',
      'delete:users',
      'read:organizations',
      'update:organizations',
      'delete:sessions',
    ]);
    const outside = 'samlp|corp|c3';
    const mutations: [string, string, string][] = [
      [
        'mutation ($id: ID!) { updateUser(input: { id: $id, nickname: "x" }) { user { id } } }',
        outside,
        'samlp|corp|c9',
      ],
      ['mutation ($id: ID!) { deleteUser(input: { id: $id }) { deletedId } }', outside, 'samlp|corp|c9'],
      [
        'mutation ($id: ID!) { updateUserMetadata(input: { userId: $id, patch: { a: 1 } }) { warnings } }',
        outside,
        'samlp|corp|c9',
      ],
      [
        `mutation ($id: ID!) { linkIdentity(input: { userId: "${id}", secondaryUserId: $id }) { linkedUserId } }`,
        outside,
        'samlp|corp|c9',
      ],
      [
        'mutation ($id: ID!) { revokeUserSessions(input: { userId: $id }) { revokedCount } }',
        outside,
        'samlp|corp|c9',
      ],
      [
        'mutation ($id: ID!) { updateOrganization(input: { id: $id, displayName: "x" }) { organization { id } } }',
        globex,
        'org_none000000000000',
      ],
    ];
    await stage.ask('{ viewer { kind } }', { as: token });
    for (const [query, existing, unknown] of mutations) {
      const there = await stage.ask(query, { as: token, variables: { id: existing } });
      const nowhere = await stage.ask(query, { as: token, variables: { id: unknown } });
      expect([query, there.text, there.statements]).toEqual([query, nowhere.text, nowhere.statements]);
      expect([query, codesOf(there)]).toEqual([query, ['NOT_FOUND']]);
    }
  });

  test('B26 an id of another type and a made-up id answer alike', async () => {
    for (const as of [stage.support, stage.administrator]) {
      for (const field of ['user', 'organization', 'role', 'session', 'connection']) {
        const query = `query ($id: ID!) { ${field}(id: $id) { id } }`;
        for (const id of [acme, secrets.roleId, target, `User:${target}`, 'x', '', 'org_', `${target} `]) {
          if ((field === 'user' && id === target) || (field === 'organization' && id === acme)) continue;
          if (field === 'role' && id === secrets.roleId) continue;
          const answer = await stage.ask(query, { as, variables: { id } });
          expect([field, id, answer.text]).toEqual([field, id, `{"data":{"${field}":null}}`]);
        }
      }
    }
  });

  test('B26 the organization comes from the token: naming another changes nothing', async () => {
    const { token } = await stage.member(acme);
    const query =
      'query ($o: ID) { viewer { organization { id } } users(filter: { organizationId: $o }) { nodes { id } } }';
    const foreign = await stage.ask(query, {
      as: token,
      variables: { o: globex },
      headers: { 'x-organization-id': globex },
    });
    expect(foreign.errors).toEqual([]);
    expect(foreign.data).toEqual({ viewer: { organization: { id: acme } }, users: { nodes: [] } });
  });

  const memberWith = async (permissions: readonly string[]): Promise<{ id: string; token: string }> => {
    const { id, token } = await stage.member(acme);
    const roleId = await stage.product.givenRole(`Organization role ${id}`, permissions);
    const added = await stage.ask(
      'mutation ($i: AddMemberRolesInput!) { addMemberRoles(input: $i) { membership { joinedAt } } }',
      {
        as: stage.administrator,
        variables: { i: { organizationId: acme, userId: id, roleIds: [roleId] } },
      },
    );
    expect(added.errors).toEqual([]);
    return { id, token };
  };
});
