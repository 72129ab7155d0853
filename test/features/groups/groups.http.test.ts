import { eachDatabase } from '#test/support/databases';
import { GroupStage, type Json } from '#test/features/groups/support';

const members =
  'members { totalCount nodes { user { id } } } calculatedMembers { totalCount nodes { user { id } sources { kind group { name } } } }';

eachDatabase('groups', (database) => {
  let stage: GroupStage;

  beforeAll(async () => {
    stage = await GroupStage.open(database, {
      environment: {
        GATEHOUSE_GROUPS_MAX_DEPTH: '4',
        GATEHOUSE_GROUPS_MAX_MEMBERS: '4',
        GATEHOUSE_GROUPS_MAX_ROLES_PER_GROUP: '3',
        GATEHOUSE_GROUPS_MAX_MAPPINGS: '2',
      },
    });
    await stage.connection('corp');
    await stage.connection('other');
  });
  afterAll(() => stage.close());

  const read = async (id: string): Promise<Json> =>
    (
      await stage.ok(
        `query ($id: ID!) { group(id: $id) { name parents { name } children { name } roles { name } ${members} } }`,
        { variables: { id } },
      )
    ).group;
  const ids = (connection: Json): string[] => connection.nodes.map((node: Json) => node.user.id);
  const effective = async (userId: string): Promise<Json> =>
    (
      await stage.ok(
        'query ($id: ID!) { user(id: $id) { effectiveRoles { role { name } sources { kind path { name } } } } }',
        { variables: { id: userId } },
      )
    ).user.effectiveRoles;
  const roleNames = async (userId: string): Promise<string[]> =>
    (await effective(userId)).map((each: Json) => each.role.name).sort();
  const permissionsOf = async (token: string): Promise<string[]> =>
    (await stage.ok('{ viewer { permissions } }', { token })).viewer.permissions;

  test('3.3-1 who is in a group has the roles of all above it, and loses them with it', async () => {
    const [a, b, c] = (await stage.chain('1a', '1b', '1c')) as [string, string, string];
    await stage.roleFor(a, 'Of 1a', ['read:jobs']);
    await stage.roleFor(b, 'Of 1b');
    await stage.roleFor(c, 'Of 1c', ['read:connections']);
    const user = await stage.user('one@groups.example');
    await stage.putInto(c, user);
    for (const above of [a, b]) {
      const group = await read(above);
      expect(ids(group.members)).toEqual([]);
      expect(group.members.totalCount).toBe(0);
      expect(ids(group.calculatedMembers)).toEqual([user]);
      expect(group.calculatedMembers.totalCount).toBe(1);
      expect(group.calculatedMembers.nodes[0].sources).toEqual([{ kind: 'NESTED', group: { name: '1c' } }]);
    }
    expect(await roleNames(user)).toEqual(['Of 1a', 'Of 1b', 'Of 1c']);
    const token = await stage.product.user(user);
    expect(await permissionsOf(token)).toEqual(['read:connections', 'read:jobs']);
    const sources = await stage.ok(
      'query ($id: ID!) { user(id: $id) { permissions { nodes { name sources { kind role { name } group { name } } } } groups(kind: CALCULATED) { nodes { name } } } }',
      { variables: { id: user } },
    );
    expect(sources.user.permissions.nodes).toEqual([
      {
        name: 'read:connections',
        sources: [{ kind: 'GROUP', role: { name: 'Of 1c' }, group: { name: '1c' } }],
      },
      { name: 'read:jobs', sources: [{ kind: 'GROUP', role: { name: 'Of 1a' }, group: { name: '1a' } }] },
    ]);
    expect(sources.user.groups.nodes.map((group: Json) => group.name)).toEqual(['1a', '1b', '1c']);
    await stage.change('removeGroupMembers', { id: c, userIds: [user] }, 'group { id }');
    expect(await roleNames(user)).toEqual([]);
    expect(await permissionsOf(token)).toEqual([]);
    expect(ids((await read(a)).calculatedMembers)).toEqual([]);
  });

  test('3.3-2 a cycle is refused with its path, and nothing of the call is written', async () => {
    const [a, , c] = (await stage.chain('2a', '2b', '2c')) as [string, string, string];
    const free = await stage.group('2free');
    const [error] = await stage.refusal('addChildGroups', { id: c, groupIds: [free, a] });
    expect(error?.extensions).toMatchObject({
      code: 'CONFLICT',
      field: 'groupIds',
      names: ['2a', '2b', '2c', '2a'],
    });
    expect((await read(c)).children).toEqual([]);
    expect((await read(free)).parents).toEqual([]);
    const [moved] = await stage.refusal('moveGroup', { id: a, parentIds: [c] });
    expect(moved?.extensions).toMatchObject({ code: 'CONFLICT', names: ['2a', '2b', '2c', '2a'] });
    // In itself a group changes nothing.
    expect(
      (await stage.change('addChildGroups', { id: a, groupIds: [a] }, 'group { children { name } }')).group
        .children,
    ).toEqual([{ name: '2b' }]);
  });

  test('3.3-3 of a diamond each role comes once, with both ways to it', async () => {
    const [a, b, d] = (await stage.chain('3a', '3b', '3d')) as [string, string, string];
    const c = await stage.group('3c');
    await stage.change('addChildGroups', { id: a, groupIds: [c] }, 'group { id }');
    await stage.change('addChildGroups', { id: c, groupIds: [d] }, 'group { id }');
    await stage.roleFor(a, 'Of 3a', ['read:jobs']);
    const user = await stage.user('three@groups.example');
    await stage.putInto(d, user);
    const held = '{ permissions { nodes { name sources { role { name } group { name } } } } }';
    expect((await stage.ok(`{ user(id: "${user}") ${held} }`)).user.permissions.nodes).toEqual([
      { name: 'read:jobs', sources: [{ role: { name: 'Of 3a' }, group: { name: '3a' } }] },
    ]);
    const path = (...names: string[]) => ({ kind: 'GROUP', path: names.map((name) => ({ name })) });
    const roles = await effective(user);
    expect(roles).toHaveLength(1);
    expect(roles[0].role).toEqual({ name: 'Of 3a' });
    expect(roles[0].sources).toHaveLength(2);
    expect(roles[0].sources).toEqual(
      expect.arrayContaining([path('3d', '3b', '3a'), path('3d', '3c', '3a')]),
    );
    // One way is enough: the role stays until the second is gone.
    await stage.change('removeChildGroups', { id: b, groupIds: [d] }, 'group { id }');
    expect((await effective(user))[0].sources).toEqual([path('3d', '3c', '3a')]);
    await stage.change('removeChildGroups', { id: c, groupIds: [d] }, 'group { id }');
    expect(await roleNames(user)).toEqual([]);
  });

  test('3.3-4 a mapping takes the connection and the name at the provider, and that provider’s own word', async () => {
    const group = await stage.group('engineering');
    await stage.roleFor(group, 'Engineer');
    await stage.change(
      'createGroupMapping',
      { groupId: group, connection: 'corp', groupName: 'Eng' },
      'group { mappings { connectionName groupName } }',
    );
    const cases: readonly [connection: string, groups: unknown, isMember: boolean][] = [
      ['corp', ['Eng'], true],
      ['corp', 'Sales, Eng', true],
      ['corp', 'Sales Eng', true],
      ['corp', ['eng'], false],
      ['corp', ['Engineering'], false],
      ['corp', [], false],
      ['corp', undefined, false],
      ['other', ['Eng'], false],
    ];
    for (const [index, [connection, groups, isMember]] of cases.entries()) {
      const claims = {
        sub: `m${index}`,
        user_id: `m${index}`,
        email: `m${index}@corp.example`,
        ...(groups === undefined ? {} : { groups }),
      };
      const { data, errors } = await stage.login(connection, claims);
      expect(errors).toEqual([]);
      const id = (data as Json).recordLogin.user.id;
      expect([connection, groups, await roleNames(id)]).toEqual([
        connection,
        groups,
        isMember ? ['Engineer'] : [],
      ]);
    }
    // The next sign-in takes the group away again; a local group of the provider's name brings nothing.
    await stage.login('corp', { sub: 'm0', user_id: 'm0', groups: ['Sales'] });
    const local = await stage.group('Eng');
    const again = await stage.login('corp', { sub: 'm0', user_id: 'm0', groups: [] });
    const id = (again.data as Json).recordLogin.user.id;
    await stage.putInto(local, id);
    await stage.login('corp', { sub: 'm0', user_id: 'm0', groups: [] });
    expect(await roleNames(id)).toEqual([]);
    const { group: mapped } = await stage.ok(
      'query ($id: ID!) { group(id: $id) { mappings { id } members { totalCount } calculatedMembers { nodes { sources { kind } } } } }',
      { variables: { id: group } },
    );
    expect(mapped.members.totalCount).toBe(0);
    expect(mapped.calculatedMembers.nodes.map((node: Json) => node.sources)).toEqual([
      [{ kind: 'MAPPING' }],
      [{ kind: 'MAPPING' }],
    ]);
    await stage.change('deleteGroupMapping', { id: mapped.mappings[0].id }, 'group { id }');
    expect((await read(group)).calculatedMembers.totalCount).toBe(0);
  });

  test('3.3-5 a role takes permissions of its own application alone; what is used is not deleted, and the users of it are named', async () => {
    const [one, two] = [await stage.application('App one'), await stage.application('App two')];
    const server = async (application: string) =>
      (
        await stage.change(
          'createResourceServer',
          { identifier: `urn:gatehouse:application:${application}`, permissions: [{ name: 'read:things' }] },
          'resourceServer { permissions { nodes { id } } }',
        )
      ).resourceServer.permissions.nodes[0].id;
    const [own, foreign] = [await server(one), await server(two)];
    const role = await stage.change(
      'createRole',
      { name: 'Reader', applicationId: one },
      'role { id applicationId }',
    );
    expect(role.role.applicationId).toBe(one);
    // The same name in another application is another role.
    await stage.change('createRole', { name: 'Reader', applicationId: two }, 'role { id }');
    expect(
      (await stage.refusal('createRole', { name: 'reader', applicationId: one }))[0]?.extensions.code,
    ).toBe('CONFLICT');
    expect(
      (await stage.refusal('createRole', { name: 'Lost', applicationId: 'app_unknown' }))[0]?.extensions,
    ).toMatchObject({ code: 'BAD_USER_INPUT', field: 'applicationId' });
    const [refused] = await stage.refusal('addRolePermissions', {
      id: role.role.id,
      permissionIds: [own, foreign],
    });
    expect(refused?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'permissionIds' });
    expect(refused?.message).toContain(foreign);
    await stage.change('addRolePermissions', { id: role.role.id, permissionIds: [own] }, 'role { id }');

    const [outer, inner] = (await stage.chain('5outer', '5inner')) as [string, string];
    await stage.change('addGroupRoles', { id: inner, roleIds: [role.role.id] }, 'group { id }');
    expect((await stage.refusal('deleteRole', { id: role.role.id }))[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      groups: ['5inner'],
    });
    expect((await stage.refusal('deleteGroup', { id: inner }))[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      groups: ['5outer'],
    });
    const servers = (await stage.ok('{ resourceServers { nodes { id identifier } } }')).resourceServers.nodes;
    const { id } = servers.find((row: Json) => row.identifier.endsWith(one));
    expect(
      (await stage.refusal('updateResourceServer', { id, permissions: [] }))[0]?.extensions,
    ).toMatchObject({ code: 'CONFLICT', roles: ['Reader'] });
    expect((await stage.refusal('deleteResourceServer', { id }))[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      roles: ['Reader'],
    });
    await stage.change('removeChildGroups', { id: outer, groupIds: [inner] }, 'group { id }');
    await stage.change('deleteGroup', { id: inner }, 'deletedId');
    await stage.change('deleteRole', { id: role.role.id }, 'deletedId');
  });

  test('a role of one application counts there and in no rule of the gateway', async () => {
    const application = await stage.application('Shop');
    const machine = await stage.application('Robot', 'MACHINE');
    const { role } = await stage.change(
      'createRole',
      { name: 'Administrator of the shop', applicationId: application },
      'role { id name }',
    );
    const everywhere = await stage.product.givenRole('Everywhere', ['read:jobs']);
    const group = await stage.group('shop');
    await stage.change('addGroupRoles', { id: group, roleIds: [role.id, everywhere] }, 'group { id }');
    const user = await stage.user('shop@groups.example');
    await stage.putInto(group, user);
    const context = async (applicationId: string, more = ''): Promise<Json> =>
      await stage.ask(
        `query ($u: ID!, $a: ID!) { authorizationContext(userId: $u, applicationId: $a${more}) { groups roles permissions } }`,
        { variables: { u: user, a: applicationId } },
      );
    expect((await context(application)).data.authorizationContext).toEqual({
      groups: ['shop'],
      roles: ['Administrator of the shop', 'Everywhere'],
      permissions: [],
    });
    const other = await stage.application('Elsewhere');
    expect((await context(other)).data.authorizationContext.roles).toEqual(['Everywhere']);
    expect((await context(machine)).errors[0].extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'applicationId',
    });
    // As if the user signed in: the groups of the provider, without anything being written.
    const mapped = await stage.group('supposed');
    await stage.change(
      'createGroupMapping',
      { groupId: mapped, connection: 'corp', groupName: 'Supposed' },
      'group { id }',
    );
    expect(
      (await context(other, ', connection: "corp", idpGroups: ["Supposed"]')).data.authorizationContext
        .groups,
    ).toEqual(['shop', 'supposed']);
    expect(
      (await context(other, ', connection: "other", idpGroups: ["Supposed"]')).data.authorizationContext
        .groups,
    ).toEqual(['shop']);
    expect((await context(other)).data.authorizationContext.groups).toEqual(['shop']);
    const { viewer } = await stage.ok('{ viewer { roles permissions } }', {
      token: await stage.product.user(user),
    });
    expect(viewer).toEqual({ roles: ['Everywhere'], permissions: ['read:jobs'] });
  });
});
