import { loadConfig } from '#src/config/load-config';
import { organizationsSection } from '#src/config/organizations';
import { rolesSection } from '#src/config/roles';
import { GroupStage, type Json } from '#test/features/groups/support';
import { eachDatabase } from '#test/support/databases';

const system = 'urn:gatehouse:api';

test('1.2, 2.1 the limits are those of the specification where nothing else is configured', () => {
  const { organizations, roles, groups } = loadConfig({ environment: {} });
  expect(organizations).toMatchObject({
    ...{ maxOrganizations: 100_000, maxMembers: 100_000, maxConnections: 10, maxRolesPerMember: 50 },
    ...{ maxRolesPerOrganization: 350, maxDomains: 100, maxApplications: 100, maxMachineApplications: 100 },
    ...{ maxSignInChoices: 20, maxNameHits: 50, shortestNamePart: 4, maxMetadataKeys: 25 },
  });
  expect(groups).toMatchObject({
    ...{ maxRolesPerOrganizationGroup: 10, maxDistinctRoles: 100, maxGroupsWithRoles: 10_000 },
  });
  expect(roles).toEqual({
    ...{ maxRoles: 1_000, maxPermissionsPerRole: 1_000, maxPermissionsPerResourceServer: 1_000 },
    ...{ maxRolesPerUser: 50, maxDirectPermissionsPerUser: 1_000 },
  });
  const raised = { GATEHOUSE_ORGANIZATIONS_MAX_MEMBERS: '2000000' };
  expect(loadConfig({ environment: raised }).organizations.maxMembers).toBe(2_000_000);
  expect(Object.keys({ ...organizationsSection.shape, ...rolesSection.shape })).toContain('maxRolesPerUser');
});

eachDatabase('limits of organizations, groups and roles, each reached and passed by one', (database) => {
  let stage: GroupStage;
  let organizationId: string;
  let users: string[];
  let roles: string[];
  let permissions: string[];
  const password = 'a long enough password';

  beforeAll(async () => {
    const limits = {
      ...{
        ORGANIZATIONS_MAX_ORGANIZATIONS: 4,
        ORGANIZATIONS_MAX_MEMBERS: 3,
        ORGANIZATIONS_MAX_CONNECTIONS: 2,
      },
      ...{ ORGANIZATIONS_MAX_ROLES_PER_MEMBER: 2, ORGANIZATIONS_MAX_ROLES_PER_ORGANIZATION: 2 },
      ...{ ORGANIZATIONS_MAX_DOMAINS: 2, ORGANIZATIONS_MAX_SIGN_IN_CHOICES: 3 },
      ...{ ORGANIZATIONS_MAX_APPLICATIONS: 2, ORGANIZATIONS_MAX_MACHINE_APPLICATIONS: 3 },
      ...{ ORGANIZATIONS_MAX_METADATA_KEYS: 2, ORGANIZATIONS_MAX_NAME_HITS: 2 },
      ...{ ORGANIZATIONS_SHORTEST_NAME_PART: 3, GROUPS_MAX_ROLES_PER_ORGANIZATION_GROUP: 2 },
      ...{ GROUPS_MAX_DISTINCT_ROLES: 3, GROUPS_MAX_GROUPS_WITH_ROLES: 2, ROLES_MAX_ROLES: 14 },
      ...{ ROLES_MAX_PERMISSIONS_PER_ROLE: 3, ROLES_MAX_PERMISSIONS_PER_RESOURCE_SERVER: 4 },
      ...{ ROLES_MAX_ROLES_PER_USER: 2, ROLES_MAX_DIRECT_PERMISSIONS_PER_USER: 3 },
    };
    const environment = Object.fromEntries(
      Object.entries(limits).map(([name, limit]) => [`GATEHOUSE_${name}`, String(limit)]),
    );
    stage = await GroupStage.open(database, { environment });
    const made = { name: 'limit-1', metadata: ['a', 'b'].map((key) => ({ key, value: key })) };
    organizationId = (await stage.change('createOrganization', made, 'organization { id }')).organization.id;
    users = [];
    for (let n = 0; n < 4; n += 1)
      users.push(await stage.product.givenUser({ email: `limit${n}@example.com`, password }));
    roles = [];
    for (let n = 0; n < 4; n += 1) roles.push(await stage.product.givenRole(`Limit ${n}`));
    const definitions = ['a', 'b', 'c', 'd'].map((name) => ({ name: `do:${name}` }));
    const server = await stage.change(
      'createResourceServer',
      { identifier: 'https://limits.example', permissions: definitions },
      'resourceServer { permissions { nodes { id } } }',
    );
    permissions = server.resourceServer.permissions.nodes.map(({ id }: Json) => id);
  });
  afterAll(() => stage.close());

  /** The first inputs pass; the last is refused, with the limit and what there would be. */
  const reach = async (
    mutation: string,
    inputs: readonly object[],
    { limit, current = limit + 1 }: { limit: number; current?: number },
  ): Promise<void> => {
    for (const input of inputs.slice(0, -1)) await stage.change(mutation, input, '__typename');
    expect(await stage.refusal(mutation, inputs.at(-1) as object)).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', limit, current } },
    ]);
  };
  const members = (userIds: string[]): object => ({ id: organizationId, userIds });

  test('1.2 organizations of the deployment, and 1.8-2 their metadata keys', async () => {
    await reach(
      'createOrganization',
      ['limit-2', 'limit-3', 'limit-4', 'limit-5'].map((name) => ({ name })),
      {
        limit: 4,
      },
    );
    const metadata = [{ key: 'c', value: 'c' }];
    await reach('updateOrganization', [{ id: organizationId, metadata }], { limit: 2 });
  });

  test('1.2 members of an organization: the last that fits is taken, the next is not', async () => {
    await reach('addOrganizationMembers', [members(users.slice(0, 3)), members(users.slice(3))], {
      limit: 3,
    });
    const found = 'query($id: ID!) { organization(id: $id) { members { totalCount } } }';
    const { organization } = await stage.ok(found, { variables: { id: organizationId } });
    expect(organization.members.totalCount).toBe(3);
    // Who is a member already takes no place.
    await stage.change('addOrganizationMembers', members(users.slice(0, 3)), 'organization { id }');
  });

  test('1.8-18 connections, roles of a member and roles of an organization', async () => {
    for (const name of ['limit-a', 'limit-b']) await stage.connection(name);
    const { nodes } = (await stage.ok('{ connections { nodes { id name } } }')).connections;
    const links = ['main', 'limit-a', 'limit-b'].map((wanted) => ({
      organizationId,
      connectionId: nodes.find(({ name }: Json) => name === wanted).id,
    }));
    await reach('linkOrganizationConnection', links, { limit: 2 });
    const userId = users[0];
    const give = roles.slice(0, 3).map((roleId) => ({ organizationId, userId, roleIds: [roleId] }));
    await reach('addMemberRoles', give, { limit: 2 });
    const own = ['One', 'Two', 'Three'].map((name) => ({ organizationId, name }));
    await reach('createOrganizationRole', own, { limit: 2 });
  });

  test('1.2 discovery domains', async () => {
    const domains = ['a', 'b', 'c'].map((name) => ({ organizationId, domain: `${name}.limits.example` }));
    await reach('createOrganizationDomain', domains, { limit: 2 });
  });

  test('1.2 applications for people and machines are counted each for themselves', async () => {
    const grant = async (type: string, count: number): Promise<object[]> => {
      const inputs: object[] = [];
      for (let n = 0; n < count; n += 1)
        inputs.push({ organizationId, applicationIds: [await stage.application(`${type} ${n}`, type)] });
      return inputs;
    };
    const people = [...(await grant('SINGLE_PAGE', 1)), ...(await grant('REGULAR_WEB', 2))];
    await reach('grantApplicationAccess', people, { limit: 2 });
    await reach('grantApplicationAccess', await grant('MACHINE', 4), { limit: 3 });
    const found = 'query($id: ID!) { organization(id: $id) { applications { type } } }';
    const { organization } = await stage.ok(found, { variables: { id: organizationId } });
    const types = organization.applications.map(({ type }: Json) => type).sort();
    expect(types).toEqual(['MACHINE', 'MACHINE', 'MACHINE', 'REGULAR_WEB', 'SINGLE_PAGE']);
  });

  test('1.2 roles of a group in an organization, distinct roles of groups, and groups with roles', async () => {
    const [first, second, third] = [
      await stage.group('limit one', { organizationId }),
      await stage.group('limit two', { organizationId }),
      await stage.group('limit three', { organizationId }),
    ];
    const give = (id: string, ...roleIds: (string | undefined)[]): object => ({ id, roleIds });
    const [a, b, c, d] = roles;
    await reach('addGroupRoles', [give(first, a, b), give(first, c)], { limit: 2 });
    await reach('addGroupRoles', [give(second, c), give(second, d)], { limit: 3 });
    await reach('addGroupRoles', [give(third, a)], { limit: 2 });
  });

  test('1.2 the picker offers those joined first, a search by name ends, and a short name finds itself alone', async () => {
    const [, userId] = users as [string, string];
    const all = (await stage.ok('{ organizations(first: 10) { nodes { id name } } }')).organizations.nodes;
    const others = all.filter(({ id }: Json) => id !== organizationId).map(({ id }: Json) => id);
    const { connections } = await stage.ok('{ connections { nodes { id name } } }');
    const connectionId = connections.nodes.find(({ name }: Json) => name === 'main').id;
    for (const id of others) {
      await stage.change('addOrganizationMembers', { id, userIds: [userId] }, 'organization { id }');
      await stage.change('linkOrganizationConnection', { organizationId: id, connectionId }, '__typename');
    }
    const app = await stage.change(
      'createApplication',
      {
        ...{ name: 'Picker', type: 'REGULAR_WEB', organizationUsage: 'REQUIRE' },
        organizationRequireBehavior: 'POST_LOGIN_PROMPT',
      },
      'application { id }',
    );
    const signIn = `mutation($i: SignInInput!) { signIn(input: $i) { result { ... on OrganizationChoice { organizations { id } } } } }`;
    const i = { identifier: 'limit1@example.com', password, clientId: app.application.id };
    const { data } = await stage.product.ask(signIn, { variables: { i } });
    const offered = (data?.['signIn'] as Json).result.organizations.map(({ id }: Json) => id);
    expect(offered).toHaveLength(3);
    expect(offered[0]).toBe(organizationId);
    const named = async (name: string): Promise<string[]> =>
      (
        await stage.ok('query($n: String) { organizations(name: $n) { nodes { name } } }', {
          variables: { n: name },
        })
      ).organizations.nodes.map((node: Json) => node.name);
    expect(await named('lim')).toEqual(['limit-1', 'limit-2']);
    expect(await named('li')).toEqual([]);
  });

  test('2.1 permissions of an API and of a role', async () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name: `do:${name}` }));
    await reach('createResourceServer', [{ identifier: 'https://five.example', permissions: five }], {
      limit: 4,
    });
    const [id] = roles;
    const give = [permissions.slice(0, 3), permissions.slice(3)].map((permissionIds) => ({
      id,
      permissionIds,
    }));
    await reach('addRolePermissions', give, { limit: 3 });
    await reach('createRole', [{ name: 'Four', permissionIds: permissions }], { limit: 3, current: 4 });
  });

  test('2.6-6 roles and direct permissions of a user, by an import as well', async () => {
    const [, , id] = users as [string, string, string];
    const give = roles.slice(0, 3).map((roleId) => ({ id, roleIds: [roleId] }));
    await reach('addUserRoles', give, { limit: 2 });
    const direct = [permissions.slice(0, 3), permissions.slice(3)].map((permissionIds) => ({
      id,
      permissionIds,
    }));
    await reach('addUserPermissions', direct, { limit: 3 });
    const applicationId = await stage.application('Imported');
    const role = (name: string): object => ({
      ...{ _id: name, name, description: name, applicationType: 'client', applicationId },
      ...{ permissions: [], users: [id] },
    });
    const document = { configuration: [], groups: [], permissions: [], roles: [role('Imported')] };
    await reach('importAuthorization', [{ document }], { limit: 2 });
    const held = 'query($id: ID!) { user(id: $id) { roles { name } } }';
    const { user } = await stage.ok(held, { variables: { id } });
    expect(user.roles.map(({ name }: Json) => name)).toEqual(['Limit 0', 'Limit 1']);
  });

  test('2.1 roles of the deployment', async () => {
    const { totalCount } = (await stage.ok('{ roles { totalCount } }')).roles;
    const { roles: all } = await stage.ok('{ roles(first: 100) { nodes { type } } }');
    const tenant = all.nodes.filter(({ type }: Json) => type === 'TENANT').length;
    expect(totalCount).toBe(all.nodes.length);
    const names = Array.from({ length: 15 - tenant }, (_item, n) => ({ name: `Filler ${n}` }));
    await reach('createRole', names, { limit: 14 });
    expect(
      (await stage.ok(`{ resourceServers { nodes { identifier } } }`)).resourceServers.nodes,
    ).toContainEqual({ identifier: system });
  });
});
