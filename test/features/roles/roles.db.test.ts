import { insertUserRoles } from '#src/features/roles/assignments/assignment.repository';
import { eachDatabase } from '#test/support/databases';
import { Gateway, type Json } from '#test/features/roles/support/gateway';

eachDatabase('roles', (database) => {
  let gateway: Gateway;
  let invoices: Record<string, string>;

  beforeAll(async () => {
    gateway = await Gateway.open(database, { roles: { maxPermissionsPerRole: 60, maxRoles: 60 } });
    invoices = await gateway.givenServer('https://invoices.example', [
      'read:invoices',
      'pay:invoices',
      'void:invoices',
    ]);
  });

  const id = (name: string): string => invoices[name] as string;

  test('creates, reads, changes and deletes a role, with one audit record each', async () => {
    const before = await gateway.count('audit_events');
    const created = await gateway.ok(
      `mutation($p: [ID!]) { createRole(input: { name: " Cashier ", description: "till", permissionIds: $p }) {
        role { id name description type permissions { name resourceServer { identifier } } users { totalCount } } } }`,
      { variables: { p: [id('read:invoices')] } },
    );
    const { role } = created.createRole;
    expect(role).toMatchObject({
      name: 'Cashier',
      description: 'till',
      type: 'TENANT',
      permissions: [{ name: 'read:invoices', resourceServer: { identifier: 'https://invoices.example' } }],
      users: { totalCount: 0 },
    });
    const changed = await gateway.ok(
      `mutation($id: ID!) { updateRole(input: { id: $id, name: "Teller", description: null }) { role { name description } } }`,
      { variables: { id: role.id } },
    );
    expect(changed.updateRole.role).toEqual({ name: 'Teller', description: null });
    expect(
      await gateway.ok(
        `query($id: ID!) { role(id: $id) { name } node(id: $id) { id ... on Role { name } } }`,
        { variables: { id: role.id } },
      ),
    ).toEqual({
      role: { name: 'Teller' },
      node: { id: role.id, name: 'Teller' },
    });
    await gateway.ok(`mutation($id: ID!) { deleteRole(input: { id: $id }) { deletedId } }`, {
      variables: { id: role.id },
    });
    expect(
      await gateway.ok(`query($id: ID!) { role(id: $id) { name } }`, { variables: { id: role.id } }),
    ).toEqual({ role: null });
    expect(await gateway.count('audit_events')).toBe(before + 3);
    const again = await gateway.run(`mutation($id: ID!) { deleteRole(input: { id: $id }) { deletedId } }`, {
      variables: { id: role.id },
    });
    expect(again.errors[0]?.code).toBe('NOT_FOUND');
  });

  test.each([
    ['an empty name', '   '],
    ['51 characters', 'x'.repeat(51)],
    ['a line break', 'a\\nb'],
  ])('refuses a role whose name has %s', async (_what, name) => {
    const { errors } = await gateway.run(
      `mutation { createRole(input: { name: "${name}" }) { role { id } } }`,
    );
    expect(errors[0]).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { field: 'name' } });
  });

  test('a name is unique whatever its case', async () => {
    await gateway.givenRole('Auditor');
    const { errors } = await gateway.run(
      'mutation { createRole(input: { name: "aUDITOR" }) { role { id } } }',
    );
    expect(errors[0]).toMatchObject({ code: 'CONFLICT', extensions: { field: 'name' } });
  });

  test('2.6-6 an unknown permission is refused by name and nothing is linked', async () => {
    const roleId = await gateway.givenRole('Half');
    const { errors } = await gateway.run(
      'mutation($i: AddRolePermissionsInput!) { addRolePermissions(input: $i) { role { id } } }',
      { variables: { i: { id: roleId, permissionIds: [id('read:invoices'), 'prm_unknown'] } } },
    );
    expect(errors[0]).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { field: 'permissionIds', unknown: ['prm_unknown'] },
    });
    expect(errors[0]?.message).toContain('prm_unknown');
    expect(
      await gateway.ok('query($id: ID!) { role(id: $id) { permissions { name } } }', {
        variables: { id: roleId },
      }),
    ).toEqual({
      role: { permissions: [] },
    });
  });

  test('adding and removing permissions twice changes nothing the second time', async () => {
    const roleId = await gateway.givenRole('Twice');
    const link = (verb: string, name: string): Promise<Json> =>
      gateway.ok(
        `mutation($id: ID!, $p: [ID!]!) { ${verb}RolePermissions(input: { id: $id, permissionIds: $p }) { role { permissions { name } } } }`,
        { variables: { id: roleId, p: [id(name), id(name)] } },
      );
    expect((await link('add', 'pay:invoices')).addRolePermissions.role.permissions).toEqual([
      { name: 'pay:invoices' },
    ]);
    expect((await link('add', 'pay:invoices')).addRolePermissions.role.permissions).toHaveLength(1);
    expect((await link('remove', 'pay:invoices')).removeRolePermissions.role.permissions).toEqual([]);
    expect((await link('remove', 'pay:invoices')).removeRolePermissions.role.permissions).toEqual([]);
  });

  test('51 ids are too many and none is too few', async () => {
    const roleId = await gateway.givenRole('Bulk');
    const link = (permissionIds: string[]) =>
      gateway.run(
        'mutation($i: AddRolePermissionsInput!) { addRolePermissions(input: $i) { role { id } } }',
        {
          variables: { i: { id: roleId, permissionIds } },
        },
      );
    expect((await link([])).errors[0]?.code).toBe('BAD_USER_INPUT');
    const ids = Array.from({ length: 51 }, (_, index) => `prm_${index}`);
    expect((await link(ids)).errors[0]).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      extensions: { limit: 50, current: 51 },
    });
  });

  test('a role holds no more permissions than the limit', async () => {
    const many = await gateway.givenServer(
      'https://many.example',
      Array.from({ length: 61 }, (_, index) => `do:${index}`),
    );
    const ids = Object.values(many);
    const roleId = await gateway.givenRole('Full', ids.slice(0, 50));
    const link = (permissionIds: string[]) =>
      gateway.roles.roles.addPermissions(gateway.call(), { id: roleId, permissionIds });
    await link(ids.slice(50, 60));
    await expect(link(ids.slice(60))).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      extensions: { limit: 60, current: 61 },
    });
  });

  test('the list is filtered, counted and read in both directions', async () => {
    for (const name of ['Zone A', 'zone B', 'Zone C']) await gateway.givenRole(name);
    const page = await gateway.ok(
      '{ roles(name: "ZONE", first: 2) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } }',
    );
    expect(page.roles).toMatchObject({
      totalCount: 3,
      nodes: [{ name: 'Zone A' }, { name: 'zone B' }],
      pageInfo: { hasNextPage: true },
    });
    const rest = await gateway.ok('query($c: String) { roles(name: "zone", after: $c) { nodes { name } } }', {
      variables: { c: page.roles.pageInfo.endCursor },
    });
    expect(rest.roles.nodes).toEqual([{ name: 'Zone C' }]);
    const last = await gateway.ok(
      '{ roles(name: "zone", last: 1) { nodes { name } pageInfo { hasPreviousPage } } }',
    );
    expect(last.roles).toEqual({ nodes: [{ name: 'Zone C' }], pageInfo: { hasPreviousPage: true } });
  });

  test('reading roles needs its permission; whoever reaches a user reads the roles there', async () => {
    const denied = await gateway.run('{ roles { nodes { id } } role(id: "rol_x") { id } }', {
      as: { permissions: ['read:users'] },
    });
    expect(denied.data).toEqual({ roles: null, role: null });
    expect(denied.errors.map(({ code }) => code)).toEqual(['FORBIDDEN_FIELD', 'FORBIDDEN_FIELD']);
  });

  test('deleting a role used by 30 users is one audit record and leaves no link', async () => {
    const roleId = await gateway.givenRole('Crowd');
    for (let index = 0; index < 30; index += 1) {
      const userId = await gateway.givenUser(`auth0|crowd-${index}`);
      await gateway.roles.assignments.addRoles(gateway.call(), { id: userId, roleIds: [roleId] });
    }
    const links = await gateway.count('user_roles');
    const records = await gateway.count('audit_events');
    await gateway.roles.roles.delete(gateway.call(), roleId);
    expect(await gateway.count('user_roles')).toBe(links - 30);
    expect(await gateway.count('audit_events')).toBe(records + 1);
  });

  test('a role shows its users page by page', async () => {
    const roleId = await gateway.givenRole('Paged');
    for (const part of ['a', 'b', 'c']) {
      const userId = await gateway.givenUser(`auth0|paged-${part}`, { name: part });
      const other = await gateway.givenRole(`Other ${part}`);
      await gateway.roles.assignments.addRoles(gateway.call(), { id: userId, roleIds: [roleId, other] });
    }
    const query =
      'query($id: ID!, $c: String) { role(id: $id) { users(first: 2, after: $c) { totalCount nodes { id name } pageInfo { hasNextPage endCursor } } } }';
    const first = (await gateway.ok(query, { variables: { id: roleId } })).role.users;
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [{ name: 'a' }, { name: 'b' }],
      pageInfo: { hasNextPage: true },
    });
    const second = (await gateway.ok(query, { variables: { id: roleId, c: first.pageInfo.endCursor } })).role
      .users;
    expect(second).toMatchObject({ nodes: [{ name: 'c' }], pageInfo: { hasNextPage: false } });
    const denied = await gateway.run(query, {
      variables: { id: roleId },
      as: { permissions: ['read:roles'] },
    });
    expect(denied.data.role.users).toBeNull();
  });

  test('a role that is deleted while it is given away leaves nothing behind', async () => {
    const userId = await gateway.givenUser('auth0|meanwhile');
    const roleId = await gateway.givenRole('Short-lived');
    const before = await gateway.count('user_roles');
    const store = gateway.storage.open();
    const deleted = await store.transaction(async (inside) => {
      await insertUserRoles(inside, userId, [roleId], 1);
      const deletion = gateway.ok('mutation($i: DeleteRoleInput!) { deleteRole(input: $i) { deletedId } }', {
        variables: { i: { id: roleId } },
      });
      // Time enough for the deletion, were it not for the transaction that gives the role away.
      for (let round = 0; round < 50; round += 1) await gateway.storage.ping();
      return { deletion };
    });
    await deleted.deletion;
    expect(await gateway.count('user_roles')).toBe(before);
  });

  test('2.1 there are as many roles as the limit, and not one more', async () => {
    const { totalCount } = (await gateway.ok('{ roles(type: TENANT) { totalCount } }')).roles;
    for (let have = totalCount; have < 60; have += 1) await gateway.givenRole(`Number ${have}`);
    const { errors } = await gateway.run(
      'mutation { createRole(input: { name: "One too many" }) { role { id } } }',
    );
    expect(errors[0]).toMatchObject({ code: 'LIMIT_EXCEEDED', extensions: { limit: 60, current: 61 } });
    expect((await gateway.ok('{ roles(type: TENANT) { totalCount } }')).roles.totalCount).toBe(60);
  });
});
