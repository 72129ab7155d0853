import type { BlacklistEntry, Policy } from '#src/access/policy';
import { findIdentities, type IdentityRow } from '#src/features/identities/identity.repository';
import type { RecordedLogin } from '#src/features/profiles/logins/record-login';
import { findSources } from '#src/features/users/profile/source.repository';
import { findUsers } from '#src/features/users/user.repository';
import type { UserRow } from '#src/features/users/user-row';
import { sql } from '#src/storage/sql';
import { eachDatabase } from '#test/support/databases';
import {
  administrator,
  asPrincipal,
  emptyPolicy,
  startCore,
  type Core,
} from '#test/features/users/core-services';

const listing = (...entries: (string | BlacklistEntry)[]): Policy => ({
  ...emptyPolicy,
  blacklist: entries.map((entry) =>
    typeof entry === 'string' ? { scope: 'TENANT', scopeId: '', name: entry } : entry,
  ),
});
const ofConnection = (scopeId: string, name: string): BlacklistEntry => ({
  scope: 'CONNECTION',
  scopeId,
  name,
});

eachDatabase('sign-ins', (database) => {
  let core: Core;
  let count = 0;

  beforeAll(async () => {
    core = await startCore(await database.open());
    const { store } = core.callAs();
    for (const [name, strategy, options] of [
      ['google-oauth2', 'google-oauth2', {}],
      ['first', 'google-oauth2', { set_user_root_attributes: 'on_first_login' }],
      ['never', 'google-oauth2', { set_user_root_attributes: 'never_on_login' }],
      ['trusting', 'samlp', { always_set_emails_as_verified: true }],
      ['doubting', 'google-oauth2', { never_set_emails_as_verified: true }],
      ['corp', 'samlp', {}],
      [
        'staff',
        'samlp',
        { attribute_mapping: { family_name: ['surname', 'sn'], 'app_metadata.unit': 'unit' } },
      ],
      ['directory', 'ad', {}],
      ['github', 'github', {}],
      ['sms', 'sms', {}],
    ] as const) {
      await core.connections.ensure(store, { name, strategy, options });
    }
  });

  const subject = (): string => `s${(count += 1)}`;
  const login = (
    connection: string,
    claims: Record<string, unknown>,
    { policy = emptyPolicy, ip }: { policy?: Policy; ip?: string } = {},
  ): Promise<RecordedLogin> =>
    core.logins.record(core.callAs(administrator, policy), { connection, claims, ip: ip ?? null });
  const read = async (id: string): Promise<UserRow> =>
    (await findUsers(core.callAs().store, [id], null))[0] as UserRow;
  const identitiesOf = async (id: string): Promise<IdentityRow[]> =>
    (await findIdentities(core.callAs().store, [id]))[0] ?? [];
  const metadataOf = (id: string) => core.metadata.read(core.callAs().store, id);
  const update = (change: { readonly id: string } & Record<string, unknown>) =>
    core.users.update(core.callAs(), change);

  it('the first one makes the user with its identity, counters and sources, and audits names alone', async () => {
    const sub = subject();
    const claims = { sub, name: 'Jane Doe', email: 'jane@x.io', email_verified: true, locale: 'en' };
    const made = await login('google-oauth2', claims, { ip: '192.0.2.7' });
    expect(made).toMatchObject({ outcome: 'CREATED', isPrimary: true, stripped: 0, ignored: 0 });
    expect(await read(`google-oauth2|${sub}`)).toMatchObject({
      name: 'Jane Doe',
      email: 'jane@x.io',
      emailVerified: true,
      attributes: { locale: 'en' },
      loginsCount: 1,
      lastLogin: core.time.now,
      lastIp: '192.0.2.7',
    });
    expect(await identitiesOf(made.user.id)).toMatchObject([
      { position: 0, providerUserId: sub, isSocial: true },
    ]);
    const [sources] = await findSources(core.callAs().store, [made.user.id]);
    expect(sources).toMatchObject({
      name: { source: 'PROVIDER', connection: 'google-oauth2', at: core.time.now },
    });
    const { rows } = await core.audit.list(core.callAs(), { targetId: made.user.id }, {});
    expect(rows).toMatchObject([{ action: 'user.login', details: { outcome: 'CREATED', stripped: 0 } }]);
    expect(JSON.stringify(rows)).not.toContain('Jane Doe');
  });

  it('P2 the address of a SAML user stays as it was sent', async () => {
    const { user } = await login('corp', { user_id: subject(), email: 'Jane@Corp.io' });
    expect(user).toMatchObject({ email: 'Jane@Corp.io', emailVerified: false });
    expect(user.id).toMatch(/^samlp\|corp\|s\d+$/);
  });

  it('P3 a name that the provider owns is refused with attribute and connection, and nothing is written', async () => {
    const { user } = await login('google-oauth2', { sub: subject(), name: 'G' });
    await expect(update({ id: user.id, name: 'H', blocked: true })).rejects.toMatchObject({
      code: 'OPERATION_NOT_SUPPORTED',
      extensions: { attributes: ['name'], connection: 'google-oauth2' },
    });
    expect(await read(user.id)).toMatchObject({ name: 'G', blocked: false, version: user.version });
  });

  it('P5 under on_first_login an edited name survives the next sign-in', async () => {
    const sub = subject();
    const { user } = await login('first', { sub, name: 'First' });
    await update({ id: user.id, name: 'Edited' });
    await login('first', { sub, name: 'Second', locale: 'fr' });
    expect(await read(user.id)).toMatchObject({
      name: 'Edited',
      attributes: { locale: 'fr' },
      loginsCount: 2,
    });
  });

  it('P6 under on_each_login a changed name replaces the stored one and leaves metadata alone', async () => {
    const sub = subject();
    const { user } = await login('google-oauth2', { sub, name: 'Before' });
    await core.metadata.update(
      core.callAs(),
      { userId: user.id, store: 'user' },
      { name: 'mine' },
      'MERGE_SHALLOW',
    );
    core.time.now += 1000;
    const second = await login('google-oauth2', { sub, name: 'After' });
    expect(second).toMatchObject({ outcome: 'SIGNED_IN', changed: ['name'] });
    expect(await read(user.id)).toMatchObject({ name: 'After', updatedAt: core.time.now });
    expect((await metadataOf(user.id)).userJson).toEqual({ name: 'mine' });
  });

  it('never_on_login copies nothing of the five, and leaves them to be edited', async () => {
    const sub = subject();
    const { user } = await login('never', { sub, name: 'Ignored', email: 'n@x.io' });
    expect(user).toMatchObject({ name: null, email: 'n@x.io' });
    await update({ id: user.id, name: 'Own' });
    await login('never', { sub, name: 'Ignored' });
    expect(await read(user.id)).toMatchObject({ name: 'Own' });
  });

  it('an attribute that is no longer sent goes only where the provider gave it; an address never', async () => {
    const sub = subject();
    const { user } = await login('google-oauth2', {
      sub,
      name: 'N',
      nickname: 'nick',
      email: 'o@x.io',
      email_verified: true,
    });
    await core.callAs().store.transaction(async (store) => {
      const sources = {
        nickname: { source: 'LOCAL', connection: null, at: 1 },
        name: { source: 'PROVIDER', connection: 'google-oauth2', at: 1 },
      };
      await store.execute(
        sql`UPDATE "users" SET "attribute_sources" = ${JSON.stringify(sources)} WHERE "id" = ${user.id}`,
      );
    });
    await login('google-oauth2', { sub });
    expect(await read(user.id)).toMatchObject({
      name: null,
      nickname: 'nick',
      email: 'o@x.io',
      emailVerified: true,
    });
  });

  it('a connection may believe every address, or none', async () => {
    const trusted = await login('trusting', { user_id: subject(), email: 'a@x.io' });
    const doubted = await login('doubting', { sub: subject(), email: 'b@x.io', email_verified: true });
    expect([trusted.user.emailVerified, doubted.user.emailVerified]).toEqual([true, false]);
  });

  it('a new address loses the proof of the old one; a proof found here outlives a provider that gives none', async () => {
    const sub = subject();
    const { user } = await login('doubting', { sub, email: 'c@x.io' });
    await update({ id: user.id, emailVerified: true });
    await login('doubting', { sub, email: 'c@x.io' });
    expect(await read(user.id)).toMatchObject({ emailVerified: true });
    await login('doubting', { sub, email: 'd@x.io' });
    expect(await read(user.id)).toMatchObject({ email: 'd@x.io', emailVerified: false });
  });

  it('P7 whether the address of an SMS or enterprise user is verified cannot be edited', async () => {
    const sms = await login('sms', { user_id: subject(), phone_number: '+15550199' });
    const corp = await login('corp', { user_id: subject(), email: 'p7@corp.io' });
    for (const { user } of [sms, corp]) {
      await expect(update({ id: user.id, emailVerified: true })).rejects.toMatchObject({
        code: 'OPERATION_NOT_SUPPORTED',
        extensions: { attributes: ['email_verified'] },
      });
    }
  });

  it('P13 without hooks a directory user is called by given and family name, and nicknamed by the account', async () => {
    const { user } = await login('directory', {
      objectGUID: subject(),
      sn: 'Doe',
      givenName: 'Jane',
      sAMAccountName: 'jdoe',
    });
    expect(user).toMatchObject({ name: null, givenName: 'Jane', familyName: 'Doe', nickname: 'jdoe' });
  });

  it('P14 a blocked user is refused and counted, and nothing is taken from the claims', async () => {
    const sub = subject();
    const { user } = await login('google-oauth2', { sub, name: 'Open' });
    await core.users.block(core.callAs(), user.id);
    core.time.now += 1000;
    await expect(login('google-oauth2', { sub, name: 'Other' })).rejects.toMatchObject({
      code: 'USER_BLOCKED',
    });
    expect(await read(user.id)).toMatchObject({ name: 'Open', loginsCount: 2, lastLogin: core.time.now });
    const { rows } = await core.audit.list(
      core.callAs(),
      { targetId: user.id, action: 'user.login' },
      { first: 1 },
    );
    expect(rows).toMatchObject([{ result: 'denied', details: { outcome: 'BLOCKED' } }]);
  });

  it('one through a linked identity refreshes what that identity keeps and counts for the primary', async () => {
    const [google, corp] = [subject(), subject()];
    const { user } = await login('google-oauth2', { sub: google, name: 'Primary' });
    const other = await login('corp', { user_id: corp, email: 'second@corp.io' });
    await core.identities.link(core.callAs(), { userId: user.id, secondaryUserId: other.user.id });
    const again = await login('corp', { user_id: corp, given_name: 'Second', team: 'b' });
    expect(again).toMatchObject({
      outcome: 'SIGNED_IN',
      isPrimary: false,
      user: { id: user.id, loginsCount: 2 },
    });
    expect(await read(user.id)).toMatchObject({ name: 'Primary', givenName: null, attributes: null });
    expect((await identitiesOf(user.id))[1]?.profileData).toEqual({
      given_name: 'Second',
      team: 'b',
      email: 'second@corp.io',
      email_verified: false,
    });
  });

  it('of two first ones at the same moment one makes the user and the other finds it', async () => {
    const sub = subject();
    const both = await Promise.all([login('google-oauth2', { sub }), login('google-oauth2', { sub })]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['CREATED', 'SIGNED_IN']);
    expect(await read(`google-oauth2|${sub}`)).toMatchObject({ loginsCount: 2 });
  });

  it('leaves out values that cannot be stored, keeps what was there, and says how many', async () => {
    const sub = subject();
    const { user } = await login('google-oauth2', { sub, name: 'Good' });
    const wrong = {
      sub,
      name: 'x'.repeat(151),
      picture: 'javascript:alert(1)',
      email: 'no address',
      bio: 'x'.repeat(2049),
    };
    expect(await login('google-oauth2', wrong)).toMatchObject({ ignored: 4 });
    expect(await read(user.id)).toMatchObject({ name: 'Good', picture: null, email: null, attributes: null });
  });

  it.each([
    ['claims without an id', 'google-oauth2', { name: 'x' }, 'claims'],
    ['a list', 'google-oauth2', [] as never, 'claims'],
    ['65 KiB', 'google-oauth2', { sub: '1', a: 'x'.repeat(66_000) }, 'claims'],
    ['an unknown connection', 'nowhere', { sub: '1' }, 'connection'],
  ])('refuses %s', async (_title, connection, claims, field) => {
    await expect(login(connection, claims)).rejects.toMatchObject({ extensions: { field } });
  });

  it('refuses a caller bound to an organization, and an address that is none', async () => {
    const bound = asPrincipal({ permissions: ['record:logins'], organizationId: 'org_1' });
    const attempt = core.logins.record(core.callAs(bound), { connection: 'corp', claims: { user_id: 'x' } });
    await expect(attempt).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(login('corp', { user_id: 'x' }, { ip: 'somewhere' })).rejects.toMatchObject({
      extensions: { field: 'ip' },
    });
  });

  it('D1 a blacklisted claim is not stored and not counted by name, and the sign-in itself still had it', async () => {
    const made = await login(
      'google-oauth2',
      { sub: subject(), gender: 'female', locale: 'en' },
      { policy: listing('gender') },
    );
    expect(made).toMatchObject({
      stripped: 1,
      sameLogin: { attributes: { gender: 'female', locale: 'en' } },
    });
    expect(await read(made.user.id)).toMatchObject({ attributes: { locale: 'en' } });
    const { rows } = await core.audit.list(core.callAs(), { targetId: made.user.id }, {});
    expect(JSON.stringify(rows)).not.toMatch(/gender|female/);
  });

  it('D2 a claim named by a URI is stripped', async () => {
    const uri = 'https://acme.example/short_lived';
    const { user, stripped } = await login(
      'google-oauth2',
      { sub: subject(), [uri]: 'x' },
      { policy: listing(uri) },
    );
    expect([user.attributes, stripped]).toEqual([null, 1]);
  });

  it.each(['family_name', 'surname', 'sn'])(
    'D3 with %s listed no claim fills the family name',
    async (name) => {
      const claims = { user_id: subject(), surname: 'Doe', sn: 'Doe', unit: 'u' };
      const { user, stripped } = await login('staff', claims, { policy: listing(name) });
      expect([user.familyName, user.attributes, stripped]).toEqual([null, null, 2]);
      expect((await metadataOf(user.id)).appJson).toEqual({ unit: 'u' });
    },
  );

  it('D4 a list of one connection leaves the same claim of another alone', async () => {
    const policy = listing(ofConnection('google-oauth2', 'gender'));
    const here = await login('google-oauth2', { sub: subject(), gender: 'f' }, { policy });
    const there = await login('corp', { user_id: subject(), gender: 'f' }, { policy });
    expect([here.user.attributes, there.user.attributes]).toEqual([null, { gender: 'f' }]);
  });

  it('D9 a sign-in through a linked identity keeps no blacklisted attribute in profileData', async () => {
    const [google, corp] = [subject(), subject()];
    const { user } = await login('google-oauth2', { sub: google });
    const other = await login('corp', { user_id: corp, surname: 'Doe', gender: 'f', given_name: 'J' });
    await core.identities.link(core.callAs(), { userId: user.id, secondaryUserId: other.user.id });
    const policy = listing(ofConnection('corp', 'surname'), 'gender');
    await login('corp', { user_id: corp, surname: 'Doe', gender: 'f', given_name: 'J' }, { policy });
    expect((await identitiesOf(user.id))[1]?.profileData).toEqual({ given_name: 'J' });
  });
});
