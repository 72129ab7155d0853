import { startTestApp, type TestApp } from '#test/support/app';
import { removalCases } from '#test/features/providers/removal-cases';
import { mappingCases } from '#test/features/providers/mapping-cases';
import { noteCases } from '#test/features/providers/note-cases';
import { eachDatabase } from '#test/support/databases';

const fields = `id name strategy displayName isEnabled iconUrl showAsButton syncUserProfile emailVerifiedPolicy linking
  attributeMapping metadata applicationIds version
  database { requiresUsername minUsernameLength maxUsernameLength gravatar disableSignup }
  oauth { clientId clientSecretIsSet issuer scopes hostedDomain privateKeyIsSet storeTokens }
  saml { entityId signInEndpoint certificates signingKeyIsSet }
  ldap { url startTls bindDn bindPasswordIsSet baseDn }`;
const create = `mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { ${fields} } } }`;
export const update = `mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) { connection { ${fields} } } }`;
const remove = 'mutation ($id: ID!) { deleteConnection(input: { id: $id }) { deletedId } }';

interface Made {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly [field: string]: unknown;
}

eachDatabase('settings of connections', (database) => {
  let app: TestApp;
  let token: string;
  let count = 0;

  beforeAll(async () => {
    app = await startTestApp(database);
    token = await app.machine([
      'create:connections',
      'update:connections',
      'delete:connections',
      'read:connections',
    ]);
  });
  afterAll(() => app.close());

  const ask = (query: string, variables: Record<string, unknown>, as = token) =>
    app.ask(query, { token: as, variables });
  const made = async (input: Record<string, unknown>): Promise<Made> => {
    count += 1;
    const { data, errors } = await ask(create, { input: { name: `con-${count}`, ...input } });
    expect(errors).toEqual([]);
    return (data?.['createConnection'] as { connection: Made }).connection;
  };
  const changed = async (input: Record<string, unknown>): Promise<Made> => {
    const { data, errors } = await ask(update, { input });
    expect(errors).toEqual([]);
    return (data?.['updateConnection'] as { connection: Made }).connection;
  };
  const refusal = async (query: string, input: Record<string, unknown>) => {
    const { data, errors } = await ask(query, { input });
    expect(data ?? null).toBeNull();
    const { code, field, limit, current } = errors[0]?.extensions ?? { code: 'NONE' };
    return Object.fromEntries(
      Object.entries({ code, field, limit, current }).filter(([, value]) => value !== undefined),
    );
  };

  it('shows what was set, the defaults of the rest, and of other protocols nothing', async () => {
    const connection = await made({
      strategy: 'auth0',
      displayName: ' Staff ',
      database: { requiresUsername: true, maxUsernameLength: 20 },
    });
    expect(connection).toMatchObject({
      strategy: 'auth0',
      displayName: 'Staff',
      isEnabled: true,
      showAsButton: true,
      syncUserProfile: 'ON_EACH_LOGIN',
      emailVerifiedPolicy: null,
      linking: 'PROMPT',
      applicationIds: [],
      version: 1,
      database: {
        requiresUsername: true,
        minUsernameLength: 1,
        maxUsernameLength: 20,
        gravatar: null,
        disableSignup: false,
      },
      oauth: null,
      saml: null,
      ldap: null,
    });
  });

  it('3.8-12 keeps secrets sealed and never shows one, whatever is asked', async () => {
    const secret = 'correct horse battery staple';
    const { id, oauth } = await made({
      strategy: 'oidc',
      oauth: {
        clientId: 'gate',
        clientSecret: secret,
        issuer: 'https://id.example.com',
        scopes: ['openid', 'email'],
      },
    });
    expect(oauth).toMatchObject({
      clientId: 'gate',
      clientSecretIsSet: true,
      issuer: 'https://id.example.com',
      privateKeyIsSet: false,
    });
    const opened = async () => [
      ...(await app.app.product.connectionSettings.secretsOf(app.app.storage.open(), id)),
    ];
    expect(await opened()).toEqual([['clientSecret', secret]]);
    const administrator = await app.administrator();
    const everything = await ask(
      `query ($id: ID!) { connection(id: $id) { ${fields} } auditEvents(first: 100) { nodes { action changedPaths details } } }`,
      { id },
      administrator,
    );
    expect(everything.errors).toEqual([]);
    const text = JSON.stringify(everything.data);
    expect(text).toContain('secrets.clientSecret');
    expect(text).not.toContain(secret);
    const cleared = await changed({ id, oauth: { clientSecret: null } });
    expect(cleared).toMatchObject({ version: 2, oauth: { clientSecretIsSet: false, clientId: 'gate' } });
    expect(await opened()).toEqual([]);
  });

  it('leaves what is left out, unsets what is null, and raises the version with a change alone', async () => {
    const { id } = await made({
      strategy: 'oidc',
      linking: 'OFF',
      emailVerifiedPolicy: 'ALWAYS_TRUE',
      syncUserProfile: 'NEVER',
      oauth: { clientId: 'a', issuer: 'https://a.example' },
    });
    expect(await changed({ id, oauth: { issuer: 'https://b.example' } })).toMatchObject({
      version: 2,
      linking: 'OFF',
      oauth: { clientId: 'a', issuer: 'https://b.example' },
    });
    expect(await changed({ id, oauth: { issuer: 'https://b.example' } })).toMatchObject({ version: 2 });
    expect(
      await changed({
        id,
        linking: null,
        emailVerifiedPolicy: null,
        syncUserProfile: null,
        oauth: { clientId: null },
      }),
    ).toMatchObject({
      version: 3,
      linking: 'PROMPT',
      emailVerifiedPolicy: null,
      syncUserProfile: 'ON_EACH_LOGIN',
      oauth: { clientId: null },
    });
    expect(await refusal(update, { id, ifVersion: 2, linking: 'OFF' })).toEqual({
      code: 'VERSION_CONFLICT',
      current: 3,
    });
  });

  it('settings are in force at the next sign-in that is recorded', async () => {
    const { id, name } = await made({ strategy: 'oidc', attributeMapping: { nickname: ['handle'] } });
    const recorder = await app.machine(['record:logins', 'read:users']);
    const record = (sub: string) =>
      ask(
        `mutation ($connection: String!, $claims: JSON!) { recordLogin(input: { connection: $connection, claims: $claims }) { user { nickname } } }`,
        { connection: name, claims: { sub, handle: 'jo', nick: 'other' } },
        recorder,
      );
    expect((await record('one')).data).toEqual({ recordLogin: { user: { nickname: 'jo' } } });
    await changed({ id, attributeMapping: { nickname: ['nick'] } });
    expect((await record('two')).data).toEqual({ recordLogin: { user: { nickname: 'other' } } });
  });

  it.each([
    ['a name with a space', { name: 'a b', strategy: 'oidc' }, { field: 'name' }],
    ['a name of 129 characters', { name: 'n'.repeat(129), strategy: 'oidc' }, { field: 'name' }],
    ['an unknown strategy', { strategy: 'carrier-pigeon' }, { field: 'strategy' }],
    ['options of another protocol', { strategy: 'oidc', ldap: { baseDn: 'dc=x' } }, { field: 'ldap' }],
    [
      'http off loopback',
      { strategy: 'oidc', oauth: { issuer: 'http://id.example.com' } },
      { field: 'issuer' },
    ],
    [
      'an address with credentials',
      { strategy: 'oidc', oauth: { tokenEndpoint: 'https://a:b@id.example.com/' } },
      { field: 'tokenEndpoint' },
    ],
    [
      'a directory of another scheme',
      { strategy: 'ldap', ldap: { url: 'https://directory.example' } },
      { field: 'url' },
    ],
    [
      'a private key as certificate',
      { strategy: 'samlp', saml: { certificates: ['-----BEGIN PRIVATE KEY-----'] } },
      { field: 'certificates' },
    ],
    [
      'usernames of 129 characters',
      { strategy: 'auth0', database: { maxUsernameLength: 129 } },
      { field: 'database' },
    ],
    [
      'an application that does not exist',
      { strategy: 'oidc', applicationIds: ['app_none'] },
      { field: 'applicationIds' },
    ],
    [
      '101 applications',
      { strategy: 'oidc', applicationIds: Array.from({ length: 101 }, (_, n) => `app_${n}`) },
      { field: 'applicationIds' },
    ],
  ])('refuses %s and makes nothing', async (_title, input, expected) => {
    const before = (await ask('{ connections { totalCount } }', {})).data;
    expect(await refusal(create, { name: 'refused', ...input })).toEqual({
      code: 'BAD_USER_INPUT',
      ...expected,
    });
    expect((await ask('{ connections { totalCount } }', {})).data).toEqual(before);
  });

  it('takes 100 scopes and refuses 101', async () => {
    const scopes = (length: number) => ({
      oauth: { scopes: Array.from({ length }, (_, n) => `scope:${n}`) },
    });
    const { id } = await made({ strategy: 'oauth2', ...scopes(100) });
    expect(await refusal(update, { id, ...scopes(101) })).toEqual({
      code: 'LIMIT_EXCEEDED',
      field: 'scopes',
      limit: 100,
      current: 101,
    });
  });

  it('refuses a name that is taken, and callers bound to an organization', async () => {
    const { name } = await made({ strategy: 'oidc' });
    expect(await refusal(create, { name, strategy: 'oidc' })).toEqual({ code: 'CONFLICT', field: 'name' });
    const { data: organization } = await ask(
      'mutation { createOrganization(input: { name: "acme" }) { organization { id } } }',
      {},
      await app.administrator(),
    );
    const organizationId = (organization?.['createOrganization'] as { organization: { id: string } })
      .organization.id;
    const userId = await app.givenUser({
      email: 'admin@example.com',
      roleIds: [await app.givenRole('Everything', ['update:connections'])],
    });
    await ask(
      'mutation ($id: ID!, $userId: ID!) { addOrganizationMembers(input: { id: $id, userIds: [$userId] }) { organization { id } } }',
      { id: organizationId, userId },
      await app.administrator(),
    );
    const bound = await ask(
      update,
      { input: { id: 'con_any', linking: 'OFF' } },
      await app.user(userId, organizationId),
    );
    expect(bound.errors[0]?.extensions.code).toMatch(/^FORBIDDEN/);
  });

  it('deletes a connection that nobody uses, and no other', async () => {
    const { id, name } = await made({ strategy: 'oidc' });
    const recorder = await app.machine(['record:logins', 'read:users']);
    const recorded = await ask(
      'mutation ($connection: String!) { recordLogin(input: { connection: $connection, claims: { sub: "kept" } }) { user { id } } }',
      { connection: name },
      recorder,
    );
    expect(recorded.errors).toEqual([]);
    expect((await ask(remove, { id })).errors[0]?.extensions.code).toBe('CONFLICT');
    const main = (await ask('{ connections(first: 100) { nodes { id name } } }', {})).data as {
      connections: { nodes: { id: string; name: string }[] };
    };
    const mainId = main.connections.nodes.find((node) => node.name === 'main')?.id;
    expect((await ask(remove, { id: mainId })).errors[0]?.extensions.code).toBe('CONFLICT');
    const unused = await made({ strategy: 'oidc', oauth: { clientSecret: 'x' } });
    expect((await ask(remove, { id: unused.id })).data).toEqual({
      deleteConnection: { deletedId: unused.id },
    });
    expect((await ask(remove, { id: unused.id })).errors[0]?.extensions.code).toBe('NOT_FOUND');
  });

  noteCases(() => ({ app, ask, made, changed, refusal }));
  mappingCases(() => ({ app, ask, made }));
  removalCases(() => ({ app, ask, made }));
});
