import { eachDatabase } from '#test/support/databases';
import { gatewayGrants } from '#src/features/organizations/effective-permissions/gateway-grants.service';
import { Gateway, type Json } from '#test/features/roles/support/gateway';

const permissions = `query($id: ID!, $o: ID, $k: PermissionKind) { user(id: $id) { permissions(organizationId: $o, kind: $k) {
  totalCount nodes { name resourceServer { identifier } permission { id } sources { kind role { name } } } } } }`;

eachDatabase('effective permissions', (database) => {
  let gateway: Gateway;
  let invoices: Record<string, string>;
  let orders: Record<string, string>;
  let system: Record<string, string>;
  const userId = 'auth0|effective';
  let organizationId: string;
  let otherId: string;

  beforeAll(async () => {
    gateway = await Gateway.open(database);
    invoices = await gateway.givenServer('https://invoices.example', ['read', 'pay']);
    orders = await gateway.givenServer('https://orders.example', ['read', 'ship']);
    system = await gateway.permissionsOf('urn:gatehouse:api');
    await gateway.givenUser(userId);
    organizationId = await gateway.givenOrganization('inside', [userId]);
    otherId = await gateway.givenOrganization('outside');
    const pick = (from: Record<string, string>, ...names: string[]) =>
      names.map((name) => from[name] as string);
    const tenant = [
      await gateway.givenRole('Tenant one', [...pick(invoices, 'read'), ...pick(system, 'read:users')]),
      await gateway.givenRole('Tenant two', [...pick(invoices, 'read'), ...pick(orders, 'read')]),
    ];
    const inside = await gateway.givenRole('Inside', [
      ...pick(orders, 'ship'),
      ...pick(system, 'read:organizations'),
    ]);
    await gateway.roles.assignments.addRoles(gateway.call(), { id: userId, roleIds: tenant });
    await gateway.roles.assignments.addPermissions(gateway.call(), {
      id: userId,
      permissionIds: [...pick(invoices, 'read', 'pay'), ...pick(system, 'read:roles', 'read:users')],
    });
    await gateway.organizations.memberRoles.add(gateway.call(), {
      organizationId,
      userId,
      roleIds: [inside],
    });
  });

  const read = async (variables: object) =>
    (await gateway.ok(permissions, { variables: { id: userId, ...variables } })).user.permissions;
  const brief = ({ nodes }: Json) =>
    nodes
      .map(
        (node: Json) =>
          `${node.resourceServer.identifier} ${node.name}: ${node.sources
            .map((source: Json) => source.role?.name ?? source.kind)
            .sort()
            .join(', ')}`,
      )
      .sort();

  test('2.6-1 outside organizations: the union, each once, with every source', async () => {
    const found = await read({});
    expect(brief(found)).toEqual([
      'https://invoices.example pay: DIRECT',
      'https://invoices.example read: DIRECT, Tenant one, Tenant two',
      'https://orders.example read: Tenant two',
      'urn:gatehouse:api read:roles: DIRECT',
      'urn:gatehouse:api read:users: DIRECT, Tenant one',
    ]);
    expect(found.totalCount).toBe(5);
    expect(found.nodes[0]).toMatchObject({ name: 'pay', permission: { id: invoices['pay'] } });
  });

  test('direct ones alone', async () => {
    const found = await read({ k: 'DIRECT' });
    expect(found.totalCount).toBe(4);
    expect(brief(found)).toContain('https://invoices.example read: DIRECT');
  });

  test('2.6-4 inside an organization only the roles of the membership count', async () => {
    expect(brief(await read({ o: organizationId }))).toEqual([
      'https://orders.example ship: Inside',
      'urn:gatehouse:api read:organizations: Inside',
    ]);
    expect(await read({ o: organizationId, k: 'DIRECT' })).toEqual({ totalCount: 0, nodes: [] });
  });

  test('who is no member has nothing there', async () => {
    expect(await read({ o: otherId })).toEqual({ totalCount: 0, nodes: [] });
    expect(await read({ o: 'org_unknown' })).toEqual({ totalCount: 0, nodes: [] });
  });

  test('a caller inside an organization sees what is in force there, and nothing of another', async () => {
    const run = async (o: string | null) =>
      (await gateway.ok(permissions, { as: { organizationId }, variables: { id: userId, o } })).user
        .permissions;
    expect(brief(await run(null))).toEqual(brief(await run(organizationId)));
    expect((await run(null)).totalCount).toBe(2);
    expect((await run(otherId)).nodes).toEqual([]);
  });

  test('pages hold every permission once, and many users cost one statement', async () => {
    const query =
      'query($id: ID!, $c: String) { user(id: $id) { permissions(first: 2, after: $c) { nodes { name permission { id } } pageInfo { hasNextPage endCursor } } } }';
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Json = (await gateway.ok(query, { variables: { id: userId, c: cursor } })).user.permissions;
      seen.push(...page.nodes.map((node: Json) => node.permission.id));
      cursor = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
    const other = await gateway.givenUser('auth0|effective-2');
    const many = await gateway.run(
      'query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { permissions { nodes { name } } } } }',
      { variables: { ids: [userId, other] } },
    );
    expect(many.statements).toBe(2);
    expect(many.data.nodes[1].permissions.nodes).toEqual([]);
  });

  test.each([
    [
      'outside',
      () => null,
      { permissions: ['read:roles', 'read:users'], roles: ['Tenant one', 'Tenant two'], isMember: true },
    ],
    [
      'inside',
      () => organizationId,
      { permissions: ['read:organizations'], roles: ['Inside'], isMember: true },
    ],
    ['in a foreign organization', () => otherId, { permissions: [], roles: [], isMember: false }],
  ])('2.6-3 the gateway’s own grants are read in one statement: %s', async (_where, context, expected) => {
    const store = gateway.storage.open();
    const found = await gatewayGrants.find(store, userId, context());
    expect({
      ...found,
      permissions: [...found.permissions].sort(),
      roles: [...found.roles].sort(),
    }).toEqual(expected);
    expect(store.statements).toBe(1);
  });

  test('a user who does not exist has no grants', async () => {
    const found = await gatewayGrants.find(gateway.storage.open(), 'auth0|nobody', null);
    expect(found).toEqual({ permissions: [], roles: [], isMember: false });
  });
});
