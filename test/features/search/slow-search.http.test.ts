import { UserEntity } from '#src/features/users/user.entity';
import { userRow } from '#test/features/search/support/insert-users';
import { fixture, type PlainUser } from '#test/features/search/support/population';
import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

const list = 'query ($q: String) { users(q: $q) { nodes { name } } }';

eachDatabase('searches that take too long', (database) => {
  let product: TestApp;
  beforeAll(async () => {
    product = await startTestApp(database, { environment: { GATEHOUSE_SEARCH_TIMEOUT_MS: '700' } });
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
});
