import { GroupStage, type Json } from '#test/features/groups/support';
import { eachDatabase } from '#test/support/databases';

const system = 'urn:gatehouse:api';

eachDatabase('organizations and roles over HTTP', (database) => {
  let stage: GroupStage;
  beforeAll(async () => {
    stage = await GroupStage.open(database);
  });
  afterAll(() => stage.close());

  const codes = async (mutation: string, input: object, token?: string): Promise<unknown> =>
    (await stage.refusal(mutation, input, token))[0]?.extensions['code'] ?? 'done';
  const read = async (id: string, fields: string): Promise<Json> =>
    (await stage.ok(`query($id: ID!) { organization(id: $id) { ${fields} } }`, { variables: { id } }))
      .organization;
  const membersOf = async (id: string): Promise<Json> =>
    (await read(id, 'members { nodes { user { id } roles { name } } }')).members.nodes;
  const permission = async (name: string): Promise<string> => {
    const asked =
      'query($name: String) { permissions(first: 100, name: $name) { nodes { id name resourceServer { identifier } } } }';
    const { permissions } = await stage.ok(asked, { variables: { name } });
    return permissions.nodes.find(
      (each: Json) => each.name === name && each.resourceServer.identifier === system,
    ).id;
  };
  const idOf = async (connection: string): Promise<string> =>
    (await stage.ok('{ connections(first: 100) { nodes { id name } } }')).connections.nodes.find(
      ({ name }: Json) => name === connection,
    ).id;

  test('1.8-1 1.8-2 1.8-3 names, metadata and colors at their limits, and what one more is told', async () => {
    const limits: readonly [object, string][] = [
      ...['a', '0x', 'n'.repeat(50)].map((name): [object, string] => [{ name }, 'done']),
      ...['', 'n'.repeat(51), 'Acme', 'a b', 'é', '-a', '_a', 'org_a'].map((name): [object, string] => [
        { name },
        'BAD_USER_INPUT',
      ]),
      [{ name: 'a' }, 'CONFLICT'],
      [{ name: 'colors', branding: { colors: { primary: '#ffffff' } } }, 'BAD_USER_INPUT'],
      [{ name: 'logo', branding: { logoUrl: 'http://logo.example/a.png' } }, 'BAD_USER_INPUT'],
      [{ name: 'value', metadata: [{ key: 'k', value: 'v'.repeat(256) }] }, 'LIMIT_EXCEEDED'],
      [{ name: 'value', metadata: [{ key: 'k', value: 'v'.repeat(255) }] }, 'done'],
      [{ name: 'number', metadata: [{ key: 'k', value: 1 }] }, 'BAD_USER_INPUT'],
    ];
    for (const [input, outcome] of limits)
      expect([input, await codes('createOrganization', input)]).toEqual([input, outcome]);
    const { organizations } = await stage.ok('{ organizations(first: 50) { nodes { id name } } }');
    const { id } = organizations.nodes.find(({ name }: Json) => name === 'a');
    expect(await codes('updateOrganization', { id, name: '0x' })).toBe('CONFLICT');
    expect(await codes('updateOrganization', { id, name: 'b' })).toBe('done');
    expect(await codes('createOrganization', { name: 'a' })).toBe('done');
  });

  test('1.8-5 1.8-6 1.8-7 one unknown user adds none, and roles of a membership are there alone and go with it', async () => {
    const userId = await stage.user('member@example.com');
    const [one, two] = [await stage.organization('first'), await stage.organization('second', [userId])];
    const unknown = ['auth0|nobody1', userId, await stage.user('third@example.com')];
    for (const userIds of [unknown, [...unknown].reverse()])
      expect(await codes('addOrganizationMembers', { id: one, userIds })).toBe('BAD_USER_INPUT');
    expect(await membersOf(one)).toEqual([]);
    await stage.change('addOrganizationMembers', { id: one, userIds: [userId] }, '__typename');
    const roleId = await stage.product.givenRole('There alone', ['read:users']);
    const given = { organizationId: one, userId, roleIds: [roleId] };
    await stage.change('addMemberRoles', given, '__typename');
    const roles = async (): Promise<Json> => ({
      one: (await membersOf(one)).map((member: Json) => member.roles),
      two: (await membersOf(two)).map((member: Json) => member.roles),
      ...(await stage.ok('query($id: ID!) { user(id: $id) { roles { name } } }', {
        variables: { id: userId },
      })),
    });
    expect(await roles()).toEqual({ one: [[{ name: 'There alone' }]], two: [[]], user: { roles: [] } });
    const rights = async (organizationId?: string): Promise<Json> =>
      (
        await stage.product.ask('{ viewer { permissions } }', {
          token: await stage.product.user(userId, organizationId),
        })
      ).data;
    expect(await rights(one)).toEqual({ viewer: { permissions: ['read:users'] } });
    for (const other of [two, undefined])
      expect(await rights(other)).toEqual({ viewer: { permissions: [] } });
    const member = { id: one, userIds: [userId] };
    await stage.change('removeOrganizationMembers', member, '__typename');
    await stage.change('addOrganizationMembers', member, '__typename');
    expect(await roles()).toEqual({ one: [[]], two: [[]], user: { roles: [] } });
  });

  test('1.8-8 1.8-9 20 sign-ins at once make one member, and where two organizations would take the user in none', async () => {
    await stage.connection('crowd');
    const connectionId = await idOf('crowd');
    const roleId = await stage.product.givenRole('Newcomer');
    const link = { connectionId, assignMembershipOnLogin: true, defaultRoleIds: [roleId] };
    const one = await stage.organization('crowded');
    await stage.change('linkOrganizationConnection', { organizationId: one, ...link }, '__typename');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => stage.login('crowd', { sub: 'c1', nameID: 'c1' })),
    );
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(await membersOf(one)).toEqual([{ user: { id: 'samlp|crowd|c1' }, roles: [{ name: 'Newcomer' }] }]);
    const { auditEvents } = await stage.ok(
      '{ auditEvents(first: 100, action: "organization.join") { nodes { action } } }',
    );
    expect(auditEvents.nodes).toHaveLength(1);
    const two = await stage.organization('crowded-too');
    await stage.change('linkOrganizationConnection', { organizationId: two, ...link }, '__typename');
    expect((await stage.login('crowd', { nameID: 'c2' })).errors).toEqual([]);
    expect([(await membersOf(one)).length, await membersOf(two)]).toEqual([1, []]);
  });

  test('1.8-10 sign-up at an organization needs membership by sign-in and a database', async () => {
    await stage.connection('company');
    const organizationId = await stage.organization('signing-up');
    const link = async (connection: string, more: object): Promise<unknown> =>
      codes('linkOrganizationConnection', { organizationId, connectionId: await idOf(connection), ...more });
    expect(await link('main', { isSignupEnabled: true })).toBe('BAD_USER_INPUT');
    expect(await link('company', { isSignupEnabled: true, assignMembershipOnLogin: true })).toBe(
      'BAD_USER_INPUT',
    );
    expect(await link('main', { showAsButton: false })).toBe('BAD_USER_INPUT');
    expect(await link('main', { isSignupEnabled: true, assignMembershipOnLogin: true })).toBe('done');
    expect(await link('main', {})).toBe('CONFLICT');
  });

  test('2.6-1 2.6-4 overlapping roles are one permission with both sources, and none of an administrator’s are in force where he is a plain member', async () => {
    const userId = await stage.user('admin@example.com');
    const roleIds = [
      await stage.product.givenRole('Overlap A', ['read:users', 'update:users']),
      await stage.product.givenRole('Overlap B', ['read:users', 'grant:any']),
    ];
    await stage.change('addUserRoles', { id: userId, roleIds }, '__typename');
    await stage.change(
      'addUserPermissions',
      { id: userId, permissionIds: [await permission('read:roles')] },
      '__typename',
    );
    const { user } = await stage.ok(
      'query($id: ID!) { user(id: $id) { permissions { totalCount nodes { name sources { kind role { name } } } } } }',
      { variables: { id: userId } },
    );
    const role = (name: string): Json => ({ kind: 'ROLE', role: { name } });
    const byName = (a: Json, b: Json): number => (a.role?.name ?? '').localeCompare(b.role?.name ?? '');
    for (const node of user.permissions.nodes) node.sources.sort(byName);
    expect(user.permissions).toEqual({
      totalCount: 4,
      nodes: [
        { name: 'grant:any', sources: [role('Overlap B')] },
        { name: 'read:roles', sources: [{ kind: 'DIRECT', role: null }] },
        { name: 'read:users', sources: [role('Overlap A'), role('Overlap B')] },
        { name: 'update:users', sources: [role('Overlap A')] },
      ],
    });
    const organizationId = await stage.organization('plain', [userId]);
    const asked = '{ viewer { permissions } users { totalCount } roles { totalCount } }';
    const inside = await stage.product.ask(asked, {
      token: await stage.product.user(userId, organizationId),
    });
    expect(inside.data).toEqual({ viewer: { permissions: [] }, users: null, roles: null });
    const outside = await stage.product.ask(asked, { token: await stage.product.user(userId) });
    expect(outside.errors).toEqual([]);
  });

  test('2.6-7 nobody gives what he does not hold, to others or to himself, by a role, a permission or a membership', async () => {
    const held = await stage.product.givenRole('Giver', [
      'create:role_members',
      'create:user_permissions',
      'read:users',
    ]);
    const giving = await stage.product.givenRole('Inside giver', ['create:organization_member_roles']);
    const root = await stage.product.givenRole('Root', ['grant:any']);
    const [giver, other] = [await stage.user('giver@example.com'), await stage.user('other@example.com')];
    const organizationId = await stage.organization('giving', [giver, other]);
    await stage.change('addUserRoles', { id: giver, roleIds: [held, giving] }, '__typename');
    const token = await stage.product.user(giver);
    for (const id of [giver, other]) {
      const tried: readonly [string, object, string][] = [
        ['addUserRoles', { id, roleIds: [held] }, 'done'],
        ['addUserRoles', { id, roleIds: [held, root] }, 'FORBIDDEN'],
        ['addUserPermissions', { id, permissionIds: [await permission('read:users')] }, 'done'],
        ['addUserPermissions', { id, permissionIds: [await permission('grant:any')] }, 'FORBIDDEN'],
        ['addMemberRoles', { organizationId, userId: id, roleIds: [held] }, 'done'],
        ['addMemberRoles', { organizationId, userId: id, roleIds: [root] }, 'FORBIDDEN'],
      ];
      for (const [mutation, input, outcome] of tried)
        expect([mutation, input, await codes(mutation, input, token)]).toEqual([mutation, input, outcome]);
    }
    const { user } = await stage.ok('query($id: ID!) { user(id: $id) { roles { name } } }', {
      variables: { id: other },
    });
    expect(user.roles).toEqual([{ name: 'Giver' }]);
  });
});
