import { acme, globex, other, target } from '#test/attacks/support/cast';
import { Stage } from '#test/attacks/support/stage';
import { eachDatabase } from '#test/support/databases';

const third = 'samlp|corp|c3';
const unknown = 'auth0|nobody';

eachDatabase('explaining access to a caller bound to an organization', (database) => {
  let stage: Stage;
  let bound: string;

  beforeAll(async () => {
    stage = await Stage.open(database);
    const grant = { subject: 'clerk', clientId: 'clerk', roles: [], lifetimeSeconds: 3600 };
    const permissions = ['read:attribute_rules', 'read:users'];
    bound = (await stage.product.app.product.issueToken({ ...grant, permissions, organizationId: acme }))
      .token;
    const readers = await stage.product.givenRole('Readers', ['read:users']);
    const add =
      'mutation ($id: ID!, $r: ID!) { addUserRoles(input: { id: $id, roleIds: [$r] }) { user { id } } }';
    for (const id of [target, third]) {
      const given = await stage.ask(add, { as: stage.administrator, variables: { id, r: readers } });
      expect(given.errors ?? []).toEqual([]);
    }
    await stage.rule({ paths: ['nickname'], subject: { rolesAny: ['Readers'] } });
    await stage.rule({ paths: ['given_name'], subject: {}, object: { connections: ['corp'] } });
  });
  afterAll(async () => {
    await stage.reset();
    await stage.close();
  });

  const explain = async (as: string, userId: string, more: string): Promise<unknown> => {
    const { data, errors } = await stage.ask(
      `{ explainAccess(input: { userId: "${userId}", action: READ, ${more} }) { decision reason ruleName } }`,
      { as },
    );
    expect(errors ?? []).toEqual([]);
    return data?.['explainAccess'];
  };

  test('of users outside the organization the answer is that of an unknown id', async () => {
    for (const more of ['coordinate: "User.email"', 'coordinate: "User.nickname"']) {
      const asked = `${more}, objectId: "${other}"`;
      expect(await explain(stage.administrator, third, asked)).not.toEqual(
        await explain(stage.administrator, unknown, asked),
      );
      expect(await explain(bound, third, asked)).toEqual(await explain(bound, unknown, asked));
    }
  });

  test('of the data of users outside the organization it is that of an unknown id, of members it is right', async () => {
    const about = (id: string): string => `coordinate: "User.givenName", objectId: "${id}"`;
    expect(await explain(stage.administrator, target, about(third))).toMatchObject({ decision: 'DENY' });
    const denied = await explain(bound, target, about(third));
    expect(denied).toEqual(await explain(bound, target, about(unknown)));
    expect(denied).toMatchObject({ ruleName: null });
    expect(await explain(bound, target, about(target))).toMatchObject({
      ruleName: expect.any(String) as string,
    });
  });

  test('rights that a member has elsewhere are not told', async () => {
    const ask = `coordinate: "User.nickname", objectId: "${other}"`;
    const none = await explain(bound, unknown, ask);
    expect(await explain(bound, target, ask)).toEqual(none);
    expect(await explain(bound, target, `organizationId: "${globex}", ${ask}`)).toEqual(
      await explain(bound, unknown, `organizationId: "${globex}", ${ask}`),
    );
    expect(await explain(stage.administrator, target, ask)).not.toEqual(none);
  });
});
