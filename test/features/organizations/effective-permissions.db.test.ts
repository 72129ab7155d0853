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
  ])(
    '2.6-3 the gateway’s own grants are read in one statement, what roles hold being in memory: %s',
    async (_where, context, expected) => {
      await gatewayGrants.find(gateway.storage.open(), userId, context());
      const store = gateway.storage.open();
      const found = await gatewayGrants.find(store, userId, context());
      expect({
        ...found,
        permissions: [...found.permissions].sort(),
        roles: [...found.roles].sort(),
      }).toEqual(expected);
      expect(store.statements).toBe(1);
    },
  );

  test('the gateway’s own grants of a user with many roles are those of the same user with few', async () => {
    const many = 'auth0|many-roles';
    await gateway.givenUser(many);
    const grants = async (): Promise<Json> => {
      const found = await gatewayGrants.find(gateway.storage.open(), many, null);
      return [...found.permissions].sort();
    };
    const pick = (name: string): string => system[name] as string;
    const add = (id: string) =>
      gateway.roles.assignments.addRoles(gateway.call(), { id: many, roleIds: [id] });
    await add(await gateway.givenRole('Many 0', [pick('read:users'), invoices['pay'] as string]));
    await gateway.roles.assignments.addPermissions(gateway.call(), {
      id: many,
      permissionIds: [pick('read:roles')],
    });
    expect(await grants()).toEqual(['read:roles', 'read:users']);
    for (let count = 1; count <= 9; count += 1) {
      await add(await gateway.givenRole(`Many ${count}`, [orders['ship'] as string, pick('read:users')]));
      expect(await grants()).toEqual(['read:roles', 'read:users']);
    }
    await add(await gateway.givenRole('Many 10', [pick('read:organizations')]));
    expect(await grants()).toEqual(['read:organizations', 'read:roles', 'read:users']);
  });

  test('2.6-1 a source inside an organization names it', async () => {
    const query = `query($id: ID!, $o: ID) { user(id: $id) { permissions(organizationId: $o) {
      nodes { name sources { kind role { name } organization { id } } } } } }`;
    const found = async (o: string | null) =>
      (await gateway.ok(query, { variables: { id: userId, o } })).user.permissions.nodes;
    expect((await found(organizationId))[0].sources).toEqual([
      { kind: 'ROLE', role: { name: 'Inside' }, organization: { id: organizationId } },
    ]);
    expect((await found(null)).flatMap((node: Json) => node.sources)).toEqual(
      expect.arrayContaining([{ kind: 'DIRECT', role: null, organization: null }]),
    );
  });

  describe('checkPermissions', () => {
    const check = `query ($i: CheckPermissionsInput!) { checkPermissions(input: $i) {
      resourceServerIdentifier permissionName allowed } }`;
    const pair = (text: string) => {
      const [resourceServerIdentifier = '', permissionName = ''] = text.split(' ');
      return { resourceServerIdentifier, permissionName };
    };
    const pairs = [
      'https://invoices.example pay',
      'https://invoices.example read',
      'https://orders.example ship',
      'https://orders.example pay',
      'https://unknown.example read',
      'urn:gatehouse:api read:users',
      'urn:gatehouse:api read:organizations',
      'https://invoices.example pay',
    ].map(pair);
    const allowed = async (input: object, options: object = {}) =>
      (await gateway.ok(check, { ...options, variables: { i: { userId, pairs, ...input } } }))
        .checkPermissions;
    const only = (answer: Json) => answer.map((one: Json) => one.allowed);

    test('answers each pair in its place: outside of organizations, inside one, and where the user is no member', async () => {
      const answer = await allowed({});
      expect(answer.map(({ allowed: _allowed, ...asked }: Json) => asked)).toEqual(pairs);
      expect(only(answer)).toEqual([true, true, false, false, false, true, false, true]);
      expect(only(await allowed({ organizationId }))).toEqual([
        ...[false, false, true, false, false, false, true, false],
      ]);
      expect(only(await allowed({ organizationId: otherId }))).toEqual(pairs.map(() => false));
      expect(await allowed({ userId: 'auth0|nobody' })).toBeNull();
    });

    test('a caller inside an organization asks about what is in force there alone', async () => {
      const as = { organizationId };
      expect(only(await allowed({}, { as }))).toEqual(only(await allowed({ organizationId })));
      expect(only(await allowed({ organizationId: otherId }, { as }))).toEqual(pairs.map(() => false));
    });

    test('costs the same for 1 pair as for 100, and for several checks of one request', async () => {
      const many = Array.from({ length: 100 }, (_item, index) => pair(`https://invoices.example p${index}`));
      const statements = async (query: string, variables: Record<string, unknown>) =>
        (await gateway.run(query, { variables })).statements;
      const one = await statements(check, { i: { userId, pairs: many.slice(0, 1) } });
      expect(one).toBe(2);
      expect(await statements(check, { i: { userId, pairs: many } })).toBe(one);
      const twice = `query ($a: CheckPermissionsInput!, $b: CheckPermissionsInput!) {
        a: checkPermissions(input: $a) { allowed } b: checkPermissions(input: $b) { allowed } }`;
      const [a, b] = [many.slice(0, 50), many.slice(50)].map((half) => ({ userId, pairs: half }));
      expect(await statements(twice, { a, b })).toBe(one);
    });

    test('the 101st pair is refused, in one check or over several of a request, and none is too few', async () => {
      const some = (count: number) => ({
        userId,
        pairs: Array.from({ length: count }, (_item, index) => pair(`https://invoices.example p${index}`)),
      });
      expect((await allowed(some(100))).length).toBe(100);
      const over = await gateway.run(check, { variables: { i: some(101) } });
      expect(over.errors).toMatchObject([
        { code: 'LIMIT_EXCEEDED', extensions: { limit: 100, current: 101 } },
      ]);
      expect(over.statements).toBe(0);
      const aliases = `query ($a: CheckPermissionsInput!, $b: CheckPermissionsInput!) {
        a: checkPermissions(input: $a) { allowed } b: checkPermissions(input: $b) { allowed } }`;
      const split = await gateway.run(aliases, { variables: { a: some(60), b: some(41) } });
      expect(split.errors.map(({ code }) => code)).toEqual(['LIMIT_EXCEEDED']);
      const none = await gateway.run(check, { variables: { i: some(0) } });
      expect(none.errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    });
  });

  test('a user who does not exist has no grants', async () => {
    const found = await gatewayGrants.find(gateway.storage.open(), 'auth0|nobody', null);
    expect(found).toEqual({ permissions: [], roles: [], isMember: false });
  });
});
