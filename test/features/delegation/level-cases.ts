import type { GroupStage, Json } from '#test/features/groups/support';
import { levels, type DelegationStage } from '#test/features/delegation/stage';

/** What each level may do; the stage is there when tests run. */
export function levelCases(opened: () => DelegationStage): void {
  let dae: DelegationStage;
  let stage: GroupStage;
  beforeAll(() => {
    dae = opened();
    ({ stage } = dae);
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
        .filter((each: Json) => each.actorId === dae.actors['Auditor'] && each.result === 'DENIED')
        .map((each: Json) => each.action),
    );
    for (const action of ['dae.block_user', 'dae.delete_user', 'dae.change_password'])
      expect([action, denied.has(action)]).toEqual([action, true]);
  });
}
