import type { AttributeRule, Policy } from '#src/access/policy';
import { eachDatabase } from '#test/support/databases';
import { startCoreGraphql, type CoreGraphql } from '#test/features/users/core-graphql';
import { asPrincipal, emptyPolicy } from '#test/features/users/core-services';

function rule(fields: Partial<AttributeRule>): AttributeRule {
  return {
    id: 'atr_1',
    name: 'rule',
    effect: 'DENY',
    actions: ['READ'],
    paths: [],
    subject: {},
    object: {},
    mask: null,
    ...fields,
  };
}

const hiding = (...paths: string[]): Policy => ({ ...emptyPolicy, rules: [rule({ paths })] });

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

  describe('B35: generated values', () => {
    const ask = () => `{ user(id: "${jane}") ${profile} }`;

    it.each([
      ['denied', hiding('email')],
      [
        'denied for the connection',
        { ...emptyPolicy, rules: [rule({ paths: ['email'], object: { connections: ['main'] } })] },
      ],
      [
        'masked',
        {
          ...emptyPolicy,
          rules: [rule({ paths: ['email'], effect: 'MASK' as const, mask: 'FIXED' as const })],
        },
      ],
      [
        'blacklisted',
        { ...emptyPolicy, blacklist: [{ scope: 'TENANT' as const, scopeId: '', name: 'email' }] },
      ],
    ])('hold nothing of an address that is %s', async (title, policy) => {
      const fresh = await core.users.create(core.callAs(), {
        email: `b35-${title.replaceAll(' ', '')}@secret.io`,
      });
      const open = await core.run(`{ user(id: "${fresh.id}") { picture } }`);
      const hash = /avatar\/([0-9a-f]{32})/.exec(JSON.stringify(open.data))?.[1] as string;
      const { result } = await core.run(`{ user(id: "${fresh.id}") ${profile} }`, { policy });
      expect(JSON.stringify(result)).not.toContain('secret.io');
      expect(JSON.stringify(result)).not.toContain('b35-');
      expect(JSON.stringify(result)).not.toContain(hash);
      expect(result.data).toMatchObject({
        user: { name: null, nickname: null, picture: 'https://id.example/avatars/%3F.svg' },
      });
    });

    it('stay as they are for others', async () => {
      const { data } = await core.run(ask(), { policy: hiding('phone_number') });
      expect(data).toMatchObject({ user: { nickname: 'jane' } });
    });
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
