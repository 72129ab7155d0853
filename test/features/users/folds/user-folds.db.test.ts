import { eachDatabase } from '#test/support/databases';
import { startCoreGraphql, type CoreGraphql } from '#test/features/users/core-graphql';

eachDatabase('reading a user with its edges', (database) => {
  let core: CoreGraphql;
  let jane: string;

  beforeAll(async () => {
    core = await startCoreGraphql(await database.open());
    jane = (await core.users.create(core.callAs(), { email: 'Jane@X.io' })).id;
  });

  it('reads a user with identities and metadata in one statement', async () => {
    const query = `query($id: ID!) { user(id: $id) { email identities { provider connection isPrimary userId } metadata { user app version } } }`;
    const { data, errors, statements } = await core.run(query, { variables: { id: jane } });
    expect(errors).toEqual([]);
    expect(statements).toBe(1);
    expect(data).toEqual({
      user: {
        email: 'jane@x.io',
        identities: [{ provider: 'auth0', connection: 'main', isPrimary: true, userId: jane.slice(6) }],
        metadata: { user: {}, app: {}, version: 1 },
      },
    });
    expect(await core.run(query, { variables: { id: 'auth0|none' } })).toMatchObject({
      data: { user: null },
      statements: 1,
    });
  });

  it('answers folded and separate statements alike', async () => {
    await core.connections.ensure(core.callAs().store, { name: 'corp', strategy: 'samlp' });
    const other = await core.users.create(core.callAs(), {
      connection: 'corp',
      providerUserId: 'corp|1',
      givenName: 'É"\\',
      userMetadata: { x: [1, { y: null }] },
    });
    await core.identities.link(core.callAs(), {
      userId: jane,
      secondaryUserId: other.id,
      mergePolicy: 'KEEP_PRIMARY_FILL_GAPS',
    });
    const selection =
      '{ identities { provider connection isSocial isPrimary userId profileData } metadata { user app bytes version updatedAt } }';
    const folded = await core.run(`{ user(id: "${jane}") ${selection} }`);
    const separate = await core.run(`{ user(id: "${jane}") ${selection} me { id } }`);
    expect(folded.data).toMatchObject({ user: separate.data?.['user'] });
    expect(folded.statements).toBe(1);
    expect(separate.statements).toBeGreaterThan(1);
    await core.identities.unlink(core.callAs(), {
      userId: jane,
      provider: 'samlp',
      providerUserId: 'corp|1',
    });
    await core.metadata.clear(core.callAs(), { userId: jane, store: 'user' });
  });

  it('reads a page of users with their edges in one statement for each edge', async () => {
    const { statements, errors } = await core.run(
      '{ usersByEmail(email: "jane@x.io") { id identities { provider } metadata { user } } }',
    );
    expect(errors).toEqual([]);
    expect(statements).toBe(3);
  });
});
