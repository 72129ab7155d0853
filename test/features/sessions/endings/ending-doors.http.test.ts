import { IdentityEntity } from '#src/features/identities/identity.entity';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { silentLogger } from '#src/shared/logger';
import { startTestApp, type Answer, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

const password = 'plum orchid fairy tale';

/**
 * What is left of a user who has two sessions, a third through `google` alone, and a refresh token that acts inside an organization with the
 * access token beside it.
 */
const everything = 'own bound google token access';

interface Given {
  readonly id: string;
  readonly email: string;
  readonly organizationId: string;
  readonly own: string;
}

/** A door, what it is called with, and what is left afterwards. `own`: asked by the user in the session `own`. */
type Door = readonly [
  event: string,
  query: string,
  input: (given: Given) => object,
  left: string,
  by?: 'own',
];

const doors: readonly Door[] = [
  ['logout', 'signOut', () => ({}), 'bound google token access', 'own'],
  ['session-revoked', 'revokeSession', ({ own }) => ({ id: own }), 'bound google token access'],
  [
    'password-changed',
    'changePassword',
    () => ({ currentPassword: password, newPassword: 'another orchid fairy tale' }),
    'own',
    'own',
  ],
  ['identifier-changed', 'updateUser', ({ id, email }) => ({ id, email: `new.${email}` }), ''],
  ['blocked', 'blockUser', ({ id }) => ({ id }), ''],
  ['deleted', 'deleteUser', ({ id }) => ({ id }), ''],
  [
    'organization-removed',
    'removeOrganizationMembers',
    ({ id, organizationId }) => ({ id: organizationId, userIds: [id] }),
    'own bound google',
  ],
  [
    'organization revoked',
    'revokeOrganizationSessions',
    ({ organizationId }) => ({ organizationId }),
    'own google',
  ],
  [
    'organization-deleted',
    'deleteOrganization',
    ({ organizationId }) => ({ id: organizationId }),
    'own google',
  ],
  ['role-changed', 'addUserRoles', ({ id }) => ({ id, roleIds: [roleId] }), everything],
];
let roleId = '';

eachDatabase('1.5 what ends what, through the doors that everybody has', (database) => {
  let app: TestApp;
  let administrator: string;
  let clientId: string;
  let google: string;
  let main: string;
  let count = 0;

  beforeAll(async () => {
    app = await startTestApp(database, {
      environment: {
        GATEHOUSE_SESSIONS_END_WITH_CONNECTION: 'true',
        GATEHOUSE_ATTACK_PROTECTION_SUSPICIOUS_IP: 'false',
      },
      overrides: { logger: silentLogger },
    });
    administrator = await app.administrator();
    main = (await app.app.product.connections.require(app.app.storage.open())).id;
    roleId = await app.givenRole('Reader', ['read:users']);
    clientId = (
      await admin(
        'createApplication',
        { name: 'App', type: 'SINGLE_PAGE', organizationUsage: 'ALLOW' },
        'application { id }',
      )
    ).application.id;
    const settings = { name: 'google', strategy: 'oidc', isEnabled: true };
    google = (await admin('createConnection', settings, 'connection { id }')).connection.id;
  });
  afterAll(() => app.close());

  const run = async (name: string, input: object, fields: string, headers: Record<string, string>) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`;
    const answer = await app.ask(query, { variables: { input }, headers });
    expect([name, answer.errors]).toEqual([name, []]);
    return answer;
  };
  const admin = async (name: string, input: object, fields = '__typename') =>
    (await run(name, input, fields, { authorization: `Bearer ${administrator}` })).data?.[name] as ReturnType<
      typeof JSON.parse
    >;
  const cookieOf = (answer: { headers: Headers }): string =>
    answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';

  const given = async () => {
    count += 1;
    const email = `doors${count}@example.com`;
    const id = await app.givenUser({ email, password });
    const { organization } = await admin(
      'createOrganization',
      { name: `acme${count}` },
      'organization { id }',
    );
    const organizationId = organization.id as string;
    await admin('linkOrganizationConnection', { organizationId, connectionId: main });
    await admin('addOrganizationMembers', { id: organizationId, userIds: [id] });
    const signIn = (more: object) =>
      run(
        'signIn',
        { identifier: email, password, ...more },
        'session { id } result { __typename ... on LoggedIn { tokens { refreshToken accessToken } } }',
        {},
      );
    const answers = {
      own: await signIn({}),
      bound: await signIn({ organizationId }),
      google: await signIn({}),
      token: await signIn({ organizationId, clientId, tokens: 'OFFLINE' }),
    };
    const of = (name: keyof typeof answers) =>
      answers[name].data?.['signIn'] as ReturnType<typeof JSON.parse>;
    const methods = [{ name: 'federated', timestamp: Date.now(), connection: 'google' }];
    await app.app.storage
      .open()
      .transaction((store) =>
        store.update(SessionEntity, { id: of('google').session.id }, { authenticationMethods: methods }),
      );
    const cookies = {
      own: cookieOf(answers.own),
      bound: cookieOf(answers.bound),
      google: cookieOf(answers.google),
    };
    const { refreshToken, accessToken } = of('token').result.tokens;
    const tokens = { refreshToken, accessToken };
    return { id, email, organizationId, own: of('own').session.id as string, cookies, ...tokens };
  };

  /** What is still good; everything else is refused with its code. */
  const leftOf = async (of: Awaited<ReturnType<typeof given>>): Promise<string> => {
    const left: string[] = [];
    const note = (name: string, { errors }: Pick<Answer, 'errors'>, code: string): void => {
      if (errors.length === 0) left.push(name);
      else expect([name, errors.map(({ extensions }) => extensions.code)]).toEqual([name, [code]]);
    };
    const me = '{ me { id } }';
    for (const [name, cookie] of Object.entries(of.cookies)) {
      const headers = { cookie, 'sec-fetch-site': 'same-origin' };
      note(name, await app.ask(me, { headers }), 'UNAUTHENTICATED');
    }
    const access = await app.ask(me, { token: of.accessToken });
    const exchange =
      'mutation ($i: ExchangeRefreshTokenInput!) { exchangeRefreshToken(input: $i) { accessToken } }';
    const i = { refreshToken: of.refreshToken, clientId };
    note('token', await app.ask(exchange, { variables: { i } }), 'INVALID_GRANT');
    note('access', access, 'UNAUTHENTICATED');
    return left.join(' ');
  };

  it.each(doors)('SES-06 %s: %s', async (...door) => {
    const [, name, input, left, by] = door as unknown as Door;
    const scene = await given();
    const asked = input(scene);
    const headers: Record<string, string> =
      by === 'own'
        ? { cookie: scene.cookies.own, 'sec-fetch-site': 'same-origin' }
        : { authorization: `Bearer ${administrator}` };
    const renewed = cookieOf(await run(name, asked, '__typename', headers));
    if (left.startsWith('own') && by === 'own') scene.cookies.own = renewed;
    expect(await leftOf(scene)).toBe(left);
  });

  it('1.11.4 SES-02 a new password in one session: it goes on with a new cookie, and the old one opens nothing', async () => {
    const scene = await given();
    const headers = { cookie: scene.cookies.own, 'sec-fetch-site': 'same-origin' };
    const input = { currentPassword: password, newPassword: 'another orchid fairy tale' };
    const renewed = cookieOf(await run('changePassword', input, '__typename', headers));
    expect(renewed).not.toBe(scene.cookies.own);
    expect(await leftOf(scene)).toBe('');
    expect(await leftOf({ ...scene, cookies: { ...scene.cookies, own: renewed } })).toBe('own');
    const { data } = await app.ask('{ currentSession { id } }', { headers: { ...headers, cookie: renewed } });
    expect(data).toEqual({ currentSession: { id: scene.own } });
  });

  it('password-reset: resetPassword with a ticket', async () => {
    const scene = await given();
    const { ticket } = await admin('createPasswordTicket', { userId: scene.id }, 'ticket { url }');
    const reset = { ticket: ticket.url.split('/').at(-1), newPassword: 'another orchid fairy tale' };
    await run('resetPassword', reset, '__typename', {});
    expect(await leftOf(scene)).toBe('');
  });

  it('linked: the sessions of who became part of another user', async () => {
    const scene = await given();
    const into = await app.givenUser({ email: `into${count}@example.com` });
    await admin('linkIdentity', { userId: into, secondaryUserId: scene.id });
    expect(await leftOf(scene)).toBe('');
  });

  it('connection-disabled: what rests on the connection alone', async () => {
    const scene = await given();
    const identity = {
      ...{ id: `idn_google${count}`, userId: scene.id, position: 2, connection: 'google', provider: 'oidc' },
      ...{
        providerUserId: `g${count}`,
        isSocial: true,
        profileData: null,
        discardedMetadata: null,
        createdAt: 1,
      },
    };
    await app.app.storage.open().transaction((store) => store.insert(IdentityEntity, identity));
    await admin('updateConnection', { id: google, isEnabled: false });
    expect(await leftOf(scene)).toBe('own bound token access');
    await admin('updateConnection', { id: google, isEnabled: true });
  });
});
