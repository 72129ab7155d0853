import { DelegationStage, levels, where } from '#test/features/delegation/stage';
import type { GroupStage, Json } from '#test/features/groups/support';
import { eachDatabase } from '#test/support/databases';

eachDatabase('whom delegated administrators reach', (database) => {
  let dae: DelegationStage;
  let stage: GroupStage;
  let organizationId: string;
  let roleId: string;

  beforeAll(async () => {
    dae = await DelegationStage.open(database);
    ({ stage } = dae);
    roleId = await stage.product.givenRole('Held by many');
    for (const id of [...dae.finance, ...dae.sales])
      await stage.change('addUserRoles', { id, roleIds: [roleId] }, 'user { id }');
    organizationId = await stage.organization('mixed', [...dae.finance, ...dae.sales]);
  });
  afterAll(() => stage.close());

  test('B04 4.5-2 the filter is asked on every way to a user, and every number counts what it lets through', async () => {
    expect(await dae.visible('User')).toEqual(dae.within());
    const [hidden = ''] = dae.sales;
    const query = `query { users(first: 50) { totalCount nodes { id } } user(id: "${hidden}") { id } node(id: "${hidden}") { id }
      nodes(ids: ["${hidden}", "${dae.finance[0]}"]) { id } userBy(where: { email: "s0@dae.example" }) { id } usersByEmail(email: "s0@dae.example") { id }
      _entities(representations: [{ __typename: "User", id: "${hidden}" }]) { ... on User { id } } daeUser(id: "${hidden}") { id }
      usersPage(page: 0, perPage: 50, includeTotals: true) { total } }`;
    const { data, errors } = await stage.ask(query, dae.as('User'));
    expect(errors).toEqual([]);
    expect(data).toEqual({
      users: { totalCount: 6, nodes: expect.any(Array) },
      ...{ user: null, node: null, userBy: null, usersByEmail: [], _entities: [null], daeUser: null },
      nodes: [null, { id: dae.finance[0] }],
      usersPage: { total: 6 },
    });
    expect((data as Json).users.nodes.map((node: Json) => node.id).sort()).toEqual(dae.within());
    // Members, role users and group members, with somebody who may ask for them.
    const reader = await dae.person('reader', 'finance');
    const role = await stage.product.givenRole('Reads lists', [
      'dae:read_users',
      'read:users',
      'read:roles',
      'read:organizations',
      'read:organization_members',
      'read:groups',
      'read:audit_events',
      'dae:read_logs',
    ]);
    await stage.change('addUserRoles', { id: reader, roleIds: [role] }, 'user { id }');
    const group = await stage.group('mixed');
    await stage.putInto(group, ...dae.finance, ...dae.sales);
    const lists = await stage.ok(
      `{ organization(id: "${organizationId}") { members(first: 9) { totalCount nodes { user { id } } } }
         role(id: "${roleId}") { users(first: 9) { totalCount nodes { id } } }
         group(id: "${group}") { calculatedMembers(first: 9) { totalCount nodes { user { id } } } members(first: 9) { totalCount nodes { user { id } } } } }`,
      { token: await stage.product.user(reader) },
    );
    const ids = (list: Json): string[] => list.nodes.map((node: Json) => node.user?.id ?? node.id).sort();
    for (const list of [
      lists.organization.members,
      lists.role.users,
      lists.group.members,
      lists.group.calculatedMembers,
    ])
      expect([ids(list), list.totalCount]).toEqual([[...dae.finance].sort(), 2]);
    await stage.change('deleteUser', { id: reader }, 'deletedId');
  });

  test('B31 4.5-3 no text of a search leaves the filter', async () => {
    const texts = [
      'x) OR (y',
      '*) OR user_id:*',
      'NOT x',
      '"',
      '\\',
      '\\"',
      ') OR (',
      'user_id:*',
      '*',
      'NOT app_metadata.department:finance',
      'app_metadata.department:sales',
      'email:*@dae.example OR email:s0@dae.example',
      `user_id:"${dae.sales[0]}"`,
      'a'.repeat(10_240),
    ];
    const allowed = new Set(dae.within());
    for (const text of texts)
      for (const found of await dae.visible('User', text))
        expect([
          text.slice(0, 40),
          allowed.has(found) ||
            ['INVALID_QUERY_STRING', 'QUERY_TOO_LONG', 'UNKNOWN_FIELD', 'FIELD_NOT_SEARCHABLE'].includes(
              found,
            ),
        ]).toEqual([text.slice(0, 40), true]);
  });

  test('B19 B31 4.5-2 whoever is narrowed exports nobody', async () => {
    const permissions = [
      'dae:read_users',
      'read:users',
      'export:users',
      'read:authorization',
      'create:exports',
    ];
    const token = await stage.product.machine(
      [...stage.product.app.product.permissions.keys()].filter(
        (name) => permissions.includes(name) || /export/.test(name),
      ),
    );
    const { errors } = await stage.ask('{ exportAuthorization }', { token });
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
    const [refused] = await stage.refusal('exportUsers', { format: 'CSV' }, token);
    expect(refused?.extensions.code).toBe('FORBIDDEN');
    expect(refused?.message).toContain('reach every user');
  });

  test('B19 B31 4.5-2 records tell nothing about whom the filter hides', async () => {
    await stage.change('blockUser', { id: dae.sales[0] }, 'user { id }');
    await stage.change('unblockUser', { id: dae.sales[0] }, 'user { id }');
    await stage.change('blockUser', { id: dae.finance[0] }, 'user { id }');
    await stage.change('unblockUser', { id: dae.finance[0] }, 'user { id }');
    for (const query of [
      '{ daeLogs(first: 50) { nodes { targetType targetId actorId details } } }',
      '{ auditEvents(first: 50) { totalCount nodes { targetType targetId actorId details } } }',
    ]) {
      const answer = JSON.stringify(await stage.ok(query, dae.as('Operator')));
      expect(answer).toContain(dae.finance[0]);
      for (const id of dae.sales) expect(answer).not.toContain(id);
    }
    const hidden = await stage.ok(
      `{ daeLogs(userId: "${dae.sales[0]}") { nodes { id } } }`,
      dae.as('Operator'),
    );
    expect(hidden.daeLogs.nodes).toEqual([]);
  });

  /** Each operation with the lowest level that may do it; the target is made for it. */
  const operations: readonly [string, number, (id: string) => string][] = [
    ['daeMe', -1, () => '{ daeMe { level } }'],
    ['daeSettings', 0, () => '{ daeSettings { canCreateUser } }'],
    ['daeUsers', 0, () => '{ daeUsers { nodes { id } } }'],
    ['daeUser', 0, (id) => `{ daeUser(id: "${id}") { id } }`],
    ['users', 0, () => '{ users { nodes { id } } }'],
    ['user', 0, (id) => `{ user(id: "${id}") { id } }`],
    ['daeBlockUser', 1, (id) => `mutation { daeBlockUser(input: { id: "${id}" }) { user { blocked } } }`],
    ['daeUnblockUser', 1, (id) => `mutation { daeUnblockUser(input: { id: "${id}" }) { user { blocked } } }`],
    [
      'daeChangeEmail',
      1,
      (id) =>
        `mutation { daeChangeEmail(input: { id: "${id}", email: "new-${id.slice(-6)}@dae.example" }) { user { email } } }`,
    ],
    ['daeUpdateProfile', 1, (id) => `mutation { daeUpdateProfile(input: { id: "${id}" }) { user { id } } }`],
    [
      'daeChangePassword',
      1,
      (id) =>
        `mutation { daeChangePassword(input: { id: "${id}", password: "a long enough password" }) { user { id } } }`,
    ],
    ...(['daeResetPassword', 'daeSendVerification', 'daeClearBlocks', 'daeRemoveMfa'] as const).map(
      (name): [string, number, (id: string) => string] => [
        name,
        1,
        (id) => `mutation { ${name}(input: { id: "${id}" }) { user { id } } }`,
      ],
    ),
    [
      'daeChangeUsername',
      1,
      (id) =>
        `mutation { daeChangeUsername(input: { id: "${id}", username: "u${id.slice(-6)}" }) { user { id } } }`,
    ],
    [
      'daeCreateUser',
      1,
      (id) => `mutation { daeCreateUser(input: { email: "c${id.slice(-9)}@dae.example" }) { user { id } } }`,
    ],
    ['daeDeleteUser', 1, (id) => `mutation { daeDeleteUser(input: { id: "${id}" }) { deletedId } }`],
    ['daeLogs', 2, () => '{ daeLogs { nodes { id } } }'],
    ['auditEvents', 2, () => '{ auditEvents { nodes { id } } }'],
    ['daeHookVersions', 3, () => '{ daeHookVersions(name: FILTER) { version } }'],
    [
      'testDaeHook',
      3,
      (id) =>
        `{ testDaeHook(input: { name: FILTER, definition: { where: { path: "blocked", eq: false } }, actorId: "${id}", userId: "${id}" }) { isMatch } }`,
    ],
    [
      'saveDaeHook',
      3,
      () => 'mutation { saveDaeHook(input: { name: SETTINGS, definition: {} }) { hook { version } } }',
    ],
    [
      'restoreDaeHook',
      3,
      () => 'mutation { restoreDaeHook(input: { name: SETTINGS, version: 1 }) { hook { version } } }',
    ],
    ['updateUser', 9, (id) => `mutation { updateUser(input: { id: "${id}", name: "x" }) { user { id } } }`],
    [
      'addUserRoles',
      9,
      (id) => `mutation { addUserRoles(input: { id: "${id}", roleIds: ["rol_x"] }) { user { id } } }`,
    ],
  ];

  test('4.5-1 four levels by every operation', async () => {
    expect(operations).toHaveLength(26);
    const write = { step: 'set', path: 'app_metadata.department', value: 'finance' };
    await dae.hook('WRITE', { steps: [write] });
    await dae.hook('SETTINGS', {});
    for (const [name, least, write] of operations) {
      for (const [level, label] of levels.entries()) {
        const target =
          name.startsWith('dae') && write('x').startsWith('mutation')
            ? await dae.person(`${name}${level}`, 'finance')
            : (dae.finance[0] as string);
        const { errors } = await stage.ask(write(target), dae.as(label));
        expect([name, label, errors[0]?.extensions.code ?? 'ok']).toEqual([
          name,
          label,
          level >= least ? 'ok' : expect.stringMatching(/^FORBIDDEN/),
        ]);
        if (target !== dae.finance[0] && !(name === 'daeDeleteUser' && level >= least))
          await stage.change('deleteUser', { id: target }, 'deletedId');
      }
    }
  });

  test('4.5-10 an Operator reads what was done and no hooks, and every mutation of an Auditor is refused, changes nothing and is recorded', async () => {
    const asked = async (query: string, level: string) =>
      (await stage.ask(query, dae.as(level))).errors[0]?.extensions.code ?? 'ok';
    expect(await asked('{ daeLogs(first: 1) { nodes { id } } }', 'Operator')).toBe('ok');
    const hooks = operations.filter(([name]) => /Hook/.test(name));
    expect(hooks.map(([name]) => name).sort()).toEqual([
      ...['daeHookVersions', 'restoreDaeHook', 'saveDaeHook', 'testDaeHook'],
    ]);
    for (const [name, , query] of hooks)
      expect([name, await asked(query(dae.actors['Operator'] as string), 'Operator')]).toEqual([
        name,
        'FORBIDDEN',
      ]);
    const { __schema } = await stage.ok('{ __schema { mutationType { fields { name } } } }');
    const all: string[] = __schema.mutationType.fields
      .map(({ name }: Json) => name)
      .filter((name: string) => /dae/i.test(name));
    const mutations = operations.filter(([, , query]) => query('x').startsWith('mutation'));
    // Whatever mutation of delegated administration comes: it stands in the table, and so in this test.
    expect(mutations.map(([name]) => name)).toEqual(expect.arrayContaining(all));
    const target = dae.finance[0] as string;
    const state = async () =>
      JSON.stringify(
        await stage.ok(
          `{ user(id: "${target}") { email name username blocked updatedAt metadata { app } } }`,
        ),
      );
    const before = await state();
    for (const [name, , query] of mutations)
      expect([name, await asked(query(target), 'Auditor')]).toEqual([
        name,
        expect.stringMatching(/^FORBIDDEN/),
      ]);
    expect(await state()).toBe(before);
    const { daeLogs } = await stage.ok(
      '{ daeLogs(first: 100) { nodes { action result actorId } } }',
      dae.as('Administrator'),
    );
    const denied = new Set(
      daeLogs.nodes
        .filter((each: Json) => each.actorId === dae.actors['Auditor'] && each.result === 'denied')
        .map((each: Json) => each.action),
    );
    for (const action of ['dae.block_user', 'dae.delete_user', 'dae.change_password'])
      expect([action, denied.has(action)]).toEqual([action, true]);
  });

  test('inside an organization everything ends at its border, and its administrator is narrowed by the deployment alone', async () => {
    const inside = await dae.person('boss', 'finance');
    await stage.change(
      'addOrganizationMembers',
      { id: organizationId, userIds: [inside] },
      'organization { id }',
    );
    const { roles } = await stage.ok('{ roles(name: "Delegated Admin - Administrator") { nodes { id } } }');
    await stage.change(
      'addMemberRoles',
      { organizationId, userId: inside, roleIds: [roles.nodes[0].id] },
      'membership { joinedAt }',
    );
    const token = await stage.product.user(inside, organizationId);
    const seen = async (): Promise<string[]> =>
      (await stage.ok('{ daeUsers(first: 50) { nodes { id } } }', { token })).daeUsers.nodes
        .map((node: Json) => node.id)
        .sort();
    expect(await seen()).toEqual([...dae.finance, inside].sort());
    await stage.change(
      'saveDaeHook',
      { name: 'FILTER', definition: { where: { path: 'email', exists: false } } },
      'hook { organizationId }',
      token,
    );
    expect(await seen()).toEqual([...dae.finance, inside].sort());
    const other = await stage.organization('other');
    expect(
      (
        await stage.refusal(
          'saveDaeHook',
          { name: 'FILTER', definition: { where }, organizationId: other },
          token,
        )
      )[0]?.extensions.code,
    ).toBe('NOT_FOUND');
    await stage.change('deleteUser', { id: inside }, 'deletedId');
  });
});
