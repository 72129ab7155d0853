import type { Policy } from '#src/access/policy';
import { eachDatabase } from '#test/support/databases';
import { startCoreGraphql, type CoreGraphql } from '#test/features/users/core-graphql';
import { hiding } from '#test/features/users/core-policies';
import { administrator, asPrincipal, emptyPolicy } from '#test/features/users/core-services';

eachDatabase('linking over GraphQL', (database) => {
  let core: CoreGraphql;

  beforeAll(async () => {
    core = await startCoreGraphql(await database.open());
    await core.connections.ensure(core.callAs().store, { name: 'corp', strategy: 'samlp' });
  });

  const userOf = async (id: string, fields: string, options: Parameters<CoreGraphql['run']>[1] = {}) => {
    const answer = await core.run(`query($id: ID!) { user(id: $id) { ${fields} } }`, {
      variables: { id },
      ...options,
    });
    return { user: (answer.data as { user: Record<string, never> } | null)?.user, errors: answer.errors };
  };

  const link = `mutation($i: LinkIdentityInput!) { linkIdentity(input: $i) { user { identities {
      provider discardedUserMetadata discardedAppMetadata } } } }`;

  const pair = async (appMetadata: object, userMetadata: object) => {
    const primary = await core.users.create(core.callAs(), {
      email: `link${Math.trunc((core.time.now += 1))}@x.io`,
    });
    const secondary = await core.users.create(core.callAs(), {
      connection: 'corp',
      providerUserId: `corp|l${core.time.now}`,
      userMetadata,
      appMetadata,
    });
    return { userId: primary.id, secondaryUserId: secondary.id };
  };

  it('keeps discarded metadata beside the identity, for administrators, and unlinking can give it back', async () => {
    const ids = await pair({ plan: 'gold' }, { color: 'blue' });
    const { data } = await core.run(link, { variables: { i: ids } });
    expect(data).toMatchObject({
      linkIdentity: {
        user: {
          identities: [
            { discardedUserMetadata: null },
            { discardedUserMetadata: { color: 'blue' }, discardedAppMetadata: { plan: 'gold' } },
          ],
        },
      },
    });
    const own = await core.run('{ me { identities { discardedUserMetadata } } }', {
      as: asPrincipal({ userId: ids.userId }),
    });
    expect(own.errors).toEqual(['FORBIDDEN_FIELD me identities 0 discardedUserMetadata']);
    const hidden = await userOf(ids.userId, 'identities { discardedUserMetadata discardedAppMetadata }', {
      policy: hiding('user_metadata.color', 'app_metadata'),
    });
    expect(JSON.stringify(hidden.user)).not.toMatch(/blue|gold/);
    const providerUserId = ids.secondaryUserId.slice('samlp|'.length);
    const back = await core.run(
      `mutation($i: UnlinkIdentityInput!) { unlinkIdentity(input: $i) { separatedUser { metadata { user app }
          identities { discardedUserMetadata } } } }`,
      {
        variables: { i: { userId: ids.userId, provider: 'samlp', providerUserId, restoreMetadata: true } },
      },
    );
    expect(back.data).toEqual({
      unlinkIdentity: {
        separatedUser: {
          metadata: { user: { color: 'blue' }, app: { plan: 'gold' } },
          identities: [{ discardedUserMetadata: null }],
        },
      },
    });
  });

  it('B28 what a list of the secondary connection keeps back does not reach the primary by filling gaps', async () => {
    const ids = await pair({ ssn: 'CNRY-1', plan: 'gold' }, {});
    const policy: Policy = {
      ...emptyPolicy,
      blacklist: [{ scope: 'CONNECTION', scopeId: 'corp', name: 'app_metadata.ssn' }],
    };
    await core.identities.link(core.callAs(administrator, policy), {
      ...ids,
      mergePolicy: 'KEEP_PRIMARY_FILL_GAPS',
    });
    const stored = await core.metadata.read(core.callAs().store, ids.userId);
    expect(stored.appJson).toEqual({ plan: 'gold' });
    const { user } = await userOf(ids.userId, 'metadata { app } identities { discardedAppMetadata }');
    expect(JSON.stringify(user)).not.toContain('CNRY');
  });

  it('refuses a blocked user, whichever of the two it is', async () => {
    const ids = await pair({}, {});
    await core.users.block(core.callAs(), ids.secondaryUserId);
    await expect(core.identities.link(core.callAs(), ids)).rejects.toMatchObject({
      code: 'CONFLICT',
      extensions: { field: 'secondaryUserId' },
    });
    const turned = { userId: ids.secondaryUserId, secondaryUserId: ids.userId };
    await expect(core.identities.link(core.callAs(), turned)).rejects.toMatchObject({
      extensions: { field: 'userId' },
    });
  });
});
