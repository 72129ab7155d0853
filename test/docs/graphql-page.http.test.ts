import { docPage, operation } from '#test/docs/pages';
import { startTestApp, type TestApp } from '#test/support/app';
import { sqliteDatabase } from '#test/support/databases';

const page = docPage('docs/graphql.md');
const ada = 'auth0|ada';

sqliteDatabase('the operations of docs/graphql.md', (database) => {
  let product: TestApp;
  let token: string;
  beforeAll(async () => {
    product = await startTestApp(database);
    await product.app.loadDemoData();
    token = await product.administrator();
  });
  afterAll(() => product.close());

  test('a user signs in and is recognised by the cookie, from the issuer’s own origin', async () => {
    const signedIn = await product.ask(operation(page, 'SignIn'), {
      variables: { identifier: 'ada@example.com', password: 'open-the-gatehouse' },
    });
    expect(signedIn).toMatchObject({ errors: [], data: { signIn: { user: { id: ada } } } });
    const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';');
    const { origin } = new URL(product.app.platform.config.http.issuer);
    const me = await product.ask(operation(page, 'Me'), { headers: { cookie, origin } });
    expect(me).toMatchObject({ errors: [], data: { me: { id: ada }, currentSession: { status: 'ACTIVE' } } });
    const elsewhere = await product.ask(operation(page, 'Me'), { headers: { cookie } });
    expect(elsewhere).toMatchObject({ status: 403, errors: [{ extensions: { code: 'CSRF_REJECTED' } }] });
  });

  test('objects are reached by their ids, those that are not there are null', async () => {
    const ids = [ada, 'rol_0000000000000000'];
    const nodes = await product.ask(operation(page, 'AnyObjects'), { token, variables: { ids } });
    expect(nodes).toMatchObject({
      errors: [],
      data: { nodes: [{ id: ada, email: 'ada@example.com' }, null] },
    });
    const representations = [{ __typename: 'User', id: ada }];
    const entities = await product.ask(operation(page, 'Entities'), {
      token,
      variables: { representations },
    });
    expect(entities).toMatchObject({ errors: [], data: { _entities: [{ id: ada, name: 'Ada Novák' }] } });
  });

  test('a change names the version that was read', async () => {
    const { data } = await product.ask('query Version { user(id: "auth0|ada") { version } }', { token });
    const { version } = (data as { user: { version: number } }).user;
    const renamed = await product.ask(operation(page, 'Rename'), { token, variables: { id: ada, version } });
    expect(renamed).toMatchObject({
      errors: [],
      data: { updateUser: { user: { givenName: 'Ada', version: version + 1 } } },
    });
    const again = await product.ask(operation(page, 'Rename'), { token, variables: { id: ada, version } });
    expect(again.errors).toMatchObject([{ extensions: { code: 'VERSION_CONFLICT' } }]);
  });

  test('a page says whether there is another', async () => {
    const answer = await product.ask(operation(page, 'UsersPage'), { token });
    expect(answer).toMatchObject({
      errors: [],
      data: { users: { pageInfo: { hasNextPage: false }, totalCount: 12 } },
    });
  });

  test('anybody may ask who is calling', async () => {
    const answer = await product.ask(operation(page, 'WhoAmI'));
    expect(answer).toMatchObject({ errors: [], data: { viewer: { kind: 'ANONYMOUS', permissions: [] } } });
  });
});

sqliteDatabase('the number of objects in docs/graphql.md', (database) => {
  test('is counted as the page says', async () => {
    const product = await startTestApp(database, {
      environment: { GATEHOUSE_GRAPHQL_MAX_COST: '599', GATEHOUSE_GRAPHQL_MAX_COST_ANONYMOUS: '10' },
    });
    const token = await product.administrator();
    const query = '{ users(first: 50) { nodes { identities { provider } roles { name } } } }';
    const answer = await product.ask(query, { token });
    await product.close();
    expect(answer.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_EXPENSIVE', current: 600 } }]);
    expect(page.text).toContain('= 600');
  });
});
