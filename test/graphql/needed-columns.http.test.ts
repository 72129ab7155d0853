import { getNamedType, isLeafType, isRequiredArgument, type GraphQLObjectType } from 'graphql';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

/** Where rows of a type are read by the columns that the operation selects. */
const places: readonly {
  readonly type: string;
  readonly place: string;
  readonly wrap: (fields: string) => string;
}[] = [
  { type: 'User', place: 'users(first:)', wrap: (fields) => `{ users(first: 5) { nodes { ${fields} } } }` },
  {
    type: 'User',
    place: 'nodes(ids:)',
    wrap: (fields) => `{ usersByIds: nodes(ids: $ids) { ... on User { ${fields} } } }`,
  },
  {
    type: 'User',
    place: 'user(id:) with an edge in the same statement',
    wrap: (fields) => `{ user(id: $id) { ${fields} identities { provider } } }`,
  },
  {
    type: 'Identity',
    place: 'edges of users',
    wrap: (fields) => `{ users(first: 5) { nodes { identities { ${fields} } } } }`,
  },
  {
    type: 'Role',
    place: 'edges of users',
    wrap: (fields) => `{ users(first: 5) { nodes { roles { ${fields} } } } }`,
  },
  {
    type: 'Permission',
    place: 'edges of users',
    wrap: (fields) => `{ users(first: 5) { nodes { roles { permissions { ${fields} } } } } }`,
  },
  {
    type: 'Session',
    place: 'edges of users',
    wrap: (fields) => `{ users(first: 5) { nodes { sessions(status: EXPIRED) { nodes { ${fields} } } } } }`,
  },
  {
    type: 'Metadata',
    place: 'edges of users',
    wrap: (fields) => `{ users(first: 5) { nodes { metadata { ${fields} } } } }`,
  },
  {
    type: 'Membership',
    place: 'edges of users',
    wrap: (fields) => `{ users(first: 5) { nodes { organizations { nodes { ${fields} } } } } }`,
  },
  {
    type: 'Organization',
    place: 'edges of memberships',
    wrap: (fields) =>
      `{ users(first: 5) { nodes { organizations { nodes { organization { ${fields} } } } } } }`,
  },
  {
    type: 'Role',
    place: 'edges of memberships',
    wrap: (fields) => `{ users(first: 5) { nodes { organizations { nodes { roles { ${fields} } } } } } }`,
  },
];

type Data = Record<string, Record<string, Record<string, string>>>;

eachDatabase('Reading only the columns that an operation selects', (database) => {
  let product: TestApp;
  let token: string;
  let ids: string[];

  beforeAll(async () => {
    product = await startTestApp(database);
    token = await product.administrator();
    const roleIds = [await product.givenRole('Reader', ['read:users', 'read:roles'])];
    ids = [
      await product.givenUser({ email: 'ada@example.com', givenName: 'Ada', familyName: 'Byron', roleIds }),
      await product.givenUser({
        email: 'plain@example.com',
        roleIds,
        userMetadata: { picture: 'https://example.com/p.png', color: 'red' },
        appMetadata: { plan: 'gold' },
      }),
    ];
    const created = await ask(
      'mutation { createOrganization(input: { name: "acme", displayName: "Acme", metadata: [{ key: "tier", value: "1" }] }) { organization { id } } }',
    );
    const organizationId = created['createOrganization']?.['organization']?.['id'] ?? '';
    const variables = { organizationId, userId: ids[0], roleIds };
    await ask(
      `mutation ($organizationId: ID!, $userId: ID!, $roleIds: [ID!]!) {
        addOrganizationMembers(input: { id: $organizationId, userIds: [$userId] }) { organization { id } }
        addMemberRoles(input: { organizationId: $organizationId, userId: $userId, roleIds: $roleIds }) { membership { joinedAt } }
      }`,
      variables,
    );
    await givenSession(ids[0] ?? '', organizationId);
  });
  afterAll(() => product.close());

  async function ask(place: string, given?: Record<string, unknown>): Promise<Data> {
    const declared = place.includes('$ids') ? '($ids: [ID!]!)' : place.includes('$id') ? '($id: ID!)' : '';
    const query = given || declared === '' ? place : `query ${declared} ${place}`;
    const { data, errors } = await product.ask(query, { token, variables: given ?? { ids, id: ids[0] } });
    expect(errors).toEqual([]);
    return data as Data;
  }

  async function givenSession(userId: string, organizationId: string): Promise<void> {
    const now = product.app.platform.clock.now();
    const row = {
      id: 'ses_1',
      secretHash: 'none',
      credentialEpoch: 0,
      userId,
      status: 'ACTIVE',
      createdAt: now,
      updatedAt: now,
      authenticatedAt: now,
      lastInteractedAt: now,
      // It is over, although no sweep has marked it.
      idleExpiresAt: now - 1,
      expiresAt: now + 3_600_000,
      device: { initialIp: '127.0.0.1', initialUserAgent: null, lastIp: '127.0.0.1', lastUserAgent: null },
      clients: [],
      authenticationMethods: [{ name: 'pwd', timestamp: now, connection: 'main' }],
      assurance: 'AAL1',
      cookieMode: 'non-persistent',
      metadata: { device: 'laptop' },
      organizationId,
      endedAt: null,
      endReason: null,
    };
    await product.app.storage.open().transaction((store) => store.insert(SessionEntity, row as never));
  }

  test.each(places)('each field of $type alone is what it is among all ($place)', async ({ type, wrap }) => {
    const { open } = product.app.schema;
    const names = Object.values((open.getType(type) as GraphQLObjectType).getFields())
      .filter((field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument))
      .map((field) => field.name);
    expect(names.length).toBeGreaterThan(1);
    const all = await ask(wrap(names.join(' ')));
    for (const name of names) {
      const one = new Set([name]);
      expect(only(await ask(wrap(name)), one)).toEqual(only(all, one));
    }
  });

  test('fields that are objects show what they show with all columns', async () => {
    const place = (fields: string): string =>
      `{ users(first: 5) { nodes { sessions(status: EXPIRED) { nodes { ${fields} } } organizations { nodes { organization { branding { logoUrl } metadata { key value } } } } } } }`;
    const fields = 'device { lastIp } organization { name } authenticationMethods { name }';
    const answer = JSON.stringify(await ask(place(fields)));
    expect(answer).toContain('"lastIp":"127.0.0.1"');
    expect(answer).toContain('"organization":{"name":"acme"}');
    expect(answer).toContain('"name":"pwd"');
    expect(answer).toContain('"key":"tier"');
  });

  test('fields of users that look into metadata do so whatever is selected of it', async () => {
    const plain = (fields: string): Promise<Data> => ask(`{ users(first: 5) { nodes { ${fields} } } }`);
    const looking = 'effectivePicture pictureSource profileBytes';
    const { users } = await plain(looking);
    expect(JSON.stringify(users)).toContain('https://example.com/p.png');
    for (const field of looking.split(' ')) {
      const beside = await plain(`${field} metadata { version }`);
      expect(withoutMetadata(beside)).toEqual(withoutMetadata(await plain(field)));
    }
  });

  const withoutMetadata = (data: Data): unknown =>
    JSON.parse(JSON.stringify(data, (key, value: unknown) => (key === 'metadata' ? undefined : value)));

  /** The answer with this one leaf at the innermost objects. */
  function only(value: unknown, names: ReadonlySet<string>): unknown {
    if (Array.isArray(value)) return value.map((item) => only(item, names));
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value);
    const kept = entries.filter(([key]) => names.has(key));
    if (kept.length > 0) return Object.fromEntries(kept);
    return Object.fromEntries(entries.map(([key, item]) => [key, only(item, names)]));
  }
});
