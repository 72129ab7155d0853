import { sql } from '#src/storage/sql';
import type { GroupStage, Json } from '#test/features/groups/support';

/** What tokens and sign-ins say of groups, with the application and the groups of an imported document. */
export function tokenCases(scene: () => { readonly stage: GroupStage; readonly shop: string }): void {
  test('3.3-6 3.3-8 a sign-in by password tells and writes our own values, and is refused where they cannot be found', async () => {
    const { stage, shop } = scene();
    await stage.change(
      'updateAuthorizationConfig',
      { permissionsInToken: true, rolesPassthrough: true },
      'config { version }',
    );
    const id = await stage.product.givenUser({
      email: 'pw@groups.example',
      password: 'a long enough password',
    });
    const { groups } = await stage.ok('{ groups(name: "Root") { nodes { id } } }');
    await stage.putInto(groups.nodes[0].id, id);
    const enter = (): ReturnType<typeof stage.product.ask> =>
      stage.product.ask(
        `mutation ($i: SignInInput!) { signIn(input: $i) { result { ... on LoggedIn { tokens { accessToken } } } } }`,
        {
          variables: {
            i: {
              ...{ identifier: 'pw@groups.example', password: 'a long enough password' },
              clientId: shop,
              tokens: 'ACCESS',
            },
          },
        },
      );
    const { data, errors } = await enter();
    expect(errors).toEqual([]);
    const token = (data as Json).signIn.result.tokens.accessToken as string;
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims['urn:gatehouse:roles']).toEqual(['Reader']);
    expect(claims['urn:gatehouse:permissions']).toEqual(['read:shop']);
    expect(claims).not.toHaveProperty('urn:gatehouse:groups');
    expect((await stage.ok(`{ user(id: "${id}") { metadata { app } } }`)).user.metadata.app).toEqual({
      authorization: { groups: ['Root'], roles: ['Reader'], permissions: ['read:shop'] },
    });
    // With another version of the settings, or they would be answered from memory.
    const rename = (from: string, to: string): Promise<unknown> =>
      stage.product.app.storage.open().transaction(async (store) => {
        await store.execute(sql.raw(`ALTER TABLE ${from} RENAME TO ${to}`));
        await store.execute(sql`UPDATE settings_state SET version = ${to}`);
      });
    await rename('authorization_settings', 'gone_settings');
    const refused = await enter();
    await rename('gone_settings', 'authorization_settings');
    expect([refused.data, refused.errors[0]?.extensions.code]).toEqual([null, 'POLICY_UNAVAILABLE']);
    await stage.change('deleteUser', { id }, 'deletedId');
    await stage.change(
      'updateAuthorizationConfig',
      { permissionsInToken: false, rolesPassthrough: false },
      'config { version }',
    );
  });
}
