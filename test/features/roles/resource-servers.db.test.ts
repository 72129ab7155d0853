import { eachDatabase } from '#test/support/databases';
import { Gateway } from '#test/features/roles/support/gateway';

const create =
  'mutation($i: CreateResourceServerInput!) { createResourceServer(input: $i) { resourceServer { id identifier name isSystem enforcePolicies tokenDialect permissions { totalCount nodes { name description } } } } }';
const update =
  'mutation($i: UpdateResourceServerInput!) { updateResourceServer(input: $i) { resourceServer { name enforcePolicies permissions { nodes { id name description } } } } }';

eachDatabase('resource servers', (database) => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await Gateway.open(database);
  });

  const refusal = async (input: object) => (await gateway.run(create, { variables: { i: input } })).errors[0];

  test('is created with its permissions', async () => {
    const { createResourceServer } = await gateway.ok(create, {
      variables: {
        i: {
          identifier: 'https://orders.example',
          permissions: [{ name: 'read:orders', description: 'See orders.' }, { name: 'pay:orders' }],
        },
      },
    });
    expect(createResourceServer.resourceServer).toMatchObject({
      identifier: 'https://orders.example',
      name: 'https://orders.example',
      isSystem: false,
      enforcePolicies: false,
      tokenDialect: 'ACCESS_TOKEN',
      permissions: {
        totalCount: 2,
        nodes: [
          { name: 'pay:orders', description: null },
          { name: 'read:orders', description: 'See orders.' },
        ],
      },
    });
    expect(await refusal({ identifier: 'https://orders.example' })).toMatchObject({ code: 'CONFLICT' });
  });

  test.each(['openid', 'profile', 'email', 'offline_access', 'address', 'phone'])(
    '2.6-6 the standard scope %s is refused',
    async (name) => {
      const error = await refusal({ identifier: `https://${name}.example`, permissions: [{ name }] });
      expect(error).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { field: 'permissions' } });
      expect(error?.message).toContain(name);
    },
  );

  test.each([['with space'], [''], ['x'.repeat(281)], ['quote"'], ['ü']])(
    'refuses the permission name %j',
    async (name) => {
      expect(await refusal({ identifier: 'https://names.example', permissions: [{ name }] })).toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    },
  );

  test.each([['urn:gatehouse:api'], ['URN:gatehouse:other'], [' '], ['a b'], ['x'.repeat(601)]])(
    'refuses the identifier %j',
    async (identifier) => {
      expect(await refusal({ identifier })).toMatchObject({
        code: 'BAD_USER_INPUT',
        extensions: { field: 'identifier' },
      });
    },
  );

  test('the 1,001st permission is refused, and a repeated one', async () => {
    const permissions = Array.from({ length: 1001 }, (_, index) => ({ name: `p:${index}` }));
    expect(await refusal({ identifier: 'https://big.example', permissions })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      extensions: { limit: 1000, current: 1001 },
    });
    expect(
      await refusal({ identifier: 'https://big.example', permissions: [{ name: 'a' }, { name: 'a' }] }),
    ).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  test('replacing permissions keeps those that stay where they are linked, and takes the others from roles and users', async () => {
    const ids = await gateway.givenServer('https://change.example', ['keep', 'drop']);
    const roleId = await gateway.givenRole('Linked', Object.values(ids));
    const userId = await gateway.givenUser('auth0|linked');
    await gateway.roles.assignments.addPermissions(gateway.call(), {
      id: userId,
      permissionIds: Object.values(ids),
    });
    const server = (
      await gateway.ok('{ resourceServers { nodes { id identifier } } }')
    ).resourceServers.nodes.find(
      (node: { identifier: string }) => node.identifier === 'https://change.example',
    );
    const { updateResourceServer } = await gateway.ok(update, {
      variables: {
        i: {
          id: server.id,
          name: 'Change',
          enforcePolicies: true,
          permissions: [{ name: 'keep', description: 'kept' }, { name: 'new' }],
        },
      },
    });
    expect(updateResourceServer.resourceServer).toMatchObject({
      name: 'Change',
      enforcePolicies: true,
      permissions: { nodes: [{ id: ids['keep'], name: 'keep', description: 'kept' }, { name: 'new' }] },
    });
    const after = await gateway.ok(
      'query($r: ID!, $u: ID!) { role(id: $r) { permissions { name } } user(id: $u) { permissions(kind: DIRECT) { nodes { name } } } }',
      { variables: { r: roleId, u: userId } },
    );
    expect(after).toEqual({
      role: { permissions: [{ name: 'keep' }] },
      user: { permissions: { nodes: [{ name: 'keep' }] } },
    });
    await gateway.ok(update, { variables: { i: { id: server.id, permissions: [] } } });
    expect(
      (
        await gateway.ok('query($r: ID!) { role(id: $r) { permissions { name } } }', {
          variables: { r: roleId },
        })
      ).role.permissions,
    ).toEqual([]);
  });

  test('is deleted with its permissions', async () => {
    const ids = await gateway.givenServer('https://gone.example', ['a:b']);
    const found = await gateway.ok(
      'query($id: ID!) { node(id: $id) { ... on Permission { resourceServer { id } } } }',
      { variables: { id: ids['a:b'] } },
    );
    const id = found.node.resourceServer.id;
    const remove = 'mutation($id: ID!) { deleteResourceServer(input: { id: $id }) { deletedId } }';
    expect((await gateway.ok(remove, { variables: { id } })).deleteResourceServer.deletedId).toBe(id);
    expect((await gateway.run(remove, { variables: { id } })).errors[0]?.code).toBe('NOT_FOUND');
    expect(
      (await gateway.ok('query($id: ID!) { node(id: $id) { id } }', { variables: { id: ids['a:b'] } })).node,
    ).toBeNull();
  });

  test('the gateway itself cannot be changed or deleted', async () => {
    const { nodes } = (await gateway.ok('{ resourceServers(first: 100) { nodes { id isSystem } } }'))
      .resourceServers;
    const { id } = nodes.find((node: { isSystem: boolean }) => node.isSystem);
    const changed = await gateway.run(update, { variables: { i: { id, permissions: [] } } });
    const deleted = await gateway.run(
      'mutation($id: ID!) { deleteResourceServer(input: { id: $id }) { deletedId } }',
      { variables: { id } },
    );
    expect([changed.errors[0]?.code, deleted.errors[0]?.code]).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });

  test('the catalogue follows the running version: sentences are renewed, nothing is taken away', async () => {
    const store = gateway.storage.open();
    const before = await gateway.permissionsOf('urn:gatehouse:api');
    await gateway.roles.synchronisePermissionCatalogue(store, {
      'read:users': 'New sentence.',
      'added:later': 'Added.',
    });
    const after = await gateway.permissionsOf('urn:gatehouse:api');
    expect(Object.keys(after).sort()).toEqual([...Object.keys(before), 'added:later'].sort());
    const found = await gateway.ok(
      '{ permissions(name: "read:users") { totalCount nodes { id description } } }',
    );
    expect(found.permissions).toEqual({
      totalCount: 1,
      nodes: [{ id: before['read:users'], description: 'New sentence.' }],
    });
  });

  test('the Administrator holds everything that the gateway can do, also what it learns later', async () => {
    const store = gateway.storage.open();
    const roleId = await gateway.roles.ensureAdministratorRole(store);
    await gateway.roles.synchronisePermissionCatalogue(store, { 'learned:later': 'Later.' });
    expect(await gateway.roles.ensureAdministratorRole(store)).toBe(roleId);
    const role = (
      await gateway.ok('query($id: ID!) { role(id: $id) { permissions { name } } }', {
        variables: { id: roleId },
      })
    ).role;
    const names = role.permissions.map(({ name }: { name: string }) => name);
    expect(names).toEqual(Object.keys(await gateway.permissionsOf('urn:gatehouse:api')).sort());
    expect(names).toContain('learned:later');
  });
});
