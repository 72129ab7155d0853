import type { Logger } from '#src/shared/logger';
import { silentLogger } from '#src/shared/logger';
import { startTestApp, type TestApp } from '#test/support/app';
import { TestBrowser } from '#test/support/browser';
import { eachDatabase } from '#test/support/databases';
import { startHostileProvider } from '#test/support/openid-provider';
import { until } from '#test/support/until';

const user =
  '{ id email emailVerified name identities { provider connection } roles { name permissions { name } } }';
const deep = `{ id organizations(first: 5) { nodes { organization { name } roles { name } } }
  sessions(first: 3) { nodes { id status } } metadata { user app } }`;

const issuer = 'http://127.0.0.1:4999';

eachDatabase('SQL statements of one request', (database) => {
  let product: TestApp;
  let token: string;
  let logged: Record<string, unknown>[] = [];
  const logger: Logger = {
    ...silentLogger,
    info: (fields) => void logged.push(fields as Record<string, unknown>),
  };

  beforeAll(async () => {
    product = await startTestApp(database, {
      overrides: { logger },
      environment: { GATEHOUSE_ISSUER: issuer, GATEHOUSE_OUTBOUND_ALLOWED_NETWORKS: '127.0.0.1/32' },
    });
    token = await product.administrator();
    const roleIds = [
      await product.givenRole('Reader', ['read:users', 'read:roles']),
      await product.givenRole('Writer', ['update:users']),
    ];
    for (let index = 0; index < 100; index += 1) {
      await product.givenUser({ email: `u${index}@example.com`, roleIds, userMetadata: { index } });
    }
  });
  afterAll(() => product.close());

  const wasCounted = (): boolean => logged.some((fields) => 'statements' in fields);

  async function statements(
    query: string,
    variables: Record<string, unknown> = {},
    as: string = token,
  ): Promise<number> {
    logged = [];
    const answer = await product.ask(query, { ...(as === '' ? {} : { token: as }), variables });
    expect(answer.errors).toEqual([]);
    // The line is written when the answer has left.
    await until(wasCounted);
    return logged.find((fields) => 'statements' in fields)?.['statements'] as number;
  }

  test('a user with identities, roles and permissions takes 1', async () => {
    const ids = (await product.ask('{ users(first: 1) { nodes { id } } }', { token })).data as {
      users: { nodes: { id: string }[] };
    };
    expect(
      await statements(`query ($id: ID!) { user(id: $id) ${user} }`, { id: ids.users.nodes[0]?.id }),
    ).toBe(1);
  });

  test('one’s own user with identities and metadata takes 2, the caller and the user, and 1 once the query is known', async () => {
    const { users } = (await product.ask('{ users(first: 1) { nodes { id } } }', { token })).data as {
      users: { nodes: { id: string }[] };
    };
    const id = users.nodes[0]?.id ?? '';
    const query = '{ me { id email name identities { provider } metadata { user } } }';
    const as = await product.user(id);
    await product.ask(`${query} # to have the rights of the roles in memory`, { token: as });
    const taken: number[] = [];
    for (let times = 0; times < 4; times += 1) taken.push(await statements(query, {}, as));
    expect(taken).toEqual([2, 2, 1, 1]);
  });

  test.each([1, 2, 100])(
    'a page of %d users with identities, roles and permissions takes 4',
    async (first) => {
      expect(
        await statements(`query ($first: Int) { users(first: $first) { nodes ${user} } }`, { first }),
      ).toBe(4);
    },
  );

  test.each([1, 2, 20])('a deep page of %d users takes at most 5', async (first) => {
    const query = `query ($first: Int) { users(first: $first) { nodes ${deep} } }`;
    expect(await statements(query, { first })).toBeLessThanOrEqual(5);
  });

  test('many entities take 1', async () => {
    const page = (await product.ask('{ users(first: 50) { nodes { id } } }', { token })).data as {
      users: { nodes: { id: string }[] };
    };
    const representations = page.users.nodes.map(({ id }) => ({ __typename: 'User', id }));
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id email name } } }';
    expect(await statements(query, { r: representations })).toBe(1);
  });

  test('a denied root field takes none', async () => {
    logged = [];
    await product.ask('{ users { totalCount } }');
    await until(wasCounted);
    expect(logged.find((fields) => 'statements' in fields)?.['statements']).toBe(0);
  });

  test('3.3-9 the rights of a user through twenty levels and forty groups take as many statements as through one', async () => {
    const change = async (name: string, input: object, selection: string) => {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const answer = await product.ask(
        `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
        { token, variables: { input } },
      );
      expect(answer.errors).toEqual([]);
      return answer.data?.[name] as Record<string, { id: string }>;
    };
    const group = async (name: string): Promise<string> =>
      (await change('createGroup', { name, description: name }, 'group { id }'))['group']?.id ?? '';
    const top = await group('level 0');
    const chain = [top];
    for (let level = 1; level <= 20; level += 1) {
      const id = await group(`level ${level}`);
      await change('addChildGroups', { id: chain.at(-1), groupIds: [id] }, 'group { id }');
      chain.push(id);
    }
    const roleIds = [await product.givenRole('Of the top', ['read:jobs'])];
    await change('addGroupRoles', { id: top, roleIds }, 'group { id }');
    const [few, many] = [
      await product.givenUser({ email: 'few@example.com' }),
      await product.givenUser({ email: 'many@example.com' }),
    ];
    await change('addGroupMembers', { id: top, userIds: [few] }, 'group { id }');
    await change('addGroupMembers', { id: chain.at(-1), userIds: [many] }, 'group { id }');
    for (let index = 0; index < 20; index += 1)
      await change('addGroupMembers', { id: await group(`flat ${index}`), userIds: [many] }, 'group { id }');
    const made = await change(
      'createApplication',
      { name: 'Rights', type: 'REGULAR_WEB' },
      'application { id }',
    );
    const applicationId = made['application']?.id;
    const context = `query ($userId: ID!, $applicationId: ID!) {
      authorizationContext(userId: $userId, applicationId: $applicationId) { groups roles } }`;
    const rights = async (userId: string) =>
      (await product.ask(context, { token, variables: { userId, applicationId } })).data?.[
        'authorizationContext'
      ] as { groups: string[]; roles: string[] };
    const [ofFew, ofMany] = [await rights(few), await rights(many)];
    expect([ofFew.groups.length, ofMany.groups.length]).toEqual([1, 41]);
    expect([ofFew.roles, ofMany.roles]).toEqual([['Of the top'], ['Of the top']]);
    const counts = [];
    for (const userId of [few, many]) counts.push(await statements(context, { userId, applicationId }));
    expect(counts[1]).toBe(counts[0]);
    expect(counts[0]).toBeLessThanOrEqual(6);
    const roles = 'query ($id: ID!) { user(id: $id) { effectiveRoles { role { name } sources { kind } } } }';
    expect(await statements(roles, { id: many })).toBe(await statements(roles, { id: few }));
  });

  test('a sign-in of a known user through a provider takes 6 until the browser leaves, and 6 when it comes back', async () => {
    const provider = await startHostileProvider('gatehouse');
    const made = await product.ask(
      `mutation ($oauth: OAuthOptionsInput!) {
        createApplication(input: { name: "Shop", type: REGULAR_WEB, defaultRedirectUri: "https://shop.example/in" }) { application { id } }
        createConnection(input: { name: "corp", strategy: "oidc", oauth: $oauth }) { connection { id } } }`,
      {
        token,
        variables: { oauth: { issuer: provider.issuer, clientId: 'gatehouse', clientSecret: 'secret' } },
      },
    );
    expect(made.errors).toEqual([]);
    const clientId = (made.data?.['createApplication'] as { application: { id: string } }).application.id;
    const counted = async (address: string, browser: TestBrowser): Promise<[number, string]> => {
      logged = [];
      const { headers } = await browser.request(address);
      await until(wasCounted);
      const count = logged.find((fields) => 'statements' in fields)?.['statements'] as number;
      return [count, headers.get('location') ?? ''];
    };
    const signIn = async (): Promise<number[]> => {
      const browser = new TestBrowser({ [issuer]: product.url });
      const [begun, there] = await counted(`${issuer}/login/corp?client_id=${clientId}`, browser);
      const sent = new URL(there).searchParams;
      provider.nonce = sent.get('nonce') ?? '';
      const answer = `${issuer}/login/callback/corp?code=c&state=${sent.get('state') ?? ''}`;
      const [finished, home] = await counted(answer, browser);
      expect(home).toBe('https://shop.example/in');
      return [begun, finished];
    };
    try {
      // The second one finds the settings as the first one has read them.
      await signIn();
      await signIn();
      expect(await signIn()).toEqual([6, 6]);
    } finally {
      await provider.close();
    }
  });

  test('a sign-in with a password takes 14', async () => {
    const input = { email: 'pw@example.com', password: 'plum orchid fairy tale' };
    const made = await product.ask(
      'mutation ($input: SignUpInput!) { signUp(input: $input) { isAccepted } }',
      {
        variables: { input },
      },
    );
    expect(made.errors).toEqual([]);
    const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }';
    const variables = { input: { identifier: input.email, password: input.password } };
    await statements(query, variables, '');
    expect(await statements(query, variables, '')).toBe(14);
  });
});
