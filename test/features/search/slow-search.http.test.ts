import { UserEntity } from '#src/features/users/user.entity';
import { userRow } from '#test/features/search/support/insert-users';
import { fixture, type PlainUser } from '#test/features/search/support/population';
import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

const list = 'query ($q: String) { users(q: $q) { nodes { name } } }';

eachDatabase('searches that take too long', (database) => {
  let product: TestApp;
  beforeAll(async () => {
    product = await startTestApp(database, {
      environment: { GATEHOUSE_SEARCH_TIMEOUT_MS: '700', GATEHOUSE_SEARCH_PER_MINUTE: '20' },
    });
    const many = Array.from({ length: 3000 }, (_, index): PlainUser => {
      const user_id = `many|${index}`;
      return { ...fixture.F, identities: [], user_id, name: `many ${index}` };
    });
    await product.app.storage.open().transaction((store) => store.insert(UserEntity, many.map(userRow)));
  });
  afterAll(() => product.close());

  test('are cancelled with SEARCH_TIMEOUT and keep nobody else waiting', async () => {
    const token = await product.administrator();
    // No index leads anywhere: each user is asked a hundred times about permissions.
    const q = Array.from({ length: 100 }, (_, index) => `permission:*abc${index}*`).join(' OR ');
    const ended: string[] = [];
    const slow = Array.from({ length: 12 }, async () => {
      const { data, errors } = await product.ask(list, { variables: { q }, token });
      ended.push('search');
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['SEARCH_TIMEOUT']);
      expect(data).toEqual({ users: null });
    });
    const { errors } = await product.ask('{ roles(first: 1) { nodes { name } } }', { token });
    ended.push('others');
    expect(errors).toEqual([]);
    await Promise.all(slow);
    expect(ended[0]).toBe('others');
    // Nothing of them is left running: the next search is as quick as ever.
    expect((await product.ask(list, { variables: { q: 'name:"many 7"' }, token })).errors).toEqual([]);
  });

  test('are refused with RATE_LIMITED to who sends too many, by any list that takes a query, and to nobody else', async () => {
    const permissions = ['read:users', 'read:organization_members', 'read:organizations'];
    const roleIds = [await product.givenRole('Searcher', permissions)];
    const token = await product.user(await product.givenUser({ email: 'searcher@example.com', roleIds }));
    const other = await product.administrator();
    const { data } = await product.ask(
      'mutation { createOrganization(input: { name: "searched" }) { organization { id } } }',
      { token: other },
    );
    const { id } = (data as { createOrganization: { organization: { id: string } } }).createOrganization
      .organization;
    const members = `{ organization(id: "${id}") { members(q: "name:x") { nodes { user { id } } } } }`;
    const searches = [
      '{ users(q: "name:x") { nodes { id } } }',
      '{ users(filter: { name: { eq: "x" } }) { nodes { id } } }',
      '{ usersPage(q: "name:x", page: 0, perPage: 1) { length } }',
      members,
    ];
    let passed = 0;
    for (const query of searches) {
      let { errors } = await product.ask(query, { token });
      // A slow machine gets new ones while it asks.
      for (; errors.length === 0 && passed < 200; passed += 1)
        ({ errors } = await product.ask(query, { token }));
      expect(errors.map(({ extensions }) => extensions)).toEqual([
        { code: 'RATE_LIMITED', limit: 20, retryAfterSeconds: expect.any(Number) as number },
      ]);
    }
    expect(passed).toBeGreaterThanOrEqual(20);
    expect((await product.ask('{ users(first: 1) { nodes { id } } }', { token })).errors).toEqual([]);
  });
});
