import type { Policy } from '#src/access/policy';
import { findSources } from '#src/features/users/profile/source.repository';
import { listing, ofConnection, openLogins, type Logins } from '#test/features/profiles/open-logins';
import { asPrincipal } from '#test/features/users/core-services';
import { staleProfileLeaves } from '#test/support/stale-profile-leaves';
import { eachDatabase } from '#test/support/databases';

eachDatabase('sign-ins', (database) => {
  let scene: Logins;

  beforeAll(async () => {
    scene = await openLogins(database);
  });

  it('the first one makes the user with its identity, counters and sources, and audits names alone', async () => {
    const sub = scene.subject();
    const claims = { sub, name: 'Jane Doe', email: 'jane@x.io', email_verified: true, locale: 'en' };
    const made = await scene.login('google-oauth2', claims, { ip: '192.0.2.7' });
    expect(made).toMatchObject({ outcome: 'CREATED', isPrimary: true, stripped: 0, ignored: 0 });
    expect(await scene.read(`google-oauth2|${sub}`)).toMatchObject({
      name: 'Jane Doe',
      email: 'jane@x.io',
      emailVerified: true,
      attributes: { locale: 'en' },
      loginsCount: 1,
      lastLogin: scene.core.time.now,
      lastIp: '192.0.2.7',
    });
    expect(await scene.identitiesOf(made.user.id)).toMatchObject([
      { position: 0, providerUserId: sub, isSocial: true },
    ]);
    const [sources] = await findSources(scene.core.callAs().store, [made.user.id]);
    expect(sources).toMatchObject({
      name: { source: 'PROVIDER', connection: 'google-oauth2', at: scene.core.time.now },
    });
    const { rows } = await scene.core.audit.list(scene.core.callAs(), { targetId: made.user.id }, {});
    expect(rows).toMatchObject([{ action: 'user.login', details: { outcome: 'CREATED', stripped: 0 } }]);
    expect(JSON.stringify(rows)).not.toContain('Jane Doe');
  });

  it('P14 a blocked user is refused and counted, and nothing is taken from the claims', async () => {
    const sub = scene.subject();
    const { user } = await scene.login('google-oauth2', { sub, name: 'Open' });
    await scene.core.users.block(scene.core.callAs(), user.id);
    scene.core.time.now += 1000;
    await expect(scene.login('google-oauth2', { sub, name: 'Other' })).rejects.toMatchObject({
      code: 'USER_BLOCKED',
    });
    expect(await scene.read(user.id)).toMatchObject({
      name: 'Open',
      loginsCount: 2,
      lastLogin: scene.core.time.now,
    });
    const { rows } = await scene.core.audit.list(
      scene.core.callAs(),
      { targetId: user.id, action: 'user.login' },
      { first: 1 },
    );
    expect(rows).toMatchObject([{ result: 'denied', details: { outcome: 'BLOCKED' } }]);
  });

  it('one through a linked identity refreshes what that identity keeps and counts for the primary', async () => {
    const [google, corp] = [scene.subject(), scene.subject()];
    const { user } = await scene.login('google-oauth2', { sub: google, name: 'Primary' });
    const other = await scene.login('corp', { user_id: corp, email: 'second@corp.io' });
    await scene.core.identities.link(scene.core.callAs(), {
      userId: user.id,
      secondaryUserId: other.user.id,
    });
    const again = await scene.login('corp', { user_id: corp, given_name: 'Second', team: 'b' });
    expect(again).toMatchObject({
      outcome: 'SIGNED_IN',
      isPrimary: false,
      user: { id: user.id, loginsCount: 2 },
    });
    expect(await scene.read(user.id)).toMatchObject({ name: 'Primary', givenName: null, attributes: null });
    expect((await scene.identitiesOf(user.id))[1]?.profileData).toEqual({
      given_name: 'Second',
      team: 'b',
      email: 'second@corp.io',
      email_verified: false,
    });
  });

  it('of two first ones at the same moment one makes the user and the other finds it', async () => {
    const sub = scene.subject();
    const both = await Promise.all([
      scene.login('google-oauth2', { sub }),
      scene.login('google-oauth2', { sub }),
    ]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['CREATED', 'SIGNED_IN']);
    expect(await scene.read(`google-oauth2|${sub}`)).toMatchObject({ loginsCount: 2 });
  });

  it('leaves out values that cannot be stored, keeps what was there, and says how many', async () => {
    const sub = scene.subject();
    const { user } = await scene.login('google-oauth2', { sub, name: 'Good' });
    const wrong = {
      sub,
      name: 'x'.repeat(151),
      picture: 'javascript:alert(1)',
      email: 'no address',
      bio: 'x'.repeat(2049),
    };
    expect(await scene.login('google-oauth2', wrong)).toMatchObject({ ignored: 4 });
    expect(await scene.read(user.id)).toMatchObject({
      name: 'Good',
      picture: null,
      email: null,
      attributes: null,
    });
  });

  it.each([
    ['claims without an id', 'google-oauth2', { name: 'x' }, 'claims'],
    ['a list', 'google-oauth2', [] as never, 'claims'],
    ['65 KiB', 'google-oauth2', { sub: '1', a: 'x'.repeat(66_000) }, 'claims'],
    ['an unknown connection', 'nowhere', { sub: '1' }, 'connection'],
  ])('refuses %s', async (_title, connection, claims, field) => {
    await expect(scene.login(connection, claims)).rejects.toMatchObject({ extensions: { field } });
  });

  it('refuses a caller bound to an organization, and an address that is none', async () => {
    const bound = asPrincipal({ permissions: ['record:logins'], organizationId: 'org_1' });
    const attempt = scene.core.logins.record(scene.core.callAs(bound), {
      connection: 'corp',
      claims: { user_id: 'x' },
    });
    await expect(attempt).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(scene.login('corp', { user_id: 'x' }, { ip: 'somewhere' })).rejects.toMatchObject({
      extensions: { field: 'ip' },
    });
  });

  it('an attribute that the mapping requires is missed until the user has it, and not where a blacklist stopped it', async () => {
    const options = {
      attribute_mapping: {
        user_id: { oidc_mapping: { mapping: 'sub' } },
        attributes: {
          family_name: { profile_required: true, oidc_mapping: { mapping: 'surname' } },
          locale: { profile_required: true, oidc_mapping: { mapping: 'locale' } },
          nickname: { profile_required: false, oidc_mapping: { mapping: 'nick' } },
        },
      },
    };
    const { core } = scene;
    await core.connections.ensure(core.callAs().store, { name: 'strict', strategy: 'oidc', options });
    const sub = scene.subject();
    const missing = async (claims: object, policy?: Policy) =>
      (await scene.login('strict', { sub, ...claims }, policy ? { policy } : {})).missing;
    expect(await missing({ name: 'A' })).toEqual(['family_name', 'locale']);
    expect(await missing({ surname: 'B', locale: '' })).toEqual(['locale']);
    expect(await missing({ surname: 'B', locale: 'en' }, listing('locale'))).toEqual([]);
    expect(await missing({ surname: 'B', locale: 'en' })).toEqual([]);
  });

  it('D1 a blacklisted claim is not stored and not counted by name, and the sign-in itself still had it', async () => {
    const made = await scene.login(
      'google-oauth2',
      { sub: scene.subject(), gender: 'female', locale: 'en' },
      { policy: listing('gender') },
    );
    expect(made).toMatchObject({
      stripped: 1,
      sameLogin: { attributes: { gender: 'female', locale: 'en' } },
    });
    expect(await scene.read(made.user.id)).toMatchObject({ attributes: { locale: 'en' } });
    const { rows } = await scene.core.audit.list(scene.core.callAs(), { targetId: made.user.id }, {});
    expect(JSON.stringify(rows)).not.toMatch(/gender|female/);
  });

  it('D2 a claim named by a URI is stripped', async () => {
    const uri = 'https://acme.example/short_lived';
    const { user, stripped } = await scene.login(
      'google-oauth2',
      { sub: scene.subject(), [uri]: 'x' },
      { policy: listing(uri) },
    );
    expect([user.attributes, stripped]).toEqual([null, 1]);
  });

  it.each(['family_name', 'surname', 'sn'])(
    'D3 with %s listed no claim fills the family name',
    async (name) => {
      const claims = { user_id: scene.subject(), surname: 'Doe', sn: 'Doe', unit: 'u' };
      const { user, stripped } = await scene.login('staff', claims, { policy: listing(name) });
      expect([user.familyName, user.attributes, stripped]).toEqual([null, null, 2]);
      expect((await scene.metadataOf(user.id)).appJson).toEqual({ unit: 'u' });
    },
  );

  it('D4 a list of one connection leaves the same claim of another alone', async () => {
    const policy = listing(ofConnection('google-oauth2', 'gender'));
    const here = await scene.login('google-oauth2', { sub: scene.subject(), gender: 'f' }, { policy });
    const there = await scene.login('corp', { user_id: scene.subject(), gender: 'f' }, { policy });
    expect([here.user.attributes, there.user.attributes]).toEqual([null, { gender: 'f' }]);
  });

  it('D9 a sign-in through a linked identity keeps no blacklisted attribute in profileData', async () => {
    const [google, corp] = [scene.subject(), scene.subject()];
    const { user } = await scene.login('google-oauth2', { sub: google });
    const other = await scene.login('corp', { user_id: corp, surname: 'Doe', gender: 'f', given_name: 'J' });
    await scene.core.identities.link(scene.core.callAs(), {
      userId: user.id,
      secondaryUserId: other.user.id,
    });
    const policy = listing(ofConnection('corp', 'surname'), 'gender');
    await scene.login('corp', { user_id: corp, surname: 'Doe', gender: 'f', given_name: 'J' }, { policy });
    expect((await scene.identitiesOf(user.id))[1]?.profileData).toEqual({ given_name: 'J' });
  });

  it('whatever was taken over, searches know exactly what identities keep', async () => {
    expect(await staleProfileLeaves(scene.core.callAs().store)).toEqual([]);
  });
});
