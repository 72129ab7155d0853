import { DeclaredRules } from '#test/attacks/support/declared-rules';
import { rising } from '#test/features/groups/rising-table';
import { GroupStage, type Json } from '#test/features/groups/support';
import { eachDatabase } from '#test/support/databases';

/** What changes who may do what. The caller may use each of these, and holds neither the power itself nor grant:any. */
const tools = [
  ...['create:role_members', 'create:user_permissions', 'create:roles', 'update:roles', 'delete:roles'],
  ...[
    'create:groups',
    'update:groups',
    'delete:groups',
    'import:authorization',
    'read:users',
    'update:users',
  ],
  ...['create:organization_member_roles', 'create:organization_members', 'create:organization_invitations'],
  ...['create:organization_connections', 'update:organization_connections', 'read:authorization'],
  ...['update:authorization', 'update:users_app_metadata', 'update:applications'],
];

eachDatabase('nobody rises', (database) => {
  let stage: GroupStage;
  let climber: string;
  let token: string;
  const known: Record<string, string> = {};

  beforeAll(async () => {
    stage = await GroupStage.open(database, {
      environment: { GATEHOUSE_ORGANIZATIONS_INVITATION_LOGIN_URL: 'https://app.example/login' },
    });
    await stage.connection('corp');
    climber = await stage.user('climber@groups.example');
    await stage.change(
      'addUserRoles',
      { id: climber, roleIds: [await stage.product.givenRole('Tools', tools)] },
      'user { id }',
    );
    known['role'] = await stage.product.givenRole('Power', ['delete:users']);
    known['strong'] = await stage.group('strong');
    await stage.change('addGroupRoles', { id: known['strong'], roleIds: [known['role']] }, 'group { id }');
    known['weak'] = await stage.group('weak');
    await stage.putInto(known['weak'], climber);
    known['inside'] = await stage.group('inside the strong');
    await stage.change(
      'addChildGroups',
      { id: known['strong'], groupIds: [known['inside']] },
      'group { id }',
    );
    known['own'] = (await stage.ok('{ roles(name: "Tools") { nodes { id } } }')).roles.nodes[0].id;
    known['organization'] = await stage.organization('ladder', [climber]);
    const { connections, permissions } = await stage.ok(
      '{ connections { nodes { id name } } permissions(name: "delete:users") { nodes { id } } }',
    );
    known['connection'] = connections.nodes.find((each: Json) => each.name === 'corp').id;
    known['permission'] = permissions.nodes[0].id;
    known['machine'] = await stage.application('Strong machine', 'MACHINE');
    known['own machine'] = await stage.application('Weak machine', 'MACHINE');
    await give(known['machine']);
    await stage.change(
      'linkOrganizationConnection',
      {
        organizationId: known['organization'],
        connectionId: known['connection'],
        assignMembershipOnLogin: true,
      },
      '__typename',
    );
    known['other'] = (await stage.ok('{ connections { nodes { id name } } }')).connections.nodes.find(
      (each: Json) => each.name === 'main',
    ).id;
    token = await stage.product.user(climber);
  });
  afterAll(() => stage.close());

  const give = (application: string): Promise<Json> =>
    stage.ok(
      'mutation ($input: AddApplicationPermissionsInput!) { addApplicationPermissions(input: $input) { __typename } }',
      { variables: { input: { id: application, permissionIds: [known['permission']] } } },
    );

  /** Every mutation that can change what somebody may do, used to take the power. */
  const ways: readonly [string, (ids: Record<string, string>) => object][] = [
    ['addUserRoles', ({ role }) => ({ id: climber, roleIds: [role] })],
    ['addUserPermissions', ({ permission }) => ({ id: climber, permissionIds: [permission] })],
    ['createRole', ({ permission }) => ({ name: 'Mine', permissionIds: [permission] })],
    ['addRolePermissions', ({ own, permission }) => ({ id: own, permissionIds: [permission] })],
    ['updateRole', ({ own }) => ({ id: own, name: 'Administrator' })],
    [
      'addMemberRoles',
      ({ organization, role }) => ({ organizationId: organization, userId: climber, roleIds: [role] }),
    ],
    [
      'inviteMembers',
      ({ organization, role }) => ({
        organizationId: organization,
        inviter: { name: 'x' },
        invitees: [{ email: 'climber@groups.example' }],
        roleIds: [role],
      }),
    ],
    [
      'linkOrganizationConnection',
      ({ organization, other, role }) => ({
        organizationId: organization,
        connectionId: other,
        assignMembershipOnLogin: true,
        defaultRoleIds: [role],
      }),
    ],
    [
      'updateOrganizationConnection',
      ({ organization, connection, role }) => ({
        organizationId: organization,
        connectionId: connection,
        defaultRoleIds: [role],
      }),
    ],
    [
      'createOrganizationRole',
      ({ organization, permission }) => ({
        organizationId: organization,
        name: 'Mine',
        permissionIds: [permission],
      }),
    ],
    ['addApplicationPermissions', (ids) => ({ id: ids['own machine'], permissionIds: [ids['permission']] })],
    [
      'updateApplicationSessionSettings',
      (ids) => ({ applicationId: ids['own machine'], anonymousPermissions: ['delete:users'] }),
    ],
    ['createApplicationSecret', ({ machine }) => ({ applicationId: machine })],
    ['startImpersonation', () => ({ userId: climber, clientId: 'x', reason: 'to have more' })],
    ['addGroupMembers', ({ strong }) => ({ id: strong, userIds: [climber] })],
    ['addGroupMembers', ({ inside }) => ({ id: inside, userIds: [climber] })],
    ['addChildGroups', ({ strong, weak }) => ({ id: strong, groupIds: [weak] })],
    ['addChildGroups', ({ inside, weak }) => ({ id: inside, groupIds: [weak] })],
    ['moveGroup', ({ weak, inside }) => ({ id: weak, parentIds: [inside] })],
    ['addGroupRoles', ({ weak, role }) => ({ id: weak, roleIds: [role] })],
    ['createGroupMapping', ({ strong }) => ({ groupId: strong, connection: 'corp', groupName: 'mine' })],
    [
      'importAuthorization',
      ({ strong }) => ({
        document: { groups: [{ _id: strong, name: 'strong', description: 'x', members: [climber] }] },
      }),
    ],
    ['saveDaeHook', () => ({ name: 'FILTER', definition: { where: { path: 'user_id', exists: true } } })],
    ['restoreDaeHook', () => ({ name: 'FILTER', version: 1 })],
    ['daeChangePassword', () => ({ id: climber, password: 'a long enough password' })],
    ['daeCreateUser', () => ({ email: 'more@groups.example' })],
    ['daeUpdateProfile', () => ({ id: climber })],
    ['daeChangeEmail', () => ({ id: climber, email: 'more@groups.example' })],
    ['daeChangeUsername', () => ({ id: climber, username: 'more' })],
    ['daeRemoveMfa', () => ({ id: climber })],
    ['setAttributeRuleEnabled', () => ({ id: 'atr_none', enabled: false })],
    ['deleteAttributeRule', () => ({ id: 'atr_none' })],
    ['importAttributeRules', () => ({ document: {} })],
    ['removeBlacklistedAttributes', () => ({ scope: 'TENANT', names: ['email'] })],
    ['saveAttributeRule', () => ({ name: 'x', effect: 'ALLOW', actions: ['READ'], paths: ['email'] })],
  ];

  test('B37 every mutation of the schema is classified, and each one that gives something is tried', () => {
    const declared = new DeclaredRules(stage.product.app.schema.sdl)
      .fields('Mutation')
      .map(({ name }) => name);
    expect(Object.keys(rising).sort()).toEqual([...declared].sort());
    const gives = Object.keys(rising).filter((name) => rising[name] === 'GIVES');
    expect([...new Set(ways.map(([name]) => name))].sort()).toEqual(gives.sort());
  });

  test.each(ways)('B37 by %s', async (name, input) => {
    const errors = await stage.refusal(name, input(known), token);
    expect([name, errors[0]?.extensions.code]).toEqual([
      name,
      expect.stringMatching(/^(FORBIDDEN|BAD_USER_INPUT)/),
    ]);
    expect(errors[0]?.extensions.code).not.toBe('BAD_USER_INPUT');
    const { viewer } = await stage.ok('{ viewer { permissions roles } }', { token });
    expect(viewer.permissions.slice().sort()).toEqual([...tools].sort());
    expect(viewer.roles).toEqual(['Tools']);
  });

  test('who holds a role passes it on by a group, and what a group gives counts as held', async () => {
    const holder = await stage.user('holder@groups.example');
    const source = await stage.group('source');
    await stage.change(
      'addGroupRoles',
      { id: source, roleIds: [known['role'], known['own']] },
      'group { id }',
    );
    await stage.putInto(source, holder);
    const group = await stage.group('passed on');
    const as = await stage.product.user(holder);
    await stage.change('addGroupRoles', { id: group, roleIds: [known['role']] }, 'group { id }', as);
    await stage.change('addGroupMembers', { id: group, userIds: [climber] }, 'group { id }', as);
    await stage.change('deleteGroup', { id: group }, 'deletedId');
  });

  test.each(['roles', 'groups'])(
    'B15 a rule that keeps the %s of users from a caller is not passed by importing them',
    async (path) => {
      const applicationId = await stage.application(`import ${path}`);
      const [kept, free] = [
        await stage.user(`kept-${path}@example.com`),
        await stage.user(`free-${path}@example.com`),
      ];
      const organization = await stage.organization(`kept-${path}`, [kept]);
      const rule = {
        ...{ name: `no ${path}`, effect: 'DENY', actions: ['WRITE'], paths: [path] },
        object: { organizations: [organization] },
      };
      const { attributeRule } = await stage.change('saveAttributeRule', rule, 'attributeRule { id }');
      const naming = (...users: readonly string[]): object => ({
        ...{ configuration: [], permissions: [] },
        groups: path === 'groups' ? [{ _id: 'g1', name: 'Imported', description: 'x', members: users }] : [],
        roles:
          path === 'roles'
            ? [
                {
                  _id: 'r1',
                  name: 'Imported',
                  description: 'x',
                  applicationId,
                  applicationType: 'client',
                  permissions: [],
                  users,
                },
              ]
            : [],
      });
      for (const dryRun of [true, false]) {
        const [error] = await stage.refusal('importAuthorization', { document: naming(free, kept), dryRun });
        expect(error?.extensions).toMatchObject({ code: 'FORBIDDEN_ARGUMENT', paths: [path] });
      }
      const document = naming(free);
      await stage.change('importAuthorization', { document }, 'dryRun');
      await stage.change('deleteAttributeRule', { id: attributeRule.id }, 'deletedId');
      await stage.change('importAuthorization', { document: naming(free, kept) }, 'dryRun');
    },
  );
});
