import { sql } from '#src/storage/sql';
import { operationCases } from '#test/features/delegation/operation-cases';
import { DelegationStage, where } from '#test/features/delegation/stage';
import type { GroupStage, Json } from '#test/features/groups/support';
import { eachDatabase } from '#test/support/databases';

eachDatabase('what hooks of delegated administration say', (database) => {
  let dae: DelegationStage;
  let stage: GroupStage;

  beforeAll(async () => {
    dae = await DelegationStage.open(database);
    ({ stage } = dae);
  });
  afterAll(() => stage.close());

  test('4.5-4 4.5-5 rules forbid actions and leave attributes out of everything', async () => {
    await dae.hook('ACCESS', {
      rules: [
        { actions: ['delete:user'], effect: 'DENY', when: { path: 'email', eq: 'f0@dae.example' } },
        { effect: 'REDACT', paths: ['phone_number', 'app_metadata.salary'] },
        { actions: ['read:user'], effect: 'DENY', when: { path: 'email', eq: 'f1@dae.example' } },
      ],
    });
    const [error] = await stage.refusal('daeDeleteUser', { id: dae.finance[0] }, dae.tokens['User']);
    expect(error?.extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'ACCESS_RULE' });
    expect(
      (await stage.change('daeBlockUser', { id: dae.finance[0] }, 'user { blocked }', dae.tokens['User']))
        .user,
    ).toEqual({ blocked: true });
    await stage.change('daeUnblockUser', { id: dae.finance[0] }, 'user { id }', dae.tokens['User']);
    expect(await dae.visible('User')).toEqual(dae.within().filter((id) => id !== dae.finance[1]));
    await stage.change('updateUser', { id: dae.finance[0], phoneNumber: '+4915112345678' }, 'user { id }');
    const detail = await stage.ok(
      `{ user(id: "${dae.finance[0]}") { email phoneNumber } daeUsers(first: 50) { nodes { phoneNumber } } }`,
      dae.as('User'),
    );
    expect(detail.user).toEqual({ email: 'f0@dae.example', phoneNumber: null });
    expect(JSON.stringify(detail)).not.toContain('4915112345678');
    expect(await dae.visible('User', 'phone_number:*')).toEqual(['FIELD_NOT_SEARCHABLE']);
    expect((await stage.ok(`{ user(id: "${dae.finance[0]}") { phoneNumber } }`)).user.phoneNumber).toBe(
      '+4915112345678',
    );
    const { auditEvents } = await stage.ok(
      '{ auditEvents(action: "dae.delete_user", first: 1) { nodes { result targetId details } } }',
    );
    expect(auditEvents.nodes[0]).toMatchObject({
      result: 'DENIED',
      targetId: dae.finance[0],
      details: { level: 'USER', reason: 'ACCESS_RULE' },
    });
    await dae.hook('ACCESS', { rules: [] });
  });

  test('4.5-6 4.5-7 4.5-8 settings, custom fields and write steps hold for mutations, not only for buttons', async () => {
    const token = dae.tokens['User'] as string;
    const make = (more: object) => ({
      email: `made-${Math.floor(performance.now() * 1000)}@dae.example`,
      password: 'a long enough password',
      ...more,
    });
    await dae.hook('WRITE', {
      steps: [{ step: 'set', path: 'app_metadata.department', value: '$actor.app_metadata.department' }],
    });
    await dae.hook('SETTINGS', { canCreateUser: false });
    expect((await stage.refusal('daeCreateUser', make({}), token))[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'CANNOT_CREATE',
    });
    const option = {
      property: 'app_metadata.floor',
      create: { required: true, options: ['1', '2'] },
      edit: { required: true, options: ['1', '2'] },
    };
    await dae.hook('SETTINGS', { connections: ['partners'], userFields: [option] });
    expect(
      (await stage.refusal('daeCreateUser', make({ fields: { 'app_metadata.floor': '1' } }), token))[0]
        ?.extensions,
    ).toMatchObject({ reason: 'CONNECTION' });
    await dae.hook('SETTINGS', {
      connections: ['main'],
      userFields: [
        option,
        { property: 'app_metadata.department', create: true },
        { property: 'user_metadata.note', edit: false },
      ],
    });
    const refusals: readonly [object, object][] = [
      [{}, { code: 'VALIDATION_FAILED', field: 'app_metadata.floor' }],
      [{ fields: { 'app_metadata.floor': '' } }, { code: 'VALIDATION_FAILED' }],
      [{ fields: { 'app_metadata.floor': '3' } }, { code: 'VALIDATION_FAILED', field: 'app_metadata.floor' }],
      [
        { fields: { 'app_metadata.floor': '1', 'user_metadata.note': 'x' } },
        { code: 'FORBIDDEN_ARGUMENT', paths: ['user_metadata.note'] },
      ],
      [
        { fields: { 'app_metadata.floor': '1', 'app_metadata.admin': true } },
        { code: 'FORBIDDEN_ARGUMENT', paths: ['app_metadata.admin'] },
      ],
      [
        { fields: { 'app_metadata.floor': '1', 'app_metadata.department': 'sales' } },
        { code: 'FORBIDDEN_ARGUMENT', paths: ['app_metadata.department'] },
      ],
      [
        { fields: { 'app_metadata.floor': '1' }, repeatPassword: 'another one altogether' },
        { code: 'VALIDATION_FAILED', field: 'repeatPassword' },
      ],
    ];
    for (const [more, extensions] of refusals)
      expect((await stage.refusal('daeCreateUser', make(more), token))[0]?.extensions).toMatchObject(
        extensions,
      );
    const { user } = await stage.change(
      'daeCreateUser',
      make({ fields: { 'app_metadata.floor': '1' } }),
      'user { id }',
      token,
    );
    const app = async (): Promise<Json> =>
      (await stage.ok(`{ user(id: "${user.id}") { metadata { app } } }`)).user.metadata.app;
    expect(await app()).toEqual({ department: 'finance', floor: '1' });
    await stage.change(
      'daeUpdateProfile',
      { id: user.id, fields: { 'app_metadata.floor': '2' } },
      'user { id }',
      token,
    );
    expect(await app()).toEqual({ department: 'finance', floor: '2' });
    expect(
      (
        await stage.refusal(
          'daeUpdateProfile',
          { id: user.id, fields: { 'app_metadata.department': 'sales' } },
          token,
        )
      )[0]?.extensions.code,
    ).toBe('FORBIDDEN_ARGUMENT');
    await dae.hook('MEMBERSHIPS', { path: 'app_metadata.team', values: ['red', 'blue'] });
    expect(
      (await stage.refusal('daeUpdateProfile', { id: user.id, memberships: ['green'] }, token))[0]?.extensions
        .code,
    ).toBe('FORBIDDEN_ARGUMENT');
    await stage.change('daeUpdateProfile', { id: user.id, memberships: ['red'] }, 'user { id }', token);
    expect((await app()).team).toBe('red');
    await stage.change('daeDeleteUser', { id: user.id }, 'deletedId', token);
    for (const [name, definition] of [
      ['WRITE', { steps: [] }],
      ['SETTINGS', {}],
      ['MEMBERSHIPS', { path: 'app_metadata.team', values: [] }],
    ] as const)
      await dae.hook(name, definition);
  });

  test('4.5-9 B36 B37 nobody administers himself, an equal or a stronger one, nor what narrows him', async () => {
    const token = dae.tokens['User'] as string;
    for (const [name, more] of [
      ['daeDeleteUser', {}],
      ['daeBlockUser', {}],
      ['daeUpdateProfile', {}],
      ['daeChangeEmail', { email: 'me@dae.example' }],
      ['daeChangePassword', { password: 'a long enough password' }],
    ] as const)
      expect([
        name,
        (await stage.refusal(name, { id: dae.actors['User'], ...more }, token))[0]?.extensions,
      ]).toMatchObject([name, { code: 'FORBIDDEN', reason: 'SELF' }]);
    const equal = await dae.person('equal', 'finance');
    const { roles } = await stage.ok('{ roles(name: "Delegated Admin - User") { nodes { id } } }');
    await stage.change('addUserRoles', { id: equal, roleIds: [roles.nodes[0].id] }, 'user { id }');
    const strong = await dae.person('strong', 'finance');
    await stage.change(
      'addUserRoles',
      { id: strong, roleIds: [await stage.product.givenRole('Strong', ['delete:roles'])] },
      'user { id }',
    );
    const grouped = await dae.person('grouped', 'finance');
    const group = await stage.group('strong');
    await stage.roleFor(group, 'Strong by group', ['delete:roles']);
    await stage.putInto(group, grouped);
    for (const id of [equal, strong, grouped, dae.actors['Operator'], dae.actors['Administrator']])
      for (const [name, more] of [
        ['daeChangePassword', { password: 'a long enough password' }],
        ['daeChangeEmail', { email: 'taken-over@dae.example' }],
        ['daeDeleteUser', {}],
      ] as const)
        expect([name, (await stage.refusal(name, { id, ...more }, token))[0]?.extensions]).toMatchObject([
          name,
          { code: 'FORBIDDEN', reason: 'STRONGER' },
        ]);
    // An Auditor is below a User, and only looks.
    await stage.change('daeBlockUser', { id: dae.actors['Auditor'] }, 'user { id }', token);
    await stage.change('daeUnblockUser', { id: dae.actors['Auditor'] }, 'user { id }', token);
    dae.tokens['Auditor'] = await stage.product.user(dae.actors['Auditor'] as string);
    for (const level of ['Auditor', 'User', 'Operator'])
      expect(
        (
          await stage.refusal(
            'saveDaeHook',
            { name: 'FILTER', definition: { where: { path: 'blocked', eq: false } } },
            dae.tokens[level],
          )
        )[0]?.extensions.code,
      ).toBe('FORBIDDEN');
    for (const id of [equal, strong, grouped]) await stage.change('deleteUser', { id }, 'deletedId');
  });

  test('4.5-12 B20 a broken hook refuses everything it governs, and the last good version is restored', async () => {
    const store = stage.product.app.storage.open();
    const { hook: good } = await dae.hook('FILTER', { where });
    await store.transaction((inside) =>
      inside.execute(
        sql`UPDATE delegation_hooks SET definition = ${'{"where":{"path":"no.such","eq":1}}'} WHERE name = 'FILTER' AND is_current = TRUE`,
      ),
    );
    await stage.product.app.platform.policies.refresh();
    await dae.hook('SETTINGS', {});
    expect(await dae.visible('User')).toEqual(['POLICY_UNAVAILABLE']);
    expect(
      (await stage.refusal('daeBlockUser', { id: dae.finance[0] }, dae.tokens['User']))[0]?.extensions.code,
    ).toBe('POLICY_UNAVAILABLE');
    const { auditEvents } = await stage.ok(
      '{ auditEvents(action: "dae.block_user", first: 1) { nodes { result details } } }',
    );
    expect(auditEvents.nodes[0]).toMatchObject({ result: 'DENIED', details: { reason: 'HOOK_BROKEN' } });
    expect((await stage.ok('{ users(first: 5) { nodes { id } } }', dae.as('User'))).users.nodes).toEqual([]);
    const restored = await stage.change(
      'restoreDaeHook',
      { name: 'FILTER', version: good.version - 1 },
      'hook { version definition }',
    );
    expect(restored.hook).toEqual({ version: good.version + 1, definition: { where } });
    expect(await dae.visible('User')).toEqual(dae.within());
    expect(
      (await stage.refusal('restoreDaeHook', { name: 'FILTER', version: good.version }))[0]?.extensions,
    ).toMatchObject({ code: 'BAD_USER_INPUT', path: 'where.path' });
  });

  operationCases(() => dae);

  const deep = (levels: number): object =>
    levels === 0 ? { path: 'blocked', eq: true } : { not: deep(levels - 1) };
  test.each([
    ['FILTER', {}, 'where'],
    ['FILTER', { where: { path: 'no.such', eq: 'x' } }, 'where.path'],
    ['FILTER', { where: { path: 'picture', eq: 'x' } }, 'where.path'],
    ['FILTER', { where: { path: 'blocked', eq: 'maybe' } }, 'where'],
    ['FILTER', { where: { path: 'email', eq: 'x', exists: true } }, 'where'],
    ['FILTER', { where: { all: [] } }, 'where.all'],
    [
      'FILTER',
      {
        where: {
          all: [
            { path: 'email', eq: 'a@x.io' },
            { path: 'email', eq: 'b@x.io' },
          ],
        },
      },
      'where.all[1]',
    ],
    ['FILTER', { where: { path: 'app_metadata.x', eq: '$actor.user_metadata.x' } }, 'where.eq'],
    ['FILTER', { where: { path: 'app_metadata.x', eq: '$actor.email' } }, 'where.eq'],
    ['FILTER', { where: deep(9) }, 'where.not.not.not.not.not.not.not.not.not'],
    [
      'FILTER',
      { where: { any: Array.from({ length: 101 }, () => ({ path: 'blocked', eq: true })) } },
      'where.any',
    ],
    ['FILTER', { where: { path: 'email', eq: 'x' }, script: 'return true' }, 'definition.script'],
    ['ACCESS', { rules: [{ actions: ['fly'], effect: 'DENY' }] }, 'rules[0].actions[0]'],
    ['ACCESS', { rules: [{ actions: ['read:user'], effect: 'REDACT' }] }, 'rules[0].paths'],
    ['ACCESS', { rules: [{ effect: 'REDACT', paths: ['user_id'] }] }, 'rules[0].paths[0]'],
    ['WRITE', { steps: [{ step: 'set', path: 'email_verified', value: true }] }, 'steps[0].path'],
    ['WRITE', { steps: [{ step: 'set', path: 'app_metadata.__proto__.x', value: true }] }, 'steps[0].path'],
    ['WRITE', { steps: [{ step: 'forbid', path: 'name', value: 1 }] }, 'steps[0].value'],
    [
      'SETTINGS',
      { userFields: [{ property: 'app_metadata.a', validationFunction: '() => 1' }] },
      'userFields[0].validationFunction',
    ],
    ['MEMBERSHIPS', { path: 'app_metadata.a', values: '$actor.name' }, 'values'],
  ])('of %s %j is refused at its place, and no version is made', async (name, definition, path) => {
    const count = async (): Promise<number> =>
      (await stage.ok(`{ daeHookVersions(name: ${name}) { version } }`)).daeHookVersions.length;
    const before = await count();
    const [error] = await stage.refusal('saveDaeHook', { name, definition });
    expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path });
    expect(await count()).toBe(before);
  });
});
