import { eachDatabase } from '#test/support/databases';
import { Gateway, type Caller, type Json } from '#test/features/roles/support/gateway';

const add =
  'mutation($i: AddOrganizationMembersInput!) { addOrganizationMembers(input: $i) { organization { members { totalCount nodes { joinedVia user { id } } } } } }';
const remove =
  'mutation($i: RemoveOrganizationMembersInput!) { removeOrganizationMembers(input: $i) { organization { members { totalCount } } } }';
const addRoles =
  'mutation($i: AddMemberRolesInput!) { addMemberRoles(input: $i) { membership { roles { name } } } }';
const removeRoles =
  'mutation($i: RemoveMemberRolesInput!) { removeMemberRoles(input: $i) { membership { roles { name } } } }';

eachDatabase('members of organizations', (database) => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await Gateway.open(database, { organizations: { maxMembers: 5, maxRolesPerOrganization: 3 } });
  });

  const users = async (prefix: string, count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1)
      ids.push(await gateway.givenUser(`auth0|${prefix}-${index}`));
    return ids;
  };

  test('members are added and removed without harm when repeated', async () => {
    const userIds = await users('repeat', 2);
    const id = await gateway.givenOrganization('repeat');
    for (let round = 0; round < 2; round += 1) {
      const { organization } = (await gateway.ok(add, { variables: { i: { id, userIds } } }))
        .addOrganizationMembers;
      expect(organization.members.totalCount).toBe(2);
      expect(organization.members.nodes.map((node: Json) => [node.user.id, node.joinedVia]).sort()).toEqual([
        [userIds[0], 'ADMINISTRATOR'],
        [userIds[1], 'ADMINISTRATOR'],
      ]);
    }
    for (let round = 0; round < 2; round += 1) {
      const left = await gateway.ok(remove, {
        variables: { i: { id, userIds: [userIds[0], 'auth0|nobody'] } },
      });
      expect(left.removeOrganizationMembers.organization.members.totalCount).toBe(1);
    }
    expect(
      (await gateway.ok('query($id: ID!) { user(id: $id) { id } }', { variables: { id: userIds[0] } })).user
        .id,
    ).toBe(userIds[0]);
  });

  test('1.8-5 adding 3 users of whom one is unknown adds none', async () => {
    const [first, second] = await users('atomic', 2);
    const id = await gateway.givenOrganization('atomic');
    const { errors } = await gateway.run(add, {
      variables: { i: { id, userIds: [first, 'auth0|unknown', second] } },
    });
    expect(errors[0]).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { field: 'userIds', unknown: ['auth0|unknown'] },
    });
    expect(
      (
        await gateway.ok('query($id: ID!) { organization(id: $id) { members { totalCount } } }', {
          variables: { id },
        })
      ).organization.members.totalCount,
    ).toBe(0);
  });

  test('1.8-6 roles of a membership appear in no other organization and not tenant-wide', async () => {
    const [userId] = (await users('two', 1)) as [string];
    const [one, two] = [
      await gateway.givenOrganization('one', [userId]),
      await gateway.givenOrganization('two', [userId]),
    ];
    const roleId = await gateway.givenRole('Only in one');
    const given = await gateway.ok(addRoles, {
      variables: { i: { organizationId: one, userId, roleIds: [roleId, roleId] } },
    });
    expect(given.addMemberRoles.membership.roles).toEqual([{ name: 'Only in one' }]);
    const { user } = await gateway.ok(
      'query($id: ID!) { user(id: $id) { roles { name } organizations { totalCount nodes { organization { id } roles { name } } } } }',
      { variables: { id: userId } },
    );
    expect(user.roles).toEqual([]);
    expect(user.organizations.totalCount).toBe(2);
    expect(
      Object.fromEntries(user.organizations.nodes.map((node: Json) => [node.organization.id, node.roles])),
    ).toEqual({
      [one]: [{ name: 'Only in one' }],
      [two]: [],
    });
  });

  test('1.8-7 removing a member removes the roles there, and adding him again gives none back', async () => {
    const [userId] = (await users('again', 1)) as [string];
    const id = await gateway.givenOrganization('again', [userId]);
    const roleId = await gateway.givenRole('Lost');
    await gateway.ok(addRoles, { variables: { i: { organizationId: id, userId, roleIds: [roleId] } } });
    await gateway.ok(remove, { variables: { i: { id, userIds: [userId] } } });
    await gateway.ok(add, { variables: { i: { id, userIds: [userId] } } });
    const { organization } = await gateway.ok(
      'query($id: ID!) { organization(id: $id) { members { nodes { roles { name } } } } }',
      { variables: { id } },
    );
    expect(organization.members.nodes).toEqual([{ roles: [] }]);
  });

  test('1.8-18 the 51st role of a member and the role above the organization’s limit are refused', async () => {
    const [userId] = (await users('limit', 1)) as [string];
    const organizationId = await gateway.givenOrganization('limit', [userId]);
    const roleIds: string[] = [];
    for (let index = 0; index < 51; index += 1) roleIds.push(await gateway.givenRole(`Limit ${index}`));
    const give = (ids: string[]) =>
      gateway.run(addRoles, { variables: { i: { organizationId, userId, roleIds: ids } } });
    expect((await give(roleIds.slice(0, 50))).errors).toEqual([]);
    expect((await give(roleIds.slice(50))).errors[0]).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      extensions: { limit: 50, current: 51 },
    });
    const own = (name: string) =>
      gateway.run(
        'mutation($o: ID!, $n: String!) { createOrganizationRole(input: { organizationId: $o, name: $n }) { role { type organizationId } } }',
        {
          variables: { o: organizationId, n: name },
        },
      );
    expect((await own('A')).data.createOrganizationRole.role).toEqual({
      type: 'ORGANIZATION',
      organizationId,
    });
    expect((await own('a')).errors[0]?.code).toBe('CONFLICT');
    await own('B');
    await own('C');
    expect((await own('D')).errors[0]).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      extensions: { limit: 3, current: 4 },
    });
  });

  test('an organization holds no more members than the limit', async () => {
    const userIds = await users('crowd', 6);
    const id = await gateway.givenOrganization('crowd');
    const { errors } = await gateway.run(add, { variables: { i: { id, userIds } } });
    expect(errors[0]).toMatchObject({ code: 'LIMIT_EXCEEDED', extensions: { limit: 5, current: 6 } });
  });

  test('roles of another organization are unknown, and an organization’s own role is given to its members only', async () => {
    const [userId] = (await users('foreign', 1)) as [string];
    const [home, abroad] = [
      await gateway.givenOrganization('home', [userId]),
      await gateway.givenOrganization('abroad', [userId]),
    ];
    const { id: roleId } = await gateway.organizations.organizations.createRole(gateway.call(), {
      organizationId: home,
      name: 'Clerk',
    });
    const give = (organizationId: string) =>
      gateway.run(addRoles, { variables: { i: { organizationId, userId, roleIds: [roleId] } } });
    expect((await give(abroad)).errors[0]).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { unknown: [roleId] },
    });
    expect((await give(home)).errors).toEqual([]);
    const tenantWide = await gateway.run(
      'mutation($i: AddUserRolesInput!) { addUserRoles(input: $i) { user { id } } }',
      {
        variables: { i: { id: userId, roleIds: [roleId] } },
      },
    );
    expect(tenantWide.errors[0]).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { field: 'roleIds' } });
    const taken = await gateway.ok(removeRoles, {
      variables: { i: { organizationId: home, userId, roleIds: [roleId] } },
    });
    expect(taken.removeMemberRoles.membership.roles).toEqual([]);
  });

  test('a user who is no member can get no roles', async () => {
    const [userId] = (await users('stranger', 1)) as [string];
    const organizationId = await gateway.givenOrganization('strangers');
    const { errors } = await gateway.run(addRoles, {
      variables: { i: { organizationId, userId, roleIds: [await gateway.givenRole('Strange')] } },
    });
    expect(errors[0]?.code).toBe('NOT_FOUND');
  });

  test('2.6-7 an editor inside an organization gives the roles he holds there, and no other', async () => {
    const [editor, member] = (await users('editor', 2)) as [string, string];
    const organizationId = await gateway.givenOrganization('editors', [editor, member]);
    const [held, other] = [await gateway.givenRole('Editor'), await gateway.givenRole('Owner')];
    await gateway.organizations.memberRoles.add(gateway.call(), {
      organizationId,
      userId: editor,
      roleIds: [held],
    });
    await gateway.roles.assignments.addRoles(gateway.call(), { id: editor, roleIds: [other] });
    const as: Caller = {
      userId: editor,
      organizationId,
      roles: ['Editor', 'Owner'],
      permissions: ['create:organization_member_roles', 'read:organization_member_roles'],
    };
    const give = (roleId: string) =>
      gateway.run(addRoles, { as, variables: { i: { organizationId, userId: member, roleIds: [roleId] } } });
    expect((await give(held)).errors).toEqual([]);
    expect((await give(other)).errors[0]).toMatchObject({ code: 'FORBIDDEN', extensions: { ids: [other] } });
  });

  test('member roles need their own permission, and one’s own are open', async () => {
    const [self, other] = (await users('own', 2)) as [string, string];
    const id = await gateway.givenOrganization('own-roles', [self, other]);
    const query =
      'query($id: ID!) { organization(id: $id) { members { nodes { user { id } roles { name } } } } }';
    const permissions = ['read:organizations', 'read:organization_members', 'read:users'];
    const { data, errors } = await gateway.run(query, {
      as: { userId: self, permissions },
      variables: { id },
    });
    const roles = Object.fromEntries(
      data.organization.members.nodes.map((node: Json) => [node.user.id, node.roles]),
    );
    expect(roles).toEqual({ [self]: [], [other]: null });
    expect(errors.map(({ code }) => code)).toEqual(['FORBIDDEN_FIELD']);
  });

  test('B04 a member reached through an organization shows no more than the user itself', async () => {
    const id = await gateway.givenOrganization('back', [
      await gateway.givenUser('auth0|back', { email: 'secret@example.com' }),
    ]);
    const { data } = await gateway.run(
      'query($id: ID!) { organization(id: $id) { members { nodes { user { id email organizations { nodes { joinedAt } } } } } } }',
      {
        as: { permissions: ['read:organizations', 'read:organization_members'] },
        variables: { id },
      },
    );
    expect(data.organization.members.nodes).toEqual([
      { user: { id: 'auth0|back', email: null, organizations: null } },
    ]);
  });

  test('a caller inside an organization sees its members only, and of a member this membership only', async () => {
    const [inside, outside] = (await users('reach', 2)) as [string, string];
    const own = await gateway.givenOrganization('reach-own', [inside]);
    await gateway.givenOrganization('reach-other', [inside, outside]);
    const roleId = await gateway.givenRole('Reached');
    for (const id of [inside, outside])
      await gateway.roles.assignments.addRoles(gateway.call(), { id, roleIds: [roleId] });
    const { data } = await gateway.run(
      `query($r: ID!, $in: ID!, $out: ID!) { role(id: $r) { users { totalCount nodes { id } } }
        in: user(id: $in) { organizations { totalCount nodes { organization { name } } } } out: user(id: $out) { id } }`,
      { as: { organizationId: own }, variables: { r: roleId, in: inside, out: outside } },
    );
    expect(data).toEqual({
      role: { users: { totalCount: 1, nodes: [{ id: inside }] } },
      in: { organizations: { totalCount: 1, nodes: [{ organization: { name: 'reach-own' } }] } },
      out: null,
    });
  });

  test('memberships of many users and their roles are one statement each, page by page', async () => {
    const userIds = await users('many', 3);
    for (const name of ['many-a', 'many-b', 'many-c']) await gateway.givenOrganization(name, userIds);
    const query = `query($ids: [ID!]!, $c: String) { nodes(ids: $ids) { ... on User {
      organizations(first: 2, after: $c) { nodes { organization { name } roles { name } } pageInfo { hasNextPage endCursor } } } } }`;
    const first = await gateway.run(query, { variables: { ids: userIds } });
    expect(first.errors).toEqual([]);
    for (const node of first.data.nodes) {
      expect(node.organizations.nodes).toHaveLength(2);
      expect(node.organizations.pageInfo.hasNextPage).toBe(true);
    }
    expect(first.statements).toBe(3);
    const [user] = first.data.nodes;
    const rest = await gateway.ok(query, {
      variables: { ids: userIds.slice(0, 1), c: user.organizations.pageInfo.endCursor },
    });
    const seen = [...user.organizations.nodes, ...rest.nodes[0].organizations.nodes].map(
      (node: Json) => node.organization.name,
    );
    expect(seen.sort()).toEqual(['many-a', 'many-b', 'many-c']);
    const refused = await gateway.run(query, { variables: { ids: userIds, c: 'forged' } });
    expect(refused.errors[0]?.code).toBe('INVALID_PAGING');
  });
});
