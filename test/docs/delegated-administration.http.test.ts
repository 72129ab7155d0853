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
    const person = (name: string, partner: string): Promise<string> =>
      stage.product.givenUser({ email: `${name}@acme.example`, appMetadata: { partner } });
    const [helper, own, foreign] = [
      await person('desk', 'acme'),
      await person('own', 'acme'),
      await person('foreign', 'other'),
    ];
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
    expect(await mine()).toEqual([helper, own, created.daeCreateUser.user.id].sort());
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
