import { docPage, operation } from '#test/docs/pages';
import { startTestApp, type Answer, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

const page = docPage('docs/applications.md');

eachDatabase('the examples of docs/applications.md', (database) => {
  let product: TestApp;
  let token: string;

  beforeAll(async () => {
    product = await startTestApp(database);
    token = await product.administrator();
  });
  afterAll(() => product.close());

  async function run(
    name: string,
    variables: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>> {
    const answer: Answer = await product.ask(operation(page, name), { token, variables });
    expect(answer.errors).toEqual([]);
    return Object.values(answer.data ?? {})[0] as Record<string, unknown>;
  }

  test('from registering an application to its settings', async () => {
    const shop = await run('RegisterShop');
    const { id, secrets } = shop['application'] as { id: string; secrets: { id: string; hint: string }[] };
    expect(String(shop['clientSecret']).slice(-4)).toBe(secrets[0]?.hint);

    const next = await run('NewSecret', { applicationId: id });
    expect(next['clientSecret']).not.toBe(shop['clientSecret']);
    expect(await run('DropSecret', { applicationId: id, id: secrets[0]?.id })).toEqual({
      deletedId: secrets[0]?.id,
    });
    const [email, password] = ['buyer@example.com', 'a long enough password'];
    await product.givenUser({ email, password });
    expect(await run('SignInThroughShop', { clientId: id, email, password })).toMatchObject({
      session: { clients: [{ clientId: id, organizationId: null }] },
    });
    expect(await run('NoteTeam', { id })).toEqual({ application: { metadata: { team: 'checkout' } } });
  });

  test('a machine gets a permission', async () => {
    const made = await product.ask(
      'mutation { createApplication(input: { name: "Robot", type: MACHINE }) { clientSecret application { id } } }',
      { token },
    );
    const { application, clientSecret } = made.data?.['createApplication'] as {
      application: { id: string };
      clientSecret: string;
    };
    const listed = await product.ask('{ permissions(first: 100) { nodes { id name } } }', { token });
    const { nodes } = listed.data?.['permissions'] as { nodes: { id: string; name: string }[] };
    const permissionIds = nodes.filter(({ name }) => name === 'read:users').map(({ id }) => id);
    expect(await run('AllowRobot', { id: application.id, permissionIds })).toEqual({
      application: {
        name: 'Robot',
        permissions: [{ name: 'read:users', resourceServer: { identifier: 'urn:gatehouse:api' } }],
      },
    });
    const { accessToken, ...rest } = await run('Token', { clientId: application.id, clientSecret });
    expect(rest).toEqual({ expiresIn: 900, permissions: ['read:users'] });
    const asRobot = await product.ask('{ viewer { subject } }', { token: String(accessToken) });
    expect(asRobot.data).toEqual({ viewer: { subject: application.id } });
  });
});
