import type { TestApp } from '#test/support/app';
import { startDirectory, type Directory, type DirectoryEntry } from '#test/support/directory';
import { findSlapd, startOpenLdap } from '#test/support/openldap';
import { startRelay, type Relay } from '#test/support/relay';
import { until } from '#test/support/until';

const base = 'dc=corp,dc=example';
const people = `ou=people,${base}`;
const searcher = `cn=search,${base}`;
/** May search as well, and is shown one entry at most. */
const narrow = `cn=narrow,${base}`;
const right = (uid: string): string => `${uid} has a long password`;

let count = 0;
const person = (uid: string, more: Partial<DirectoryEntry> = {}): DirectoryEntry => ({
  dn: `cn=${uid},${people}`,
  password: right(uid),
  ...more,
  attributes: {
    objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson', 'extensibleObject'],
    ...{
      cn: uid,
      sn: uid,
      uid,
      displayName: `Person ${uid}`,
      mail: `${uid.replace(/\W/g, '')}@corp.example`,
    },
    entryUUID: `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`,
    ...more.attributes,
  },
});
const place = (dn: string, name: string): DirectoryEntry => ({
  ...{ dn, password: null },
  attributes: { objectClass: 'organizationalUnit', ou: name },
});
const account = (dn: string, cn: string): DirectoryEntry => ({
  ...{ dn, password: 'search secret' },
  attributes: { objectClass: ['organizationalRole', 'simpleSecurityObject'], cn },
});
const group = (dn: string, cn: string, member: readonly string[]): DirectoryEntry => ({
  ...{ dn, password: null },
  attributes: { objectClass: 'groupOfNames', cn, member },
});
/** Every character here means something in a name (RFC 4514) or in a filter (RFC 4515). */
const odd = { uid: 'o*(x)\\2a|&', dn: `cn=#1 Doe\\, Jane\\+ou\\=admins,${people}` };
const led = `cn=\\ Lee,${people}`;

/** What both servers hold; `elsewhere` is where a reference leads to. */
const entriesWith = (elsewhere: string): readonly DirectoryEntry[] => [
  { dn: base, password: null, attributes: { objectClass: 'domain', dc: 'corp' } },
  account(searcher, 'search'),
  { ...account(narrow, 'narrow'), sizeLimit: 1 },
  ...[place(people, 'people'), place(`ou=groups,${base}`, 'groups')],
  place(`ou=interns,ou=groups,${base}`, 'interns'),
  ...['ada', 'bob'].map((uid) => person(uid)),
  person('twin', { attributes: { uid: 'twins' } }),
  person('twin2', { attributes: { uid: 'twins' } }),
  person('off', { attributes: { userAccountControl: '514' } }),
  person('locked', { bindAnswer: [49, ''], attributes: { pwdAccountLockedTime: '000001010000Z' } }),
  person(odd.uid, { dn: odd.dn.replace('#', '\\#'), attributes: { cn: '#1 Doe, Jane+ou=admins' } }),
  person('lee', { dn: led, attributes: { cn: ' Lee' } }),
  {
    ...{ dn: `ou=away,${people}`, password: null },
    attributes: { objectClass: ['referral', 'extensibleObject'], ou: 'away', ref: `${elsewhere}/${people}` },
  },
  group(`cn=engineers,ou=groups,${base}`, 'engineers', [`cn=ada,${people}`, odd.dn.replace('#', '\\#')]),
  group(`cn=engineers,ou=interns,ou=groups,${base}`, 'engineers', [`cn=bob,${people}`]),
];

interface Server {
  readonly ldaps: string;
  readonly ldap: string;
  readonly certificate: string;
  close(): Promise<void>;
}

const slapd = findSlapd();
const servers: [string, (entries: readonly DirectoryEntry[]) => Promise<Server>][] = [
  ['the JavaScript server of these tests', (entries) => startDirectory(entries)],
];
if (slapd !== null) {
  const readers = { [searcher]: 500, [narrow]: 1 };
  servers.push(['OpenLDAP', (entries) => startOpenLdap(slapd, base, entries, readers)]);
}

interface Scene {
  readonly app: TestApp;
  readonly administrator: string;
}

/** The same for every directory server that is there: one that these tests wrote, and a real one. */
export function directoryServerCases(scene: () => Scene): void {
  describe.each(servers)('through %s', (name, start) => {
    let server: Server;
    let elsewhere: Directory;
    let relay: Relay;
    const prefix = name === 'OpenLDAP' ? 'real' : 'own';

    const connect = async (key: string, ldap: Record<string, unknown>): Promise<void> => {
      const { errors } = await scene().app.ask(
        'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
        {
          token: scene().administrator,
          variables: {
            input: {
              ...{ name: `${prefix}-${key}`, strategy: 'ldap' },
              ldap: { baseDn: base, bindDn: searcher, bindPassword: 'search secret', ...ldap },
            },
          },
        },
      );
      expect(errors).toEqual([]);
    };
    const enter = async (identifier: string, password: string, key = 'tls') => {
      const { data, errors } = await scene().app.ask(
        `mutation ($identifier: String!, $password: String!, $connection: String!) {
          signIn(input: { identifier: $identifier, password: $password, connection: $connection }) { user { id name email } } }`,
        { variables: { identifier, password, connection: `${prefix}-${key}` } },
      );
      const signedIn = data?.['signIn'] as { user: { id: string } } | null | undefined;
      return { user: signedIn?.user ?? null, code: errors[0]?.extensions.code ?? null };
    };
    const codes = async (tries: readonly (readonly [string, string])[], key?: string) =>
      Object.fromEntries(
        await Promise.all(
          tries.map(async ([identifier, password]) => [
            identifier,
            (await enter(identifier, password, key)).code,
          ]),
        ),
      ) as Record<string, string | null>;
    const groupsOf = async (identifier: string): Promise<unknown> => {
      const { user, code } = await enter(identifier, right(identifier));
      expect(code).toBeNull();
      const { data } = await scene().app.ask('query ($id: ID!) { user(id: $id) { attributes } }', {
        token: scene().administrator,
        variables: { id: user?.id },
      });
      return (data?.['user'] as { attributes: { groups?: unknown } }).attributes.groups;
    };

    beforeAll(async () => {
      elsewhere = await startDirectory([person('mallory'), account(searcher, 'search')]);
      server = await start(entriesWith(elsewhere.ldap));
      const caCertificate = server.certificate;
      relay = await startRelay(Number(new URL(server.ldaps).port));
      const groupBaseDn = `ou=groups,${base}`;
      await connect('tls', { url: server.ldaps, caCertificate, groupBaseDn });
      await connect('upgrade', { url: server.ldap, caCertificate, startTls: true });
      await connect('narrow', { url: server.ldaps, caCertificate, bindDn: narrow });
      await connect('stranger', { url: server.ldaps });
      await connect('stranger-upgrade', { url: server.ldap, startTls: true });
      await connect('relayed', { url: `ldaps://127.0.0.1:${relay.port}`, caCertificate });
    });
    afterAll(() => Promise.all([server.close(), elsewhere.close(), relay.close()]));

    it('signs in by LDAPS and by StartTLS, under the directory’s own id', async () => {
      const user = {
        id: expect.stringMatching(/^ldap\|own|real-tls\|0{8}-/),
        name: 'Person ada',
        email: 'ada@corp.example',
      };
      expect(await enter('ada', right('ada'))).toEqual({ code: null, user });
      expect((await enter('ada', right('ada'))).user?.id).toMatch(/000000000\d{3}$/);
      expect((await enter('ada', right('ada'), 'upgrade')).code).toBeNull();
    });

    it('LDP-04 refuses a wrong password, an unknown name, two entries, a disabled and a locked account alike', async () => {
      const tries = [
        ['ada', 'not the password'],
        ['nobody-here', right('ada')],
        ['twins', right('twin')],
        ['off', right('off')],
        ['locked', right('locked')],
      ] as const;
      const refused = 'INVALID_CREDENTIALS';
      expect(await codes(tries)).toEqual({
        ...{ ada: refused, twins: refused, 'nobody-here': refused, off: refused, locked: refused },
      });
    });

    it('LDP-04 takes nobody for the only one whom the server cuts an answer short after', async () => {
      expect(
        await codes(
          [
            ['twins', right('twin')],
            ['ada', right('ada')],
          ],
          'narrow',
        ),
      ).toEqual({
        ...{ twins: 'PROVIDER_UNAVAILABLE', ada: null },
      });
    });

    it('LDP-04 does not follow a reference to another server', async () => {
      expect((await enter('mallory', right('mallory'))).code).toBe('INVALID_CREDENTIALS');
      expect((await enter('ada', right('ada'))).code).toBeNull();
      expect(elsewhere.asked).toEqual([]);
    });

    it('LDP-01 takes signs of a filter as part of a name, with one entry or none', async () => {
      expect((await enter(odd.uid, right(odd.uid))).user).toMatchObject({ name: `Person ${odd.uid}` });
      const names = [
        '*',
        'ad*',
        '*)(uid=*))(|(uid=*',
        'x)(&)',
        '\\2a',
        'ada\u0000',
        ')(objectClass=*',
        'a\\64a',
      ];
      const found = await codes(names.map((name) => [name, right('ada')] as const));
      expect(found).toEqual(Object.fromEntries(names.map((name) => [name, 'INVALID_CREDENTIALS'])));
    });

    it('LDP-03 binds as a name with commas, signs and spaces, and finds its groups', async () => {
      expect(await groupsOf(odd.uid)).toEqual(['engineers']);
      expect((await enter('lee', right('lee'))).code).toBeNull();
    });

    it('LDP-04 names a group of another place by its whole name', async () => {
      expect(await groupsOf('ada')).toEqual(['engineers']);
      expect(await groupsOf('bob')).toEqual([`cn=engineers,ou=interns,ou=groups,${base}`]);
    });

    it('3.8-8 LDP-02 sends no packet for an empty password', async () => {
      relay.connections = 0;
      expect((await enter('ada', '', 'relayed')).code).toBe('INVALID_CREDENTIALS');
      expect(relay.connections).toBe(0);
      expect((await enter('ada', right('ada'), 'relayed')).code).toBeNull();
      expect(relay.connections).toBe(2);
    });

    it('LDP-05 is unavailable where the certificate is not trusted, by LDAPS and by StartTLS', async () => {
      expect((await enter('ada', right('ada'), 'stranger')).code).toBe('PROVIDER_UNAVAILABLE');
      expect((await enter('ada', right('ada'), 'stranger-upgrade')).code).toBe('PROVIDER_UNAVAILABLE');
    });

    it('LDP-05 leaves nothing open, and is unavailable when the server is gone', async () => {
      await enter('ada', 'wrong once more', 'relayed');
      await until(() => relay.open() === 0);
      expect(relay.open()).toBe(0);
      await relay.close();
      expect((await enter('ada', right('ada'), 'relayed')).code).toBe('PROVIDER_UNAVAILABLE');
    });
  });
}
