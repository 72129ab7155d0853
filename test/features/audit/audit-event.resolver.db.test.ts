import { eachDatabase } from '#test/support/databases';
import { startCoreGraphql, type CoreGraphql } from '#test/features/users/core-graphql';
import { asPrincipal } from '#test/features/users/core-services';

eachDatabase('audit events and connections over GraphQL', (database) => {
  let core: CoreGraphql;
  let jane: string;

  beforeAll(async () => {
    core = await startCoreGraphql(await database.open());
    jane = (await core.users.create(core.callAs(), { email: 'Jane@X.io' })).id;
  });

  it('lists audit events and connections to callers with their permissions', async () => {
    const { data, errors } = await core.run(
      `{ auditEvents(targetId: "${jane}", action: "user.create", first: 1) { totalCount nodes { action actorId targetType changedPaths } pageInfo { hasNextPage } }
         connections(first: 100) { nodes { id name strategy isEnabled } } }`,
    );
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      auditEvents: {
        totalCount: 1,
        nodes: [{ action: 'user.create', actorId: 'tester', targetType: 'User', changedPaths: ['email'] }],
      },
    });
    expect(JSON.stringify(data)).toContain('"name":"main","strategy":"auth0","isEnabled":true');
    const as = asPrincipal({ permissions: ['read:users'] });
    const refused = await core.run('{ auditEvents { nodes { id } } connections { nodes { id } } }', { as });
    expect(refused.errors).toEqual(['FORBIDDEN_FIELD auditEvents', 'FORBIDDEN_FIELD connections']);
  });
});
