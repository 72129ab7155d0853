import { generateKeyPairSync } from 'node:crypto';
import { codeBlocks, docPage, operation } from '#test/docs/pages';
import { startTestApp, type TestApp } from '#test/support/app';
import { TestBrowser } from '#test/support/browser';
import { sqliteDatabase } from '#test/support/databases';

const page = docPage('docs/connections.md');
const issuer = 'https://gatehouse.example';
const recipes = codeBlocks(page, 'json').map((text) => JSON.parse(text) as { input: Recipe });

interface Recipe {
  readonly name: string;
  readonly strategy: string;
  readonly oauth?: Readonly<Record<string, string>>;
}

// What the examples do is stored alike in both databases; here it counts that they are taken.
sqliteDatabase('the recipes of docs/connections.md', (database) => {
  let app: TestApp;
  let token: string;
  let clientId: string;
  const key = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;

  beforeAll(async () => {
    app = await startTestApp(database, { environment: { GATEHOUSE_ISSUER: issuer } });
    token = await app.administrator();
    const { data } = await app.ask(
      'mutation { createApplication(input: { name: "Shop", type: REGULAR_WEB, defaultRedirectUri: "https://shop.example/in" }) { application { id } } }',
      { token },
    );
    clientId = (data?.['createApplication'] as { application: { id: string } }).application.id;
  });
  afterAll(() => app.close());

  test('there is one for each kind of provider', () => {
    expect(recipes.map(({ input }) => input.strategy)).toEqual([
      ...['google-oauth2', 'waad', 'apple', 'facebook', 'github', 'oidc', 'samlp', 'ad'],
    ]);
  });

  test.each(recipes.map(({ input }) => [input.strategy, input] as const))(
    '%s: the mutation takes it, and the callback is the one that the page says',
    async (strategy, input) => {
      const { oauth } = input;
      const pem = key.export({ type: 'pkcs8', format: 'pem' }) as string;
      const filled =
        oauth?.['privateKey'] === undefined ? input : { ...input, oauth: { ...oauth, privateKey: pem } };
      const made = await app.ask(operation(page, 'AddProvider'), { token, variables: { input: filled } });
      expect(made.errors).toEqual([]);
      const { connection } = made.data?.['createConnection'] as { connection: { name: string } };
      expect(connection).toMatchObject({ name: input.name, strategy });
      if (oauth === undefined) return;
      const callback = `${issuer}/login/callback/${input.name}`;
      expect(page.text).toContain(`\`${callback}\``);
    },
  );

  test.each(['github', 'facebook'])('%s: the browser is sent there with that callback', async (name) => {
    const browser = new TestBrowser({ [issuer]: app.url });
    const sent = await browser.request(`${issuer}/login/${name}?client_id=${clientId}`);
    const there = new URL(sent.headers.get('location') ?? '');
    expect(there.host).toMatch(new RegExp(`^(www\\.)?${name}\\.com$`));
    expect(there.searchParams.get('redirect_uri')).toBe(`${issuer}/login/callback/${name}`);
  });

  test('samlp: the addresses are those of its metadata', async () => {
    const { body } = await new TestBrowser({ [issuer]: app.url }).request(`${issuer}/saml/corp-sso/metadata`);
    for (const address of [`${issuer}/saml/corp-sso/acs`, `${issuer}/saml/corp-sso/metadata`]) {
      expect(page.text).toContain(`\`${address}\``);
      expect(body).toContain(`"${address}"`);
    }
  });

  test('the other examples that need nothing from elsewhere are taken too', async () => {
    for (const name of ['AddCompanyDirectory', 'AddSamlProvider', 'AddActiveDirectory'])
      expect([name, (await app.ask(operation(page, name), { token })).errors]).toEqual([name, []]);
  });
});
