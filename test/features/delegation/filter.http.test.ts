import { levelCases } from '#test/features/delegation/level-cases';
import { DelegationStage, where } from '#test/features/delegation/stage';
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

  test('a value of the administrator is compared as a whole, and one of more than 255 code points with nothing', async () => {
    const long = '😀'.repeat(254);
    const people = await Promise.all(
      [`${long}a`, `${long}a`, `${long}ab`, `${long}abc`, `${long}abc`].map((department, at) =>
        dae.person(`long${at}`, department),
      ),
    );
    const [actor, same, longer, longest, alike] = people as [string, string, string, string, string];
    const matches = async (actorId: string, userId: string): Promise<boolean> => {
      const query = `query ($input: TestDaeHookInput!) { testDaeHook(input: $input) { isMatch } }`;
      const input = { name: 'FILTER', definition: { where }, actorId, userId };
      return (await stage.ok(query, { variables: { input } })).testDaeHook.isMatch;
    };
    expect(await matches(actor, same)).toBe(true);
    for (const [who, whom] of [
      [actor, longer],
      [longer, longest],
      [longest, alike],
    ] as const)
      expect(await matches(who, whom)).toBe(false);
    for (const id of people) await stage.change('deleteUser', { id }, 'deletedId');
  });

  test('B31 an administrator of whom a rule keeps an attribute neither saves nor tries a condition on it', async () => {
    await stage.change('updateUser', { id: dae.finance[0], phoneNumber: '+4915112345678' }, 'user { id }');
    const save = { name: 'FILTER', definition: { where: { path: 'phone_number', startsWith: '+49151' } } };
    const input = { ...save, actorId: dae.actors['Operator'], userId: dae.finance[0] };
    const ask = `query ($input: TestDaeHookInput!) { testDaeHook(input: $input) { isMatch } }`;
    const trial = async () => stage.ask(ask, { ...dae.as('Administrator'), variables: { input } });
    expect((await trial()).data?.['testDaeHook']).toEqual({ isMatch: true });
    const subject = { rolesAny: ['Delegated Admin - Administrator'] };
    const hide = { name: 'no numbers', effect: 'DENY', actions: ['READ'], paths: ['phone_number'], subject };
    const { attributeRule } = await stage.change('saveAttributeRule', hide, 'attributeRule { id }');
    const [refused] = await stage.refusal('saveDaeHook', save, dae.tokens['Administrator']);
    for (const problem of [(await trial()).errors[0], refused])
      expect(problem?.extensions).toMatchObject({ code: 'FORBIDDEN_ARGUMENT', paths: ['phone_number'] });
    await stage.change('deleteAttributeRule', { id: attributeRule.id }, 'deletedId');
    await stage.change('updateUser', { id: dae.finance[0], phoneNumber: null }, 'user { id }');
  });

  test('B15 B31 what a stored rule denies is written by no delegated operation and by no step of a hook', async () => {
    const [id] = dae.finance as [string];
    const paths = ['user_metadata.note', 'app_metadata.floor', 'nickname', 'email', 'blocked'];
    const subject = { rolesAny: ['Delegated Admin - User'] };
    const rule = { name: 'nothing of theirs', effect: 'DENY', actions: ['WRITE'], paths, subject };
    const { attributeRule } = await stage.change('saveAttributeRule', rule, 'attributeRule { id }');
    const fields = ['user_metadata.note', 'app_metadata.floor', 'nickname', 'given_name'];
    const userFields = fields.map((property) => ({ property, edit: true, create: true }));
    await dae.hook('SETTINGS', { userFields });
    const stored = `{ user(id: "${id}") { email nickname givenName blocked metadata { user app } } }`;
    const before = await stage.ok(stored);
    const refused = async (mutation: string, input: object, ...named: string[]): Promise<void> => {
      const [error] = await stage.refusal(mutation, input, dae.tokens['User']);
      expect([mutation, error?.extensions.code]).toEqual([mutation, 'FORBIDDEN_ARGUMENT']);
      if (named.length > 0) expect(error?.extensions['paths']).toEqual(named);
    };
    for (const path of ['user_metadata.note', 'app_metadata.floor', 'nickname'])
      await refused('daeUpdateProfile', { id, fields: { given_name: 'Ann', [path]: 'x' } }, path);
    await refused('daeChangeEmail', { id, email: 'other@dae.example' });
    await refused('daeBlockUser', { id });
    for (const path of ['user_metadata.note', 'app_metadata.floor', 'nickname']) {
      await dae.hook('WRITE', { steps: [{ step: 'set', path, value: 'forced' }] });
      await refused('daeUpdateProfile', { id, fields: { given_name: 'Ann' } }, path);
    }
    await dae.hook('WRITE', { steps: [] });
    expect(await stage.ok(stored)).toEqual(before);
    const made = { email: 'denied@dae.example', password: 'a long enough password' };
    await refused('daeCreateUser', made);
    expect((await stage.ok('{ users(q: "email:denied@dae.example") { totalCount } }')).users.totalCount).toBe(
      0,
    );
    await stage.change('deleteAttributeRule', { id: attributeRule.id }, 'deletedId');
    await stage.change(
      'daeUpdateProfile',
      { id, fields: { nickname: 'x' } },
      'user { id }',
      dae.tokens['User'],
    );
    await dae.hook('SETTINGS', {});
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

  levelCases(() => dae);

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
