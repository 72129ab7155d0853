import { findIdentities, type IdentityRow } from '#src/features/identities/identity.repository';
import type { Policy } from '#src/access/policy';
import { findUsers } from '#src/features/users/user.repository';
import type { UserRow } from '#src/features/users/user-row';
import { staleProfileLeaves } from '#test/support/stale-profile-leaves';
import { eachDatabase } from '#test/support/databases';
import { administrator, emptyPolicy, startCore, type Core } from '#test/features/users/core-services';

eachDatabase('identities', (database) => {
  let core: Core;
  let count = 0;

  beforeAll(async () => {
    core = await startCore(await database.open());
    const { store } = core.callAs();
    await core.connections.ensure(store, { name: 'google-oauth2', strategy: 'google-oauth2' });
    await core.connections.ensure(store, { name: 'sms', strategy: 'sms' });
    await core.connections.ensure(store, { name: 'corp', strategy: 'samlp' });
  });

  const read = async (id: string): Promise<UserRow | null> =>
    (await findUsers(core.callAs().store, [id], null))[0] ?? null;
  const identitiesOf = async (id: string): Promise<IdentityRow[]> =>
    (await findIdentities(core.callAs().store, [id]))[0] ?? [];
  const metadataOf = async (id: string) => (await core.metadata.read(core.callAs().store, id)).userJson;

  async function newUser(connection: string, fields: object = {}): Promise<string> {
    count += 1;
    const unique = connection === 'main' ? { email: `i${count}@x.io` } : { providerUserId: `p${count}` };
    const phone = connection === 'sms' ? { phoneNumber: `+1555${String(count).padStart(6, '0')}` } : {};
    return (await core.users.create(core.callAs(), { connection, ...unique, ...phone, ...fields })).id;
  }

  it('a new user has its primary identity', async () => {
    const id = await newUser('google-oauth2');
    expect(await identitiesOf(id)).toMatchObject([
      {
        position: 0,
        connection: 'google-oauth2',
        provider: 'google-oauth2',
        isSocial: true,
        profileData: null,
      },
    ]);
    const [identity] = await identitiesOf(id);
    expect(id).toBe(`google-oauth2|${identity?.providerUserId}`);
    expect(
      await core.users.findId(core.callAs(), {
        identity: { connection: 'google-oauth2', userId: identity?.providerUserId ?? '' },
      }),
    ).toBe(id);
  });

  it('P9: linking keeps the primary and its metadata, moves the identity and ends the secondary', async () => {
    const primary = await newUser('google-oauth2', { name: 'Jane', userMetadata: { color: 'red' } });
    const secondary = await newUser('sms', { userMetadata: { color: 'blue', size: 1 } });
    const phoneNumber = (await read(secondary))?.phoneNumber;
    await core.identities.link(core.callAs(), { userId: primary, secondaryUserId: secondary });
    expect(await metadataOf(primary)).toEqual({ color: 'red' });
    expect(await read(primary)).toMatchObject({ name: 'Jane', phoneNumber: null });
    expect(await identitiesOf(primary)).toMatchObject([
      { position: 0, provider: 'google-oauth2' },
      { position: 1, provider: 'sms', profileData: { phone_number: phoneNumber, phone_verified: false } },
    ]);
    expect(await read(secondary)).toBeNull();
    expect(await metadataOf(secondary)).toEqual({});
  });

  it('P10: unlinking gives the user back with empty metadata', async () => {
    const primary = await newUser('google-oauth2');
    const secondary = await newUser('sms', { userMetadata: { color: 'blue' } });
    const before = await read(secondary);
    await core.identities.link(core.callAs(), { userId: primary, secondaryUserId: secondary });
    const providerUserId = secondary.slice('sms|'.length);
    const restored = await core.identities.unlink(core.callAs(), {
      userId: primary,
      provider: 'sms',
      providerUserId,
    });
    expect(restored).toBe(secondary);
    expect(await read(secondary)).toMatchObject({
      phoneNumber: before?.phoneNumber,
      phoneVerified: false,
      connection: 'sms',
    });
    expect(await metadataOf(secondary)).toEqual({});
    expect(await identitiesOf(secondary)).toMatchObject([
      { position: 0, provider: 'sms', profileData: null },
    ]);
    expect(await identitiesOf(primary)).toHaveLength(1);
  });

  it('P11: deleting the primary ends both ids', async () => {
    const primary = await newUser('main');
    const secondary = await newUser('sms');
    await core.identities.link(core.callAs(), { userId: primary, secondaryUserId: secondary });
    await core.users.delete(core.callAs(), primary);
    expect(await read(primary)).toBeNull();
    expect(await read(secondary)).toBeNull();
    expect(await identitiesOf(primary)).toEqual([]);
    const key = { connection: 'sms', userId: secondary.slice('sms|'.length) };
    expect(await core.users.findId(core.callAs(), { identity: key })).toBeNull();
  });

  it('fills the gaps of the primary from the secondary when told to', async () => {
    const primary = await newUser('main', {
      userMetadata: { color: 'red', nested: { a: 1 } },
      appMetadata: {},
    });
    const secondary = await newUser('sms', {
      userMetadata: { color: 'blue', nested: { b: 2 } },
      appMetadata: { plan: 'gold' },
    });
    await core.identities.link(core.callAs(), {
      userId: primary,
      secondaryUserId: secondary,
      mergePolicy: 'KEEP_PRIMARY_FILL_GAPS',
    });
    const row = await core.metadata.read(core.callAs().store, primary);
    expect(row.userJson).toEqual({ color: 'red', nested: { a: 1, b: 2 } });
    expect(row.appJson).toEqual({ plan: 'gold' });
  });

  it('moves all identities of a secondary that has several', async () => {
    const [a, b, c] = [await newUser('main'), await newUser('google-oauth2'), await newUser('sms')];
    await core.identities.link(core.callAs(), { userId: b, secondaryUserId: c });
    await core.identities.link(core.callAs(), { userId: a, secondaryUserId: b });
    const list = await identitiesOf(a);
    expect(list.map(({ position, provider }) => [position, provider])).toEqual([
      [0, 'auth0'],
      [1, 'google-oauth2'],
      [2, 'sms'],
    ]);
    expect(list[2]?.profileData).toHaveProperty('phone_number');
    await core.identities.unlink(core.callAs(), {
      userId: a,
      provider: 'google-oauth2',
      providerUserId: b.slice('google-oauth2|'.length),
    });
    expect((await identitiesOf(a)).map(({ position, provider }) => [position, provider])).toEqual([
      [0, 'auth0'],
      [1, 'sms'],
    ]);
  });

  it('keeps the address of a linked database user reserved and gives it back', async () => {
    const primary = await newUser('google-oauth2');
    const secondary = await newUser('main', { email: 'linked@x.io' });
    await core.identities.link(core.callAs(), { userId: primary, secondaryUserId: secondary });
    await expect(core.users.create(core.callAs(), { email: 'linked@x.io' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await core.identities.unlink(core.callAs(), {
      userId: primary,
      provider: 'auth0',
      providerUserId: secondary.slice('auth0|'.length),
    });
    await core.users.update(core.callAs(), { id: secondary, email: 'freed@x.io' });
    await core.users.create(core.callAs(), { email: 'linked@x.io' });
  });

  it('refuses to link a user to itself, an identity twice, an unknown user, and to unlink the primary', async () => {
    const primary = await newUser('main');
    const secondary = await newUser('sms');
    const link = (userId: string, secondaryUserId: string) =>
      core.identities.link(core.callAs(), { userId, secondaryUserId });
    await expect(link(primary, primary)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(link(primary, 'sms|nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await link(primary, secondary);
    await expect(link(primary, secondary)).rejects.toMatchObject({ code: 'CONFLICT' });
    const other = await newUser('main');
    await expect(link(other, secondary)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const unlink = { userId: primary, provider: 'auth0', providerUserId: primary.slice('auth0|'.length) };
    await expect(core.identities.unlink(core.callAs(), unlink)).rejects.toMatchObject({
      code: 'LAST_IDENTITY',
    });
    await expect(
      core.identities.unlink(core.callAs(), { ...unlink, providerUserId: 'x' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      core.users.create(core.callAs(), {
        connection: 'sms',
        phoneNumber: '+15559999',
        providerUserId: secondary.slice('sms|'.length),
      }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('of two links in opposite directions exactly one happens', async () => {
    const [a, b] = [await newUser('main'), await newUser('main')];
    const results = await Promise.allSettled([
      core.identities.link(core.callAs(), { userId: a, secondaryUserId: b }),
      core.identities.link(core.callAs(), { userId: b, secondaryUserId: a }),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('refuses a 51st identity', async () => {
    const primary = await newUser('main');
    const [hub] = [await newUser('sms')];
    const fill = async (userId: string, number: number) => {
      for (let i = 0; i < number; i += 1) {
        await core.identities.link(core.callAs(), { userId, secondaryUserId: await newUser('corp') });
      }
    };
    await fill(primary, 30);
    await fill(hub, 20);
    await expect(
      core.identities.link(core.callAs(), { userId: primary, secondaryUserId: hub }),
    ).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      extensions: { limit: 50, current: 52 },
    });
    expect(await identitiesOf(hub)).toHaveLength(21);
  });

  it('D9: keeps no blacklisted attribute in profileData, nor brings one back', async () => {
    const policy: Policy = {
      ...emptyPolicy,
      blacklist: [{ scope: 'CONNECTION', scopeId: 'corp', name: 'family_name' }],
    };
    const primary = await newUser('main');
    const secondary = await newUser('corp', {
      familyName: 'Hidden',
      givenName: 'Shown',
      attributes: { gender: 'x' },
    });
    await core.identities.link(core.callAs(administrator, policy), {
      userId: primary,
      secondaryUserId: secondary,
    });
    expect((await identitiesOf(primary))[1]?.profileData).toEqual({ given_name: 'Shown', gender: 'x' });
    const providerUserId = secondary.slice('samlp|'.length);
    await core.identities.unlink(core.callAs(administrator, policy), {
      userId: primary,
      provider: 'samlp',
      providerUserId,
    });
    expect(await read(secondary)).toMatchObject({
      givenName: 'Shown',
      familyName: null,
      attributes: { gender: 'x' },
    });
  });

  it('writes audit records with the paths that were discarded and without values', async () => {
    const primary = await newUser('main');
    const secondary = await newUser('sms', {
      name: 'Private Person',
      userMetadata: { note: 'private note' },
    });
    await core.identities.link(core.callAs(), { userId: primary, secondaryUserId: secondary });
    const [event] = (await core.audit.list(core.callAs(), { targetId: primary, action: 'identity.link' }, {}))
      .rows;
    expect(event).toMatchObject({
      changedPaths: ['identities'],
      details: { secondaryUserId: secondary, discarded: ['user_metadata.note'], mergePolicy: 'DISCARD' },
    });
    expect(JSON.stringify(event)).not.toMatch(/private/i);
  });

  it('whatever was linked and unlinked, searches know exactly what identities keep', async () => {
    expect(await staleProfileLeaves(core.callAs().store)).toEqual([]);
  });
});
