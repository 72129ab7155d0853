import { eachDatabase } from '#test/support/databases';
import { startCoreGraphql, type CoreGraphql } from '#test/features/users/core-graphql';
import { hiding } from '#test/features/users/core-policies';
import { asPrincipal } from '#test/features/users/core-services';

eachDatabase('metadata over GraphQL', (database) => {
  let core: CoreGraphql;
  let jane: string;

  beforeAll(async () => {
    core = await startCoreGraphql(await database.open());
    jane = (await core.users.create(core.callAs(), { email: 'Jane@X.io' })).id;
  });

  it('M8, M9: refuses metadata writes of callers who may not, over GraphQL too', async () => {
    const write = (name: string) =>
      `mutation { ${name}(input: {userId: "${jane}", patch: {a: 1}}) { user { id } } }`;
    const own = asPrincipal({ userId: jane });
    const other = asPrincipal({ userId: 'auth0|other' });
    const appOnly = asPrincipal({ permissions: ['update:users_app_metadata'] });
    expect((await core.run(write('updateAppMetadata'), { as: own })).errors[0]).toMatch(/^FORBIDDEN/);
    expect((await core.run(write('updateUserMetadata'), { as: other })).errors[0]).toMatch(/^FORBIDDEN/);
    const both = `mutation { a: updateAppMetadata(input: {userId: "${jane}", patch: {a: 1}}) { user { id } } b: updateUserMetadata(input: {userId: "${jane}", patch: {a: 1}}) { user { id } } }`;
    expect((await core.run(both, { as: appOnly })).errors[0]).toMatch(/^FORBIDDEN/);
    expect((await core.metadata.read(core.callAs().store, jane)).appJson).toEqual({});
    const path = `mutation { setMetadataPath(input: {userId: "${jane}", store: APP, path: "a", value: 1}) { warnings } }`;
    expect((await core.run(path, { as: own })).errors[0]).toMatch(/^FORBIDDEN/);
    const fine = `mutation { updateUserMetadata(input: {userId: "${jane}", patch: {a: {b: 1}}}) { user { id } metadata { user(path: "a.b") version } before after changedPaths warnings } }`;
    expect(await core.run(fine, { as: own })).toMatchObject({
      errors: [],
      data: {
        updateUserMetadata: {
          user: { id: jane },
          metadata: { user: 1 },
          before: {},
          after: { a: { b: 1 } },
          changedPaths: ['a'],
          warnings: [],
        },
      },
    });
  });

  it('prunes hidden members from metadata, from paths into it and from the payload of a write', async () => {
    const userMetadata = { open: 1, hidden: { value: 'secret-1' }, list: [{ hidden: 'kept' }] };
    const { id } = await core.users.create(core.callAs(), { email: 'prune@x.io', userMetadata });
    const policy = hiding('user_metadata.hidden');
    const read = await core.run(
      `{ user(id: "${id}") { metadata { user hidden: user(path: "hidden.value") open: user(path: "open") } } }`,
      { policy },
    );
    expect(read.data).toEqual({
      user: { metadata: { user: { open: 1, list: [{ hidden: 'kept' }] }, hidden: null, open: 1 } },
    });
    const patch = `mutation { updateUserMetadata(input: {userId: "${id}", patch: {hidden: {value: "secret-2"}, open: 2}, mode: MERGE_DEEP}) { before after changedPaths } }`;
    const written = await core.run(patch, { policy });
    expect(written.errors).toEqual([]);
    expect(JSON.stringify(written.result)).not.toContain('secret');
    expect(written.data).toMatchObject({ updateUserMetadata: { changedPaths: ['open'] } });
  });
});
