import { sql } from '#src/storage/sql';
import { eachDatabase } from '#test/support/databases';
import { GroupStage, type Json } from '#test/features/groups/support';
import { tokenCases } from '#test/features/groups/token-cases';

const selection = 'dryRun created updated deleted changes { action kind name }';

eachDatabase('import and export of groups', (database) => {
  let stage: GroupStage;
  let users: string[];
  let shop: string;

  beforeAll(async () => {
    stage = await GroupStage.open(database);
    await stage.connection('corp');
    users = [await stage.user('t0@groups.example'), await stage.user('t1@groups.example')];
    shop = await stage.application('Shop');
  });
  afterAll(() => stage.close());

  /** As the extension writes it: ids of its own, the application under the id that it had elsewhere. */
  const reference = (): Json => ({
    configuration: [
      { _id: 'v1', rolesInToken: true, persistGroups: true, groupsPassthrough: true, apikeys: 'x' },
    ],
    groups: [
      {
        _id: 'g-root',
        name: 'Root',
        description: 'All',
        members: [],
        nested: ['g-leaf', 'g-root'],
        roles: ['r-reader'],
        mappings: [],
      },
      {
        _id: 'g-leaf',
        name: 'Leaf',
        description: 'Some',
        members: [users[0]],
        nested: [],
        roles: ['r-writer'],
        mappings: [{ _id: 'm1', groupName: 'Eng', connectionName: 'corp' }],
      },
    ],
    roles: [
      {
        _id: 'r-reader',
        name: 'Reader',
        description: 'Reads',
        applicationType: 'client',
        applicationId: 'OLD',
        permissions: ['p-read'],
        users: [],
      },
      {
        _id: 'r-writer',
        name: 'Writer',
        description: 'Writes',
        applicationType: 'client',
        applicationId: 'OLD',
        permissions: ['p-write'],
        users: [users[1]],
      },
    ],
    permissions: [
      {
        _id: 'p-read',
        name: 'read:shop',
        description: 'Read',
        applicationType: 'client',
        applicationId: 'OLD',
      },
      {
        _id: 'p-write',
        name: 'write:shop',
        description: 'Write',
        applicationType: 'client',
        applicationId: 'OLD',
      },
    ],
    rules: [],
  });
  const given = (document: Json, more: object = {}) => ({
    document,
    applicationMap: [{ from: 'OLD', to: shop }],
    ...more,
  });
  const context = async (userId: string): Promise<Json> =>
    (
      await stage.ok(
        'query ($u: ID!, $a: ID!) { authorizationContext(userId: $u, applicationId: $a) { groups roles permissions } }',
        { variables: { u: userId, a: shop } },
      )
    ).authorizationContext;
  const rows = async (): Promise<Json> => {
    const store = stage.product.app.storage.open();
    const counts: Record<string, number> = {};
    for (const table of [
      'user_groups',
      'group_edges',
      'group_closure',
      'group_members',
      'group_roles',
      'group_mappings',
      'roles',
      'permissions',
      'resource_servers',
      'user_roles',
      'authorization_references',
      'authorization_settings',
      'audit_events',
    ])
      counts[table] =
        (
          await store.query<{ n: number }>(sql`SELECT COUNT(*) AS n FROM ${sql.raw(table)}`, { n: 'integer' })
        )[0]?.n ?? 0;
    return counts;
  };
  /** The document with lists in one order, without what an export adds. */
  const set = (document: Json): Json => ({
    groups: document.groups
      .map(({ mappings, ...group }: Json) => ({
        ...group,
        nested: group.nested.filter((id: string) => id !== group._id).sort(),
        mappings: mappings.map(({ groupName, connectionName }: Json) => ({ groupName, connectionName })),
      }))
      .sort(byId),
    roles: document.roles.map((role: Json) => ({ ...role, applicationId: shop })).sort(byId),
    permissions: document.permissions.map((each: Json) => ({ ...each, applicationId: shop })).sort(byId),
  });
  const byId = (a: Json, b: Json): number => (a._id < b._id ? -1 : 1);
  const exported = async (): Promise<Json> => (await stage.ok('{ exportAuthorization }')).exportAuthorization;

  const faults: readonly [string, (document: Json) => void, string][] = [
    ['an unknown role in a group', (d) => d.groups[1].roles.push('r-lost'), 'groups[1].roles[1]'],
    ['an unknown user', (d) => d.groups[1].members.push('auth0|lost'), 'groups[1].members[1]'],
    ['an unknown group', (d) => d.groups[0].nested.push('g-lost'), 'groups[0].nested[1]'],
    ['an unknown permission', (d) => d.roles[0].permissions.push('p-lost'), 'roles[0].permissions[1]'],
    ['an unknown application', (d) => (d.roles[0].applicationId = 'LOST'), 'roles[0].applicationId'],
    [
      'an unknown connection',
      (d) => (d.groups[1].mappings[0].connectionName = 'lost'),
      'groups[1].mappings[0].connectionName',
    ],
    ['a name that comes twice', (d) => (d.groups[1].name = 'ROOT'), 'groups[1].name'],
    ['an id that comes twice', (d) => (d.roles[1]._id = 'r-reader'), 'roles[1]._id'],
    ['a name that is too long', (d) => (d.groups[0].name = 'x'.repeat(51)), 'groups[0].name'],
    ['no description', (d) => delete d.groups[0].description, 'groups[0].description'],
    ['a list that is none', (d) => (d.groups[0].members = 'all'), 'groups[0].members'],
    ['a group that is none', (d) => d.groups.push(null), 'groups[2]'],
    [
      'a switch that is no switch',
      (d) => (d.configuration[0].rolesInToken = 'yes'),
      'configuration[0].rolesInToken',
    ],
    ['a cycle', (d) => d.groups[1].nested.push('g-root'), 'groups[0].nested[0]'],
  ];

  test.each(faults)(
    '3.3-7 %s is refused with its path, and nothing is written',
    async (_what, spoil, path) => {
      const document = reference();
      spoil(document);
      const before = await rows();
      for (const dryRun of [true, false]) {
        const [error] = await stage.refusal('importAuthorization', given(document, { dryRun }));
        expect(['BAD_USER_INPUT', 'CONFLICT']).toContain(error?.extensions.code);
        expect(error?.extensions['path']).toBe(path);
      }
      expect(await rows()).toEqual(before);
    },
  );

  test('3.3-7 a trial tells everything and writes nothing', async () => {
    const before = await rows();
    const report = await stage.change('importAuthorization', given(reference(), { dryRun: true }), selection);
    expect(report).toMatchObject({ dryRun: true, created: 6, updated: 1, deleted: 0 });
    expect(await rows()).toEqual(before);
  });

  test('3.3-7 the extension’s document is taken over, evaluates as there and is written as it came', async () => {
    const report = await stage.change('importAuthorization', given(reference()), selection);
    expect(report).toMatchObject({ dryRun: false, created: 6, updated: 1, deleted: 0 });
    expect(await context(users[0] as string)).toEqual({
      groups: ['Leaf', 'Root'],
      roles: ['Reader', 'Writer'],
      permissions: ['read:shop', 'write:shop'],
    });
    expect(await context(users[1] as string)).toEqual({
      groups: [],
      roles: ['Writer'],
      permissions: ['write:shop'],
    });
    const document = await exported();
    expect(set(document)).toEqual(set(reference()));
    expect(document.configuration[0]).toMatchObject({
      _id: 'v1',
      rolesInToken: true,
      persistGroups: true,
      groupsPassthrough: true,
      persistRoles: false,
    });
    // Again, both as it came and as it was written, changes nothing.
    for (const again of [given(reference()), { document }, { document, mode: 'REPLACE' }])
      expect(await stage.change('importAuthorization', again, selection)).toMatchObject({
        created: 0,
        updated: 0,
        deleted: 0,
        changes: [],
      });
  });

  test('a sign-in writes what the switches say', async () => {
    const { data, errors } = await stage.login(
      'corp',
      { sub: 's1', user_id: 's1', email: 's1@corp.example', groups: ['Eng', 'Sales'], roles: ['Guest'] },
      { applicationId: shop },
    );
    expect(errors).toEqual([]);
    expect((data as Json).recordLogin.user.metadata.app).toEqual({
      authorization: { groups: ['Eng', 'Leaf', 'Root', 'Sales'] },
    });
    await stage.change(
      'updateAuthorizationConfig',
      { persistRoles: true, persistPermissions: true, groupsPassthrough: false },
      'config { version persistRoles }',
    );
    const again = await stage.login(
      'corp',
      { sub: 's1', user_id: 's1', groups: ['Eng'] },
      { applicationId: shop },
    );
    expect((again.data as Json).recordLogin.user.metadata.app).toEqual({
      authorization: {
        groups: ['Leaf', 'Root'],
        roles: ['Reader', 'Writer'],
        permissions: ['read:shop', 'write:shop'],
      },
    });
    const [conflict] = await stage.refusal('updateAuthorizationConfig', {
      persistRoles: false,
      ifVersion: 1,
    });
    expect(conflict?.extensions.code).toBe('VERSION_CONFLICT');
  });

  tokenCases(() => ({ stage, shop }));

  test('merging leaves what the document does not hold, replacing removes it', async () => {
    const part = {
      groups: [
        { _id: 'g-new', name: 'New', description: 'New', members: [], nested: [], roles: [], mappings: [] },
      ],
    };
    expect(await stage.change('importAuthorization', given(part), selection)).toMatchObject({
      created: 1,
      deleted: 0,
    });
    expect((await exported()).groups.map((group: Json) => group.name)).toEqual(['Leaf', 'New', 'Root']);
    const replaced = await stage.change('importAuthorization', given(part, { mode: 'REPLACE' }), selection);
    expect(replaced).toMatchObject({ created: 0, deleted: 6 });
    const document = await exported();
    expect(document.groups.map((group: Json) => group._id)).toEqual(['g-new']);
    expect([document.roles, document.permissions]).toEqual([[], []]);
    expect((await context(users[0] as string)).roles).toEqual([]);
  });

  test('a document of more than half a megabyte is taken over', async () => {
    const groups = Array.from({ length: 900 }, (_, at) => ({
      _id: `big-${at}`,
      name: `Big ${at}`,
      description: 'x'.repeat(480),
      members: at % 2 === 1 ? users : [],
      nested: at % 10 === 0 ? Array.from({ length: 9 }, (_child, index) => `big-${at + index + 1}`) : [],
      roles: [],
      mappings: [],
    }));
    expect(JSON.stringify(groups).length).toBeGreaterThan(500_000);
    const report = await stage.change('importAuthorization', { document: { groups } }, selection);
    expect(report).toMatchObject({ created: 900, updated: 0 });
    expect((await context(users[0] as string)).groups).toHaveLength(540);
  });

  test('an import takes grant:any, and a trial of it too', async () => {
    const token = await stage.product.machine(['import:authorization']);
    const [error] = await stage.refusal('importAuthorization', given(reference(), { dryRun: true }), token);
    expect(error?.extensions.code).toBe('FORBIDDEN');
  });
});
