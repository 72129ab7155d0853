import { eachDatabase } from '#test/support/databases';
import { startCore, type Core } from '#test/features/users/core-services';

eachDatabase('connections', (database) => {
  let core: Core;

  beforeAll(async () => {
    core = await startCore(await database.open());
  });

  it('makes the default connection once, a database', async () => {
    const { store } = core.callAs();
    const first = await core.connections.ensureDefault(store);
    expect(first).toMatchObject({ name: 'main', strategy: 'auth0', isEnabled: true });
    expect(first.id).toMatch(/^con_/);
    const again = await Promise.all([1, 2, 3].map(() => core.connections.ensureDefault(core.callAs().store)));
    expect(again.map((connection) => connection.id)).toEqual([first.id, first.id, first.id]);
    expect(await core.connections.count(core.callAs())).toBe(1);
  });

  it('keeps an existing connection as it is', async () => {
    const { store } = core.callAs();
    const options = { requires_username: true, set_user_root_attributes: 'on_first_login' };
    const made = await core.connections.ensure(store, { name: 'corp', strategy: 'samlp', options });
    expect(made.options).toMatchObject({ requiresUsername: true, attributeSync: 'on_first_login' });
    expect(await core.connections.ensure(store, { name: 'corp', strategy: 'ad' })).toEqual(made);
  });

  it('names the connection that is unknown', async () => {
    await expect(core.connections.require(core.callAs().store, 'nowhere')).rejects.toMatchObject({
      code: 'CONNECTION_NOT_FOUND',
      message: 'There is no connection named "nowhere".',
    });
    expect(await core.connections.byName(core.callAs().store, 'nowhere')).toBeNull();
  });

  it('lists all by name, page by page', async () => {
    const { store } = core.callAs();
    for (const name of ['b', 'a', 'c']) await core.connections.ensure(store, { name, strategy: 'auth0' });
    const names: string[] = [];
    let after: string | null = null;
    do {
      const page = await core.connections.list(core.callAs(), { first: 2, after });
      names.push(...page.rows.map((row) => row.name));
      const last = page.rows.at(-1);
      after = page.hasNextPage && last ? store.cursors.encode(page.order, page.keyOf(last)) : null;
    } while (after !== null);
    expect(names).toEqual(['a', 'b', 'c', 'corp', 'main']);
  });
});
