import type { Policy } from '#src/access/policy';
import { samlView } from '#src/features/profiles/views/saml-view';
import { eachDatabase } from '#test/support/databases';
import { startCoreGraphql, type CoreGraphql } from '#test/features/users/core-graphql';
import { hiding, rule } from '#test/features/users/core-policies';
import { administrator, asPrincipal, emptyPolicy } from '#test/features/users/core-services';

const listing = (...names: string[]): Policy => ({
  ...emptyPolicy,
  blacklist: names.map((name) => ({ scope: 'TENANT', scopeId: '', name })),
});

eachDatabase('profiles over GraphQL', (database) => {
  let core: CoreGraphql;
  let jane: string;
  let google: string;

  beforeAll(async () => {
    core = await startCoreGraphql(await database.open());
    const { store } = core.callAs();
    for (const [name, strategy, options] of [
      ['google-oauth2', 'google-oauth2', {}],
      ['plain', 'auth0', { gravatar: false }],
      ['corp', 'samlp', {}],
      ['sms', 'sms', {}],
    ] as const)
      await core.connections.ensure(store, { name, strategy, options });
    jane = (
      await core.users.create(core.callAs(), { email: 'jane@x.io', givenName: 'Jane', familyName: 'Doe' })
    ).id;
    const claims = {
      sub: 'g1',
      name: 'Gina',
      email: 'gina@x.io',
      locale: 'it',
      gender: 'f',
      address: { country: 'IT' },
    };
    google = (await core.logins.record(core.callAs(), { connection: 'google-oauth2', claims })).user.id;
  });

  const userOf = async (id: string, fields: string, options: Parameters<CoreGraphql['run']>[1] = {}) => {
    const answer = await core.run(`query($id: ID!) { user(id: $id) { ${fields} } }`, {
      variables: { id },
      ...options,
    });
    return { user: (answer.data as { user: Record<string, never> } | null)?.user, errors: answer.errors };
  };

  it('recordLogin answers what it did in numbers, to trusted callers alone', async () => {
    const ask = `mutation($i: RecordLoginInput!) { recordLogin(input: $i) {
      created updatedAttributes strippedClaims ignoredValues user { name loginsCount lastIp } } }`;
    const claims = { sub: 'rl1', name: 'Rec', ssn: 'CNRY' };
    const variables = { i: { connection: 'google-oauth2', claims, ip: '2001:db8::1' } };
    const first = await core.run(ask, { variables, policy: listing('ssn') });
    expect(first.data).toEqual({
      recordLogin: {
        created: true,
        updatedAttributes: 0,
        strippedClaims: 1,
        ignoredValues: 0,
        user: { name: 'Rec', loginsCount: 1, lastIp: '2001:db8::1' },
      },
    });
    expect(JSON.stringify(first.result)).not.toContain('CNRY');
    const again = await core.run(ask, {
      variables: { i: { ...variables.i, claims: { ...claims, name: 'Again' } } },
      policy: listing('ssn'),
    });
    expect(again.data).toMatchObject({
      recordLogin: { created: false, updatedAttributes: 1, user: { loginsCount: 2 } },
    });
    const as = asPrincipal({ permissions: ['read:users', 'update:users', 'create:users'] });
    expect((await core.run(ask, { variables, as })).errors).toEqual(['FORBIDDEN recordLogin']);
  });

  it('P4 the stored name sent again with new metadata in one request succeeds', async () => {
    const { errors, data } = await core.run(
      `mutation($id: ID!) {
        updateUser(input: {id: $id, name: "Gina"}) { user { name } }
        updateUserMetadata(input: {userId: $id, patch: {color: "red"}}) { after }
      }`,
      { variables: { id: google } },
    );
    expect([errors, data]).toEqual([
      [],
      { updateUser: { user: { name: 'Gina' } }, updateUserMetadata: { after: { color: 'red' } } },
    ]);
  });

  it('normalized and oidcClaims say the same in two languages, without metadata', async () => {
    const { user } = await userOf(
      google,
      'normalized { userId name nickname email emailVerified givenName picture } oidcClaims',
    );
    expect(user).toMatchObject({
      normalized: {
        userId: google,
        name: 'Gina',
        nickname: 'gina',
        email: 'gina@x.io',
        emailVerified: false,
        givenName: null,
      },
      oidcClaims: {
        sub: google,
        name: 'Gina',
        nickname: 'gina',
        email: 'gina@x.io',
        email_verified: false,
        gender: 'f',
        locale: 'it',
        address: { country: 'IT' },
        updated_at: Math.floor(core.time.now / 1000),
      },
    });
    expect(JSON.stringify(user)).not.toContain('color');
    const [normalized, claims] = [user?.['normalized'], user?.['oidcClaims']] as unknown as Record<
      string,
      string
    >[];
    expect(claims?.['picture']).toBe(normalized?.['picture']);
  });

  it('a SAML service provider gets the names it knows', () => {
    const view = samlView({
      userId: 'u',
      root: { email: 'a@x.io', name: null },
      attributes: { team: 'b' },
      updatedAt: 1,
    });
    expect(view).toEqual({
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier': 'u',
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': 'a@x.io',
      team: 'b',
    });
  });

  it.each([
    ['denied', hiding('email', 'gender', 'attributes.address')],
    ['blacklisted', listing('email', 'gender', 'address')],
    [
      'masked',
      {
        ...emptyPolicy,
        rules: [
          rule({ paths: ['email', 'gender', 'address'], effect: 'MASK' as const, mask: 'FIXED' as const }),
        ],
      },
    ],
  ])('B35 no view is made of what is %s', async (_title, policy) => {
    const fields =
      'normalized { name email nickname picture } oidcClaims attributeSources { attribute } profileBytes effectivePicture pictureSource';
    const open = (await userOf(google, fields)).user as never as Record<string, never>;
    const { user } = await userOf(google, fields, { policy });
    const text = JSON.stringify(user);
    expect(text).not.toMatch(/gina@x\.io|"gina"|"gender":"f"|"IT"|gravatar/);
    expect(user?.['attributeSources']).not.toContainEqual({ attribute: 'email' });
    expect(user?.['profileBytes']).toBeLessThan(Number(open['profileBytes']));
    expect(user).toMatchObject({ pictureSource: 'INITIALS' });
  });

  it('attributeSources tells who gave what, and the connection to who may read it', async () => {
    const sourcesOf = async (id: string, options = {}) =>
      (
        (await userOf(id, 'attributeSources { attribute source connection }', options)).user as never as {
          attributeSources: unknown[];
        }
      ).attributeSources;
    expect(await sourcesOf(jane)).toContainEqual({
      attribute: 'given_name',
      source: 'LOCAL',
      connection: null,
    });
    const provider = { attribute: 'name', source: 'PROVIDER' };
    expect(await sourcesOf(google)).toContainEqual({ ...provider, connection: 'google-oauth2' });
    const policy = hiding('identities.connection');
    expect(await sourcesOf(google, { policy })).toContainEqual({ ...provider, connection: null });
  });

  it('editableAttributes follows connection, permissions, rules and blacklist', async () => {
    const listOf = async (id: string, options = {}) =>
      (await userOf(id, 'editableAttributes', options)).user?.['editableAttributes'] as unknown;
    const own = ['email', 'email_verified', 'username', 'phone_number', 'phone_verified'];
    const five = ['name', 'given_name', 'family_name', 'nickname', 'picture'];
    const stores = ['blocked', 'user_metadata', 'app_metadata'];
    expect(await listOf(jane)).toEqual([...own, ...five, ...stores]);
    expect(await listOf(google)).toEqual(['email_verified', 'phone_verified', ...stores]);
    expect(await listOf(jane, { as: asPrincipal({ userId: jane }) })).toEqual(['user_metadata']);
    expect(await listOf(jane, { as: asPrincipal({ permissions: ['read:users'] }) })).toEqual([]);
    const policy = { ...listing('nickname'), rules: [rule({ actions: ['WRITE'], paths: ['picture'] })] };
    expect(await listOf(jane, { policy })).toEqual([...own, 'name', 'given_name', 'family_name', ...stores]);
  });

  it('effectivePicture prefers metadata, then what is stored, then what is made; the size is asked for', async () => {
    const fields = 'picture effectivePicture(size: 64) pictureSource';
    expect((await userOf(jane, fields)).user).toMatchObject({
      picture: expect.stringContaining('?s=480&r=pg&d=https%3A%2F%2Fid.example%2Favatars%2FJD.svg') as never,
      effectivePicture: expect.stringContaining('?s=64&r=pg&') as never,
      pictureSource: 'GRAVATAR',
    });
    await core.users.update(core.callAs(), { id: jane, picture: 'https://p.example/j.png' });
    expect((await userOf(jane, fields)).user).toMatchObject({
      effectivePicture: 'https://p.example/j.png',
      pictureSource: 'PROVIDER',
    });
    const metadata = (picture: string) =>
      core.metadata.update(core.callAs(), { userId: jane, store: 'user' }, { picture }, 'MERGE_DEEP');
    await metadata('javascript:alert(1)');
    expect((await userOf(jane, fields)).user).toMatchObject({ pictureSource: 'PROVIDER' });
    await metadata('https://p.example/own.png');
    expect((await userOf(jane, fields)).user).toMatchObject({
      effectivePicture: 'https://p.example/own.png',
      pictureSource: 'METADATA',
    });
    for (const size of [0, 2049])
      expect((await userOf(jane, `effectivePicture(size: ${size})`)).errors).toEqual([
        'BAD_USER_INPUT user effectivePicture',
      ]);
  });

  it('a connection switches Gravatar off for its users', async () => {
    const { id } = await core.users.create(core.callAs(), { connection: 'plain', email: 'p@x.io' });
    expect((await userOf(id, 'picture pictureSource')).user).toEqual({
      picture: 'https://id.example/avatars/P.svg',
      pictureSource: 'INITIALS',
    });
  });

  it('D6 an administrator writing a blacklisted attribute is told so, and nothing is written', async () => {
    const policy = listing('family_name');
    const answer = await core.run(
      'mutation($id: ID!) { updateUser(input: {id: $id, familyName: "New", givenName: "New"}) { user { id } } }',
      { variables: { id: jane }, policy, as: administrator },
    );
    expect(answer.extensions[0]).toMatchObject({ code: 'ATTRIBUTE_BLACKLISTED', input: 'input.familyName' });
    expect((await userOf(jane, 'givenName familyName')).user).toEqual({
      givenName: 'Jane',
      familyName: 'Doe',
    });
    const filtered = await core.run('{ usersByEmail(email: "jane@x.io") { id } }', {
      policy: listing('email'),
    });
    expect(filtered.extensions[0]).toMatchObject({ code: 'FORBIDDEN_ARGUMENT' });
  });

  it('D10 D11 a restricted field is null with one refusal, through alias, fragment and list alike', async () => {
    const policy = hiding('family_name');
    const query = `query($id: ID!) {
      user(id: $id) { givenName familyName alias: familyName ...f }
      usersByEmail(email: "jane@x.io") { givenName familyName } }
      fragment f on User { fromFragment: familyName }`;
    const { data, errors } = await core.run(query, { variables: { id: jane }, policy });
    expect(data).toEqual({
      user: { givenName: 'Jane', familyName: null, alias: null, fromFragment: null },
      usersByEmail: [{ givenName: 'Jane', familyName: null }],
    });
    expect(new Set(errors.map((error) => error.split(' ')[0]))).toEqual(new Set(['FORBIDDEN_FIELD']));
  });
});
