import { eachDatabase } from '#test/support/databases';
import { startCoreGraphql, type CoreGraphql } from '#test/features/users/core-graphql';
import { hiding } from '#test/features/users/core-policies';
import { asPrincipal } from '#test/features/users/core-services';

eachDatabase('users over GraphQL', (database) => {
  let core: CoreGraphql;
  let jane: string;
  const profile =
    '{ email name nickname picture effectivePicture givenName blocked loginsCount lastLogin createdAt }';

  beforeAll(async () => {
    core = await startCoreGraphql(await database.open());
    jane = (await core.users.create(core.callAs(), { email: 'Jane@X.io' })).id;
  });

  it('P1: generates name, nickname and picture from the address', async () => {
    const { data, errors } = await core.run(
      `mutation { createUser(input: {email: "P1@X.io"}) { user ${profile} } }`,
    );
    expect(errors).toEqual([]);
    const user = (data as never as { createUser: { user: Record<string, string> } }).createUser.user;
    expect(user).toMatchObject({
      email: 'p1@x.io',
      name: 'p1@x.io',
      nickname: 'p1',
      blocked: false,
      loginsCount: null,
      lastLogin: null,
      createdAt: '2026-01-31T09:30:00.000Z',
    });
    expect(user['picture']).toMatch(
      /^https:\/\/www\.gravatar\.com\/avatar\/[0-9a-f]{32}\?s=480&r=pg&d=https%3A%2F%2F.*P1\.svg$/,
    );
    expect(user['effectivePicture']).toBe(user['picture']);
  });

  it('answers the same user by id, by each unique key, by node and by _entities, and null for an unknown one', async () => {
    await core.users.update(core.callAs(), { id: jane, username: 'janey', phoneNumber: '+15550123' });
    const { data, errors } = await core.run(
      `query($id: ID!, $rep: [_Any!]!) {
        user(id: $id) { id }
        byId: userBy(where: {id: $id}) { id }
        byEmail: userBy(where: {email: "JANE@x.io"}) { id }
        byName: userBy(where: {username: "Janey"}) { id }
        byPhone: userBy(where: {phoneNumber: "+15550123"}) { id }
        byIdentity: userBy(where: {identity: {connection: "main", userId: "${jane.slice(6)}"}}) { id }
        usersByEmail(email: "jane@x.io") { id }
        node(id: $id) { id }
        _entities(representations: $rep) { ... on User { id } }
        none: user(id: "auth0|none") { id }
      }`,
      { variables: { id: jane, rep: [{ __typename: 'User', id: jane }] } },
    );
    expect(errors).toEqual([]);
    const user = { id: jane };
    expect(data).toEqual({
      user,
      byId: user,
      byEmail: user,
      byName: user,
      byPhone: user,
      byIdentity: user,
      usersByEmail: [user],
      node: user,
      _entities: [user],
      none: null,
    });
  });

  it('a user reads the own profile and nobody else', async () => {
    const as = asPrincipal({ userId: jane });
    const own = await core.run(`{ me { email name metadata { user } identities { provider } } }`, { as });
    expect(own).toMatchObject({ errors: [], data: { me: { email: 'jane@x.io', name: 'jane@x.io' } } });
    const app = await core.run('{ me { id metadata { user app } } }', { as });
    expect(app.data).toMatchObject({ me: { id: jane, metadata: { user: {}, app: null } } });
    expect(app.errors).toEqual(['FORBIDDEN_FIELD me metadata app']);
    const other = await core.users.create(core.callAs(), { email: 'other@x.io' });
    const refused = await core.run(`{ user(id: "${other.id}") { email } }`, { as });
    expect(refused).toMatchObject({ data: { user: null }, errors: ['FORBIDDEN_FIELD user'], statements: 0 });
  });

  it('a caller with read:users_app_metadata reads nothing but app_metadata', async () => {
    const as = asPrincipal({ permissions: ['read:users_app_metadata'] });
    const { data, errors } = await core.run(
      `{ user(id: "${jane}") { id email picture metadata { user app } } }`,
      { as },
    );
    expect(data).toEqual({
      user: { id: jane, email: null, picture: null, metadata: { user: null, app: {} } },
    });
    expect([...errors].sort()).toEqual([
      'FORBIDDEN_FIELD user email',
      'FORBIDDEN_FIELD user metadata user',
      'FORBIDDEN_FIELD user picture',
    ]);
  });

  it('B13: names the taken field to a caller who may read it, and to nobody else', async () => {
    const create = 'mutation { createUser(input: {email: "JANE@X.io"}) { user { id } } }';
    const open = await core.run(create);
    expect(open.extensions[0]).toMatchObject({ code: 'CONFLICT', field: 'email' });
    const as = asPrincipal({ permissions: ['create:users', 'update:users'] });
    const blind = await core.run(create, { as });
    expect(blind.extensions[0]).toEqual({ code: 'CONFLICT' });
    const denied = await core.run(create, { policy: hiding('email') });
    expect(denied.extensions[0]).toEqual({ code: 'CONFLICT' });
  });

  it('refuses a social attribute without confirming a guess of a value that the caller cannot read', async () => {
    await core.connections.ensure(core.callAs().store, { name: 'google-oauth2', strategy: 'google-oauth2' });
    const { id } = await core.users.create(core.callAs(), {
      connection: 'google-oauth2',
      providerUserId: 'g9',
      email: 'guess@me.io',
    });
    const guess = (email: string) =>
      `mutation { updateUser(input: {id: "${id}", email: "${email}"}) { user { id } } }`;
    expect((await core.run(guess('guess@me.io'))).errors).toEqual([]);
    const policy = hiding('email');
    const right = await core.run(guess('guess@me.io'), { policy });
    const wrong = await core.run(guess('wrong@me.io'), { policy });
    expect(right.errors).toEqual(['OPERATION_NOT_SUPPORTED updateUser']);
    expect(right.result.errors?.[0]?.message).toBe(wrong.result.errors?.[0]?.message);
  });

  it('changes, blocks, unblocks and deletes', async () => {
    const { id } = await core.users.create(core.callAs(), { email: 'life@x.io' });
    const changed = await core.run(
      `mutation { updateUser(input: {id: "${id}", givenName: "Ada", familyName: "L", blocked: true, ifVersion: 1}) { user { name blocked version } } }`,
    );
    expect(changed).toMatchObject({
      errors: [],
      data: { updateUser: { user: { name: 'Ada L', blocked: true, version: 3 } } },
    });
    const unblocked = await core.run(`mutation { unblockUser(input: {id: "${id}"}) { user { blocked } } }`);
    expect(unblocked.data).toEqual({ unblockUser: { user: { blocked: false } } });
    const gone = await core.run(`mutation { deleteUser(input: {id: "${id}"}) { deletedId } }`);
    expect(gone.data).toEqual({ deleteUser: { deletedId: id } });
    const again = await core.run(`mutation { deleteUser(input: {id: "${id}"}) { deletedId } }`);
    expect(again.errors).toEqual(['NOT_FOUND deleteUser']);
  });
});
