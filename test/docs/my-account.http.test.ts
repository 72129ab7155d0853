import { docPage, operation } from '#test/docs/pages';
import { codeAt } from '#test/features/factors/support/code-at';
import {
  openScene,
  password,
  type FactorScene,
  type Json,
  type Person,
} from '#test/features/factors/support/factor-scene';
import { sqliteDatabase } from '#test/support/databases';

const page = docPage('docs/my-account.md');

sqliteDatabase('the examples of docs/my-account.md', (database) => {
  let scene: FactorScene;
  let ada: Person;
  let other: Person;

  beforeAll(async () => {
    scene = await openScene(database);
    ada = await scene.person('ada');
    other = await scene.person('other', { userMetadata: { lang: 'en' } });
    await ada.signIn();
  });
  afterAll(() => scene.close());

  async function run(name: string, variables: Record<string, unknown> = {}): Promise<Json> {
    const { data, errors } = await ada.ask(operation(page, name), variables);
    expect(errors).toEqual([]);
    return Object.values(data as object)[0];
  }

  test('from the first look to the end of the account', async () => {
    expect(await run('MyAccount')).toMatchObject({ user: { email: ada.email }, deletionScheduledAt: null });
    const { authSession, manualInputCode, methodId: id } = (await run('AddApp')).enrollment;
    const code = (): string => codeAt(manualInputCode, scene.clock.now());
    expect(await run('ConfirmApp', { authSession, otpCode: code() })).toEqual({
      result: { __typename: 'EnrollmentVerified', method: { id, confirmed: true } },
    });
    await scene.pass(30_000);
    expect(await run('ProveAgain', { otpCode: code() })).toMatchObject({ session: { assurance: 'AAL2' } });
    expect(await run('Rename', { id })).toEqual({ method: { id, name: 'Old phone' } });
    expect(await run('ChangeProfile')).toEqual({
      user: { nickname: 'countess', metadata: { user: { theme: 'dark' } } },
    });
    const linked = await run('Link', { identifier: other.email, password });
    expect([linked.result.__typename, linked.user.identities.length]).toEqual(['AccountLinked', 2]);
    expect((await run('MyData')).content).toMatchObject({ userMetadata: { theme: 'dark', lang: 'en' } });

    const phone = ada.elsewhere();
    const { mfaToken } = await phone.signIn();
    await scene.pass(30_000);
    const second = await phone.ask(operation(page, 'SecondFactor'), { mfaToken, otpCode: code() });
    expect(second.data.completeMfa.session).toEqual({ assurance: 'AAL2' });
    expect(phone.cookies.has('gid_mfa')).toBe(true);

    expect(await run('Remove', { id })).toEqual({ deletedId: id });
    const admin = { token: await scene.app.administrator() };
    const made = await scene.app.ask(
      'mutation { createOrganization(input: { name: "strict" }) { organization { id } } }',
      admin,
    );
    const organizationId = /org_\w+/.exec(JSON.stringify(made.data))?.[0];
    const asked = await scene.app.ask(operation(page, 'AskForMore'), {
      ...admin,
      variables: { organizationId },
    });
    expect(asked.data?.['setMfaPolicy']).toEqual({ organization: { mfaPolicy: 'ALWAYS' } });
    await run('EndAccount');
    await ada.signIn();
    expect(await run('KeepAccount')).toEqual({ user: { id: ada.id } });
  });
});
