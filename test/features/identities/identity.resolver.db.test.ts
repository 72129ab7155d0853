import { eachDatabase } from '#test/support/databases';
import { startCoreGraphql, type CoreGraphql } from '#test/features/users/core-graphql';
import { hiding } from '#test/features/users/core-policies';

eachDatabase('identities over GraphQL', (database) => {
  let core: CoreGraphql;

  beforeAll(async () => {
    core = await startCoreGraphql(await database.open());
  });

  it('B28: hides a denied root attribute in the profileData of a linked identity and in attributes too', async () => {
    await core.connections.ensure(core.callAs().store, { name: 'corp', strategy: 'samlp' });
    const main = await core.users.create(core.callAs(), { email: 'b28@x.io' });
    const corp = await core.users.create(core.callAs(), {
      connection: 'corp',
      providerUserId: 'b28',
      familyName: 'secret-name',
      attributes: { gender: 'secret-gender', locale: 'fr' },
    });
    const own = await core.run(`{ user(id: "${corp.id}") { attributes } }`, { policy: hiding('gender') });
    expect(own.data).toEqual({ user: { attributes: { locale: 'fr' } } });
    await core.run(
      `mutation { linkIdentity(input: {userId: "${main.id}", secondaryUserId: "${corp.id}"}) { linkedUserId } }`,
    );
    const ask = `{ user(id: "${main.id}") { identities { profileData } } }`;
    expect((await core.run(ask)).data).toEqual({
      user: {
        identities: [
          { profileData: null },
          { profileData: { family_name: 'secret-name', gender: 'secret-gender', locale: 'fr' } },
        ],
      },
    });
    for (const policy of [
      hiding('family_name', 'gender'),
      hiding('identities.profileData.family_name', 'identities.profileData.gender'),
    ]) {
      const { result } = await core.run(ask, { policy });
      expect(JSON.stringify(result)).not.toContain('secret');
      expect(JSON.stringify(result)).toContain('fr');
    }
  });
});
