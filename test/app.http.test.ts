import { eachDatabase } from '#test/support/databases';
import { startTestApp, type TestApp } from '#test/support/app';

const point = `query ($id: ID!) { user(id: $id) {
  id email emailVerified name identities { provider connection } roles { name permissions { name } } } }`;
const list = `query ($n: Int!) { users(first: $n) { nodes {
  id email emailVerified name identities { provider connection } roles { name permissions { name } } } } }`;

eachDatabase('the product over HTTP', (database) => {
  let product: TestApp;
  beforeAll(async () => {
    product = await startTestApp(database);
    const roleId = await product.givenRole('Reader', ['read:users', 'read:roles']);
    for (let index = 0; index < 20; index += 1) {
      await product.givenUser({ email: `user${index}@example.com`, roleIds: [roleId] });
    }
  });
  afterAll(() => product.close());

  test('an administrator reads a page of users with identities, roles and permissions', async () => {
    const answer = await product.ask(list, { token: await product.administrator(), variables: { n: 3 } });
    expect(answer.errors).toEqual([]);
    expect((answer.data as { users: { nodes: unknown[] } }).users.nodes[0]).toEqual({
      id: expect.stringMatching(/^auth0\|/) as string,
      email: expect.stringMatching(/^user\d+@example.com$/) as string,
      emailVerified: false,
      name: expect.any(String) as string,
      identities: [{ provider: 'auth0', connection: 'main' }],
      roles: [{ name: 'Reader', permissions: [{ name: 'read:roles' }, { name: 'read:users' }] }],
    });
  });

  test('operators see the load of the database connections', async () => {
    const metrics = await (await fetch(`${product.url}/metrics`)).text();
    expect(metrics).toMatch(/^gatehouse_database_connections\{state="idle"\} [1-9]/m);
    expect(metrics).toMatch(/^gatehouse_database_connections\{state="waiting"\} 0$/m);
    expect(metrics).toMatch(
      /^gatehouse_password_checks\{state="running"\} 0\ngatehouse_password_checks\{state="waiting"\} 0$/m,
    );
  });

  test('one user', async () => {
    const token = await product.administrator();
    const id = await product.givenUser({ email: 'one@example.com', name: 'One' });
    const answer = await product.ask(point, { token, variables: { id } });
    expect(answer).toMatchObject({
      errors: [],
      data: { user: { id, email: 'one@example.com', name: 'One', roles: [] } },
    });
  });
});
