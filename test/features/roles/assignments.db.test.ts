import { eachDatabase } from '#test/support/databases';
import { Gateway, openPolicy, type Caller } from '#test/features/roles/support/gateway';

const addRoles =
  'mutation($i: AddUserRolesInput!) { addUserRoles(input: $i) { user { id roles { name } } } }';
const addPermissions =
  'mutation($i: AddUserPermissionsInput!) { addUserPermissions(input: $i) { user { permissions(kind: DIRECT) { nodes { name } } } } }';

eachDatabase('what users hold', (database) => {
  let gateway: Gateway;
  let invoices: Record<string, string>;
  let system: Record<string, string>;

  beforeAll(async () => {
    gateway = await Gateway.open(database, { roles: { maxDirectPermissionsPerUser: 3 } });
    invoices = await gateway.givenServer('https://invoices.example', [
      'read:invoices',
      'pay:invoices',
      'void:invoices',
      'x:y',
    ]);
    system = await gateway.permissionsOf('urn:gatehouse:api');
  });

  const give = (userId: string, roleIds: string[], as?: Caller) =>
    gateway.run(addRoles, { variables: { i: { id: userId, roleIds } }, ...(as ? { as } : {}) });

  test('roles are given and taken without harm when repeated, with one audit record each', async () => {
    const userId = await gateway.givenUser('auth0|plain');
    const roleIds = [await gateway.givenRole('Beta'), await gateway.givenRole('alpha')];
    const records = await gateway.count('audit_events');
    for (let round = 0; round < 2; round += 1) {
      const { data, errors } = await give(userId, roleIds);
      expect(errors).toEqual([]);
      expect(data.addUserRoles.user.roles).toEqual([{ name: 'alpha' }, { name: 'Beta' }]);
    }
    const removed = await gateway.ok(
      'mutation($i: RemoveUserRolesInput!) { removeUserRoles(input: $i) { user { roles { name } } } }',
      { variables: { i: { id: userId, roleIds: roleIds.slice(0, 1) } } },
    );
    expect(removed.removeUserRoles.user.roles).toEqual([{ name: 'alpha' }]);
    expect(await gateway.count('audit_events')).toBe(records + 3);
  });

  test('an unknown role among known ones gives none', async () => {
    const userId = await gateway.givenUser('auth0|atomic');
    const { errors } = await give(userId, [await gateway.givenRole('Known'), 'rol_unknown']);
    expect(errors[0]).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { unknown: ['rol_unknown'] } });
    expect((await gateway.run(`{ user(id: "${userId}") { roles { name } } }`)).data.user.roles).toEqual([]);
  });

  test('an unknown user is NOT_FOUND', async () => {
    const { errors } = await give('auth0|nobody', [await gateway.givenRole('For nobody')]);
    expect(errors[0]?.code).toBe('NOT_FOUND');
  });

  test('2.6-6 the 51st role is refused and none of its batch is given', async () => {
    const userId = await gateway.givenUser('auth0|collector');
    const roleIds: string[] = [];
    for (let index = 0; index < 51; index += 1) roleIds.push(await gateway.givenRole(`Collected ${index}`));
    expect((await give(userId, roleIds.slice(0, 49))).errors).toEqual([]);
    const { errors } = await give(userId, roleIds.slice(49));
    expect(errors[0]).toMatchObject({ code: 'LIMIT_EXCEEDED', extensions: { limit: 50, current: 51 } });
    expect((await gateway.ok(`{ user(id: "${userId}") { roles { id } } }`)).user.roles).toHaveLength(49);
  });

  test('two batches at once do not exceed the limit together', async () => {
    const userId = await gateway.givenUser('auth0|racer');
    const ids = Object.values(invoices);
    const results = await Promise.allSettled([
      gateway.roles.assignments.addPermissions(gateway.call(), {
        id: userId,
        permissionIds: ids.slice(0, 2),
      }),
      gateway.roles.assignments.addPermissions(gateway.call(), {
        id: userId,
        permissionIds: ids.slice(2, 4),
      }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('direct permissions are given, listed and taken', async () => {
    const userId = await gateway.givenUser('auth0|direct');
    const permissionIds = [invoices['pay:invoices'], invoices['read:invoices']];
    const given = await gateway.ok(addPermissions, { variables: { i: { id: userId, permissionIds } } });
    expect(given.addUserPermissions.user.permissions.nodes).toEqual([
      { name: 'pay:invoices' },
      { name: 'read:invoices' },
    ]);
    const taken = await gateway.ok(
      'mutation($i: RemoveUserPermissionsInput!) { removeUserPermissions(input: $i) { user { permissions { nodes { name sources { kind role { id } } } } } } }',
      { variables: { i: { id: userId, permissionIds: permissionIds.slice(0, 1) } } },
    );
    expect(taken.removeUserPermissions.user.permissions.nodes).toEqual([
      { name: 'read:invoices', sources: [{ kind: 'DIRECT', role: null }] },
    ]);
  });

  describe('2.6-7 nobody gives what he does not hold', () => {
    const manager = (fields: Partial<Caller> = {}): Caller => ({
      permissions: [
        'create:role_members',
        'create:user_permissions',
        'update:roles',
        'read:users',
        'read:roles',
      ],
      userId: 'auth0|manager',
      roles: ['Manager'],
      ...fields,
    });
    let managerRole: string;
    let strongRole: string;
    let target: string;

    beforeAll(async () => {
      managerRole = await gateway.givenRole('Manager', [
        system['read:users'] as string,
        invoices['read:invoices'] as string,
      ]);
      strongRole = await gateway.givenRole('Strong');
      await gateway.givenUser('auth0|manager');
      target = await gateway.givenUser('auth0|target');
      await gateway.roles.assignments.addRoles(gateway.call(), {
        id: 'auth0|manager',
        roleIds: [managerRole],
      });
    });

    test('a role that the caller holds may be given, another not, not even to himself', async () => {
      expect((await give(target, [managerRole], manager())).errors).toEqual([]);
      for (const userId of [target, 'auth0|manager']) {
        const { errors } = await give(userId, [managerRole, strongRole], manager());
        expect(errors[0]).toMatchObject({
          code: 'FORBIDDEN',
          extensions: { field: 'roleIds', ids: [strongRole] },
        });
      }
    });

    test('a role that the token cut away may not be given', async () => {
      expect((await give(target, [managerRole], manager({ roles: [] }))).errors[0]?.code).toBe('FORBIDDEN');
    });

    test('a name in the token does not stand for a role that the database does not know of the caller', async () => {
      expect((await give(target, [strongRole], manager({ roles: ['Strong'] }))).errors[0]?.code).toBe(
        'FORBIDDEN',
      );
    });

    test('a holder of grant:any gives any role', async () => {
      const caller = manager({ permissions: ['create:role_members', 'grant:any', 'read:users'] });
      expect((await give(target, [strongRole], caller)).errors).toEqual([]);
    });

    test('a machine gives the roles it was named, and no other', async () => {
      const machine: Caller = { permissions: ['create:role_members', 'read:users'], roles: ['Strong'] };
      expect((await give(target, [strongRole], machine)).errors).toEqual([]);
      expect((await give(target, [managerRole], machine)).errors[0]?.code).toBe('FORBIDDEN');
    });

    test.each([
      ['read:users', true],
      ['delete:users', false],
    ])('the gateway permission %s may be given: %s', async (name, allowed) => {
      const { errors } = await gateway.run(addPermissions, {
        as: manager(),
        variables: { i: { id: target, permissionIds: [system[name]] } },
      });
      expect(errors.map(({ code }) => code)).toEqual(allowed ? [] : ['FORBIDDEN']);
    });

    test('permissions of other APIs are judged by what is stored', async () => {
      const run = (name: string, as: Caller) =>
        gateway.run(addPermissions, {
          as,
          variables: { i: { id: target, permissionIds: [invoices[name]] } },
        });
      expect((await run('read:invoices', manager())).errors).toEqual([]);
      expect((await run('pay:invoices', manager())).errors[0]?.code).toBe('FORBIDDEN');
      const machine: Caller = { permissions: ['create:user_permissions', 'read:invoices'] };
      expect((await run('read:invoices', machine)).errors[0]?.code).toBe('FORBIDDEN');
    });

    test('adding a permission to a role that one holds is giving it', async () => {
      const { errors } = await gateway.run(
        'mutation($i: AddRolePermissionsInput!) { addRolePermissions(input: $i) { role { id } } }',
        { as: manager(), variables: { i: { id: managerRole, permissionIds: [invoices['void:invoices']] } } },
      );
      expect(errors[0]).toMatchObject({
        code: 'FORBIDDEN',
        extensions: { ids: [invoices['void:invoices']] },
      });
    });

    test('renaming a role is giving the new name', async () => {
      const rename = 'mutation($i: UpdateRoleInput!) { updateRole(input: $i) { role { name } } }';
      const denied = await gateway.run(rename, {
        as: manager(),
        variables: { i: { id: managerRole, name: 'Root' } },
      });
      expect(denied.errors[0]).toMatchObject({ code: 'FORBIDDEN', extensions: { field: 'name' } });
      const described = await gateway.run(rename, {
        as: manager(),
        variables: { i: { id: managerRole, name: 'Manager', description: 'manages' } },
      });
      expect(described.errors).toEqual([]);
    });
  });

  test('access B26 a caller inside an organization changes nothing beyond it, whether it exists or not', async () => {
    const userId = await gateway.givenUser('auth0|bound');
    const organizationId = await gateway.givenOrganization('bound', [userId]);
    const roleId = await gateway.givenRole('Beyond');
    for (const [target, role] of [
      [userId, roleId],
      ['auth0|none', 'rol_none'],
    ] as const) {
      const { errors } = await give(target, [role], { userId, organizationId });
      expect(errors[0]).toMatchObject({
        code: 'FORBIDDEN',
        message: 'This reaches beyond the organization that you are signed in to.',
      });
    }
    const { errors } = await gateway.run('mutation { deleteRole(input: { id: "rol_none" }) { deletedId } }', {
      as: { userId, organizationId },
    });
    expect(errors[0]?.code).toBe('FORBIDDEN');
  });

  test('a stored rule that denies writing roles refuses the whole operation', async () => {
    const userId = await gateway.givenUser('auth0|ruled');
    const rule = {
      id: 'atr_1',
      name: 'no roles',
      effect: 'DENY' as const,
      actions: ['WRITE' as const],
      paths: ['roles'],
      subject: {},
      object: {},
      mask: null,
    };
    const { errors } = await gateway.run(addRoles, {
      variables: { i: { id: userId, roleIds: [await gateway.givenRole('Ruled')] } },
      policy: { ...openPolicy, rules: [rule] },
    });
    expect(errors[0]?.code).toBe('FORBIDDEN_ARGUMENT');
    expect((await gateway.ok(`{ user(id: "${userId}") { roles { id } } }`)).user.roles).toEqual([]);
  });

  test('a user reads the own roles, and nobody else reads them without permission', async () => {
    const userId = await gateway.givenUser('auth0|self');
    const roleId = await gateway.givenRole('Own', [invoices['read:invoices'] as string]);
    await gateway.roles.assignments.addRoles(gateway.call(), { id: userId, roleIds: [roleId] });
    const query = `{ user(id: "${userId}") { roles { name permissions { name } users { nodes { id } } } } }`;
    const own = await gateway.run(query, { as: { userId, permissions: [] } });
    expect(own.data.user.roles).toEqual([
      { name: 'Own', permissions: [{ name: 'read:invoices' }], users: null },
    ]);
    expect(own.errors.map(({ code }) => code)).toEqual(['FORBIDDEN_FIELD']);
    const other = await gateway.run(query, { as: { userId: 'auth0|else', permissions: [] } });
    expect(other.data.user).toBeNull();
  });

  test('roles with their permissions come with the user in one statement, and for many users in three', async () => {
    const roleIds = [
      await gateway.givenRole('Fold A', [invoices['pay:invoices'] as string]),
      await gateway.givenRole('Fold B'),
    ];
    const ids: string[] = [];
    for (const part of ['1', '2', '3']) {
      const id = await gateway.givenUser(`auth0|fold-${part}`);
      await gateway.roles.assignments.addRoles(gateway.call(), { id, roleIds });
      ids.push(id);
    }
    const roles = [
      { name: 'Fold A', permissions: [{ name: 'pay:invoices', description: null }] },
      { name: 'Fold B', permissions: [] },
    ];
    const fields = 'id roles { name permissions { name description } }';
    const one = await gateway.run(`query($id: ID!) { user(id: $id) { ${fields} } }`, {
      variables: { id: ids[0] },
    });
    expect(one.data.user).toEqual({ id: ids[0], roles });
    expect(one.statements).toBe(1);
    const many = await gateway.run(`query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { ${fields} } } }`, {
      variables: { ids },
    });
    expect(many.data.nodes).toEqual(ids.map((id) => ({ id, roles })));
    expect(many.statements).toBe(3);
  });
});
