import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';
import { directoryGroupCases } from '#test/features/providers/directory-group-cases';
import { directoryServerCases } from '#test/features/providers/directory-server-cases';
import { directorySilenceCases } from '#test/features/providers/directory-silence-cases';
import { startDirectory, type Directory, type DirectoryEntry } from '#test/support/directory';

const base = 'dc=corp,dc=example';
const searcher = `cn=search,${base}`;
const person = (
  name: string,
  more: Partial<DirectoryEntry> & { attributes?: object } = {},
): DirectoryEntry => ({
  dn: `cn=${name},ou=people,${base}`,
  password: `${name} has a long password`,
  ...more,
  attributes: {
    objectClass: ['top', 'person'],
    sAMAccountName: name,
    cn: name,
    objectGUID: Buffer.from(name.padEnd(16, '.')),
    displayName: `Person ${name}`,
    mail: `${name}@corp.example`,
    userPassword: '{SSHA}never-to-be-seen',
    ...more.attributes,
  },
});
const refusedWith = (data: string): readonly [number, string] => [
  49,
  `80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data ${data}, v4563`,
];
const entries: readonly DirectoryEntry[] = [
  { dn: base, password: null, attributes: { objectClass: 'domain' } },
  { dn: searcher, password: 'search secret', attributes: { objectClass: 'account' } },
  person('ada'),
  person('bob'),
  person('locked', { bindAnswer: refusedWith('775') }),
  person('expired', { bindAnswer: refusedWith('773') }),
  person('wrong', { bindAnswer: refusedWith('52e') }),
  person('off', { attributes: { userAccountControl: '514' } }),
  person('twin', { attributes: { sAMAccountName: 'twins' } }),
  person('twin2', { attributes: { sAMAccountName: 'twins' } }),
  // The text of this name ends like the base, the name does not: the test directory compares texts, as a wrong server might.
  { ...person('outsider'), dn: 'cn=outsider\\,dc=corp,dc=example' },
  ...['ou=interns', 'ou=elsewhere'].map((place) => ({
    dn: `cn=admins,${place},ou=groups,${base}`,
    password: null,
    attributes: { objectClass: 'group', cn: 'admins', member: [`cn=bob,ou=people,${base}`] },
  })),
  {
    dn: `cn=engineers,ou=groups,${base}`,
    password: null,
    attributes: { objectClass: 'group', cn: 'engineers', member: [`cn=ada,ou=people,${base}`] },
  },
];

const signIn = `mutation ($identifier: String!, $password: String!, $connection: String!) {
  signIn(input: { identifier: $identifier, password: $password, connection: $connection }) {
    user { id name email emailVerified loginsCount }
    session { authenticationMethods { name connection } }
  }
}`;

interface SignedIn {
  readonly user: { readonly id: string; readonly [field: string]: unknown };
  readonly session: unknown;
}

eachDatabase('signing in through a directory', (database) => {
  let app: TestApp;
  let directory: Directory;
  let administrator: string;
  const connections = new Map<string, string>();

  const addConnection = async (name: string, ldap: Record<string, unknown>): Promise<void> => {
    const { data, errors } = await app.ask(
      `mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }`,
      {
        token: administrator,
        variables: {
          input: {
            name,
            strategy: 'ad',
            ldap: { baseDn: base, bindDn: searcher, bindPassword: 'search secret', ...ldap },
          },
        },
      },
    );
    expect(errors).toEqual([]);
    connections.set(name, (data?.['createConnection'] as { connection: { id: string } }).connection.id);
  };
  const enter = async (identifier: string, password: string, connection = 'corp') => {
    const { data, errors } = await app.ask(signIn, { variables: { identifier, password, connection } });
    return {
      signedIn: (data?.['signIn'] ?? null) as SignedIn | null,
      code: errors[0]?.extensions.code ?? null,
    };
  };
  const right = (name: string): string => `${name} has a long password`;

  beforeAll(async () => {
    app = await startTestApp(database);
    administrator = await app.administrator();
    await app.givenUser({ email: 'here@corp.example', password: 'plum orchid fairy tale' });
    directory = await startDirectory(entries);
    const tls = { url: directory.ldaps, caCertificate: directory.certificate };
    await addConnection('corp', { ...tls, groupBaseDn: `ou=groups,${base}` });
    await addConnection('plain', {
      url: directory.ldap,
      caCertificate: directory.certificate,
      startTls: true,
    });
    await addConnection('clear', { url: directory.ldap });
    await addConnection('stranger', { url: directory.ldaps });
    await addConnection('nobody', { ...tls, bindPassword: 'not the secret' });
  });
  afterAll(async () => {
    await directory.close();
    await app.close();
  });
  beforeEach(() => {
    directory.asked.length = 0;
  });

  it('makes the user at the first sign-in and knows it at the next, under the directory’s own id', async () => {
    const first = await enter('ada', right('ada'));
    expect(first.code).toBeNull();
    expect(first.signedIn?.user).toMatchObject({
      name: 'Person ada',
      email: 'ada@corp.example',
      emailVerified: false,
      loginsCount: 1,
    });
    expect(first.signedIn?.user.id).toBe('ad|corp|2e616461-2e2e-2e2e-2e2e-2e2e2e2e2e2e');
    expect(first.signedIn?.session).toEqual({ authenticationMethods: [{ name: 'pwd', connection: 'corp' }] });
    directory.asked.length = 0;
    const again = await enter('ADA', right('ada'));
    expect(again.signedIn?.user).toMatchObject({ id: first.signedIn?.user.id, loginsCount: 2 });
    expect(directory.asked).toEqual([
      `bind ${searcher}`,
      expect.stringContaining('sAMAccountName=ADA'),
      expect.stringContaining('member='),
      `bind cn=ada,ou=people,${base}`,
    ]);
  });

  // What a directory says does not depend on where it is kept.
  if (database.name === 'SQLite') directoryServerCases(() => ({ app, administrator }));

  directorySilenceCases(() => ({ directory, addConnection, enter, password: right('ada') }));

  directoryGroupCases(() => ({ app, administrator, directory, password: right('ada') }));

  it('keeps groups and never a password attribute of the entry', async () => {
    const { signedIn } = await enter('ada', right('ada'));
    const { data, errors } = await app.ask(
      'query ($id: ID!) { user(id: $id) { identities { provider connection profileData } attributes } }',
      { token: administrator, variables: { id: signedIn?.user.id } },
    );
    expect(errors).toEqual([]);
    expect(JSON.stringify(data)).toContain('engineers');
    expect(JSON.stringify(data)).not.toContain('SSHA');
  });

  it('LDP-03 refuses an entry that does not lie below the base', async () => {
    expect(await enter('outsider', right('outsider'))).toEqual({
      signedIn: null,
      code: 'INVALID_CREDENTIALS',
    });
  });

  it('LDP-04 names groups of other places by their whole name, so that an equal cn gives nothing', async () => {
    const { signedIn } = await enter('bob', right('bob'));
    const { data } = await app.ask('query ($id: ID!) { user(id: $id) { attributes } }', {
      token: administrator,
      variables: { id: signedIn?.user.id },
    });
    const { groups } = (data?.['user'] as { attributes: { groups: readonly string[] } }).attributes;
    expect([...groups].sort()).toEqual([
      `cn=admins,ou=elsewhere,ou=groups,${base}`,
      `cn=admins,ou=interns,ou=groups,${base}`,
    ]);
  });

  it('3.8-8 LDP-02 refuses an empty password without a packet to the directory', async () => {
    const { code, signedIn } = await enter('ada', '');
    expect([code, signedIn]).toEqual(['INVALID_CREDENTIALS', null]);
    expect(directory.asked).toEqual([]);
  });

  it('answers a wrong password, an unknown name, two entries and a locked or disabled account alike', async () => {
    const asked = [
      ['ada', 'not the password'],
      ['nobody-here', right('ada')],
      ['twins', right('twin')],
      ['locked', right('locked')],
      ['wrong', right('wrong')],
      ['off', right('off')],
    ] as const;
    for (const [name, password] of asked) {
      expect([name, (await enter(name, password)).code]).toEqual([name, 'INVALID_CREDENTIALS']);
    }
  });

  it('asks the directory for an unknown name as well, so that both take one bind', async () => {
    await enter('nobody-here', 'some password');
    expect(directory.asked.filter((line) => line.startsWith('bind'))).toEqual([
      `bind ${searcher}`,
      `bind cn=gatehouse-nobody,${base}`,
    ]);
  });

  it.each([['*'], ['*)(uid=*))(|(uid=*'], ['x)(&)'], ['ad*'], ['\\2a'], ['ada\0'], [')(objectClass=*']])(
    'LDP-01 takes %j as a name, never as a filter',
    async (name) => {
      expect((await enter(name, right('ada'))).code).toBe('INVALID_CREDENTIALS');
      expect(directory.asked.find((line) => line.startsWith('search'))).toContain(`sAMAccountName=${name}`);
    },
  );

  it('counts only wrong passwords as guesses: a locked account is never locked here as well', async () => {
    for (let tries = 0; tries < 12; tries += 1) {
      expect((await enter('locked', right('locked'))).code).toBe('INVALID_CREDENTIALS');
    }
    for (let tries = 0; tries < 10; tries += 1) {
      expect((await enter('bob', 'not the password')).code).toBe('INVALID_CREDENTIALS');
    }
    expect((await enter('bob', right('bob'))).code).toBe('TOO_MANY_ATTEMPTS');
  });

  it('PWD-11 asks for a second factor where the connection wants one, and makes no session before', async () => {
    const set = async (policy: string): Promise<void> => {
      const query = `mutation { setMfaPolicy(input: { connectionId: "${connections.get('corp')}", policy: ${policy} }) { __typename } }`;
      expect((await app.ask(query, { token: administrator })).errors).toEqual([]);
    };
    await set('ALWAYS');
    expect(await enter('ada', right('ada'))).toEqual({ signedIn: { user: null, session: null }, code: null });
    await set('NEVER');
  });

  it('says that a password has expired in the directory', async () => {
    expect((await enter('expired', right('expired'))).code).toBe('PROVIDER_PASSWORD_EXPIRED');
  });

  it('upgrades a connection without TLS before anything else is said', async () => {
    expect((await enter('ada', right('ada'), 'plain')).code).toBeNull();
    expect(directory.asked[0]).toBe('starttls');
  });

  it('sends nothing without encryption, nor to a directory whose certificate it does not know', async () => {
    expect((await enter('ada', right('ada'), 'clear')).code).toBe('CONNECTION_INCOMPLETE');
    expect((await enter('ada', right('ada'), 'stranger')).code).toBe('PROVIDER_UNAVAILABLE');
    expect(directory.asked).toEqual([]);
  });

  it('is unavailable, not wrong, when the directory does not let the gateway search', async () => {
    expect((await enter('ada', right('ada'), 'nobody')).code).toBe('PROVIDER_UNAVAILABLE');
  });

  it('refuses a switched-off connection and a blocked user', async () => {
    const id = connections.get('corp');
    const set = (isEnabled: boolean) =>
      app.ask(
        'mutation ($id: ID!, $isEnabled: Boolean!) { updateConnection(input: { id: $id, isEnabled: $isEnabled }) { connection { id } } }',
        {
          token: administrator,
          variables: { id, isEnabled },
        },
      );
    await set(false);
    expect((await enter('ada', right('ada'))).code).toBe('CONNECTION_DISABLED');
    await set(true);
    const { signedIn } = await enter('ada', right('ada'));
    await app.ask('mutation ($id: ID!) { blockUser(input: { id: $id }) { user { id } } }', {
      token: administrator,
      variables: { id: signedIn?.user.id },
    });
    expect((await enter('ada', right('ada'))).code).toBe('INVALID_CREDENTIALS');
  });

  it('tries the settings without signing anybody in', async () => {
    const attempt = async (name: string) => {
      const { data, errors } = await app.ask(
        'mutation ($id: ID!) { testConnection(input: { id: $id }) { isWorking problem } }',
        { token: administrator, variables: { id: connections.get(name) } },
      );
      return errors[0]?.extensions.code ?? data?.['testConnection'];
    };
    expect(await attempt('corp')).toEqual({ isWorking: true, problem: null });
    expect(await attempt('nobody')).toEqual({
      isWorking: false,
      problem: expect.stringContaining('The directory answered'),
    });
    expect(await attempt('clear')).toBe('CONNECTION_INCOMPLETE');
    const text = JSON.stringify(await attempt('nobody'));
    expect(text).not.toContain('not the secret');
  });
});
