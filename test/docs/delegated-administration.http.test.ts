import { docPage, operation } from '#test/docs/pages';
import { GroupStage, type Json } from '#test/features/groups/support';
import { eachDatabase } from '#test/support/databases';

const [desk, groups] = [docPage('docs/delegated-administration.md'), docPage('docs/groups.md')];

eachDatabase('the examples of docs/delegated-administration.md and docs/groups.md', (database) => {
  let stage: GroupStage;

  beforeAll(async () => {
    stage = await GroupStage.open(database);
  });
  afterAll(() => stage.close());

  test('a help desk is given its own users', async () => {
    const run = (name: string, variables: object = {}, token?: string): Promise<Json> =>
      stage.ok(operation(desk, name), {
        variables: { ...variables },
        ...(token === undefined ? {} : { token }),
      });
    const person = (name: string): Promise<string> =>
      stage.product.givenUser({ email: `${name}@acme.example` });
    const [helper, own, foreign] = [await person('desk'), await person('own'), await person('foreign')];
    for (const id of [helper, own]) await run('MarkAsPartner', { id });
    await stage.change('updateAppMetadata', { userId: foreign, patch: { partner: 'other' } }, 'user { id }');
    for (const name of ['SayWhoIsReached', 'SayWhatIsWritten', 'SayWhatIsOffered'])
      expect((await run(name)).saveDaeHook.hook.version).toBe(1);
    expect((await run('TryTheFilter', { desk: helper, user: own })).testDaeHook.isMatch).toBe(true);
    expect((await run('TryTheFilter', { desk: helper, user: foreign })).testDaeHook.isMatch).toBe(false);
    const { nodes } = (await run('TheRoles')).roles;
    expect(nodes).toHaveLength(4);
    await run('LetIn', {
      desk: helper,
      role: nodes.find((role: Json) => role.name === 'Delegated Admin - User').id,
    });
    const token = await stage.product.user(helper);
    const mine = async (search: string | null = null): Promise<string[]> =>
      (await run('MyUsers', { search }, token)).daeUsers.nodes.map((node: Json) => node.id).sort();
    expect(await mine()).toEqual([helper, own].sort());
    expect(await mine('foreign')).toEqual([]);
    const fields = { 'app_metadata.desk': '1' };
    const created = await run('NewColleague', { email: 'new@acme.example', fields }, token);
    const newcomer = created.daeCreateUser.user.id;
    expect(await mine()).toEqual([helper, own, newcomer].sort());
    expect((await run('SendLink', { user: own }, token)).daeResetPassword.user).toEqual({ id: own });
    // The table of refusals.
    const refused = async (name: string, input: object): Promise<Json> =>
      (await stage.refusal(name, input, token))[0]?.extensions;
    expect((await stage.ok(`{ daeUser(id: "${foreign}") { id } }`, { token })).daeUser).toBeNull();
    expect(await refused('daeBlockUser', { id: foreign })).toMatchObject({ code: 'NOT_FOUND' });
    const profile = (id: string, fields: object) => refused('daeUpdateProfile', { id, fields });
    expect(await profile(newcomer, { 'app_metadata.partner': 'other' })).toMatchObject({
      ...{ code: 'FORBIDDEN_ARGUMENT', paths: ['app_metadata.partner'] },
    });
    expect(await profile(newcomer, { 'app_metadata.desk': '3' })).toMatchObject({
      ...{ code: 'VALIDATION_FAILED', field: 'app_metadata.desk' },
    });
    const without = { email: 'none@acme.example', password: 'twelve letters or more', fields: {} };
    expect(await refused('daeCreateUser', without)).toMatchObject({
      ...{ code: 'VALIDATION_FAILED', field: 'app_metadata.desk' },
    });
    expect(await refused('daeBlockUser', { id: helper })).toMatchObject({
      code: 'FORBIDDEN',
      reason: 'SELF',
    });
    expect(await refused('saveDaeHook', { name: 'SETTINGS', definition: {} })).toMatchObject({
      code: 'FORBIDDEN',
    });
    const { daeLogs } = await run('WhatWasDone', { user: own });
    expect(daeLogs.nodes[0]).toMatchObject({ action: 'dae.reset_password', result: 'OK', actorId: helper });
    const denied = (await run('WhatWasDone', { user: foreign })).daeLogs.nodes;
    expect(denied[0]).toMatchObject({ action: 'dae.block_user', result: 'DENIED', actorId: helper });
  });

  test('groups nest, and tell why somebody has a role', async () => {
    const run = (name: string, variables: Record<string, unknown>): Promise<Json> =>
      stage.ok(operation(groups, name), { variables });
    const [outer, inner] = [
      (await run('MakeGroup', { name: 'Company' })).createGroup.group.id,
      (await run('MakeGroup', { name: 'Team' })).createGroup.group.id,
    ];
    const user = await stage.user('why@groups.example');
    await run('Nest', { outer, inner });
    await run('GiveRole', { group: outer, role: await stage.product.givenRole('Colleague') });
    await run('PutIn', { group: inner, user });
    expect((await run('WhyTheRole', { user })).user.effectiveRoles).toEqual([
      {
        role: { name: 'Colleague' },
        sources: [{ kind: 'GROUP', path: [{ name: 'Team' }, { name: 'Company' }] }],
      },
    ]);
  });
});
