import { findIdentities, type IdentityRow } from '#src/features/identities/identity.repository';
import type { Policy } from '#src/access/policy';
import { findUsers } from '#src/features/users/user.repository';
import type { UserRow } from '#src/features/users/user-row';
import { eachDatabase } from '#test/support/databases';
import { administrator, emptyPolicy, startCore, type Core } from '#test/features/users/core-services';

eachDatabase('another primary identity', (database) => {
  let core: Core;
  let count = 0;

  beforeAll(async () => {
    core = await startCore(await database.open());
    await core.connections.ensure(core.callAs().store, { name: 'google-oauth2', strategy: 'google-oauth2' });
  });

  const read = async (id: string): Promise<UserRow | null> =>
    (await findUsers(core.callAs().store, [id], null))[0] ?? null;
  const identitiesOf = async (id: string): Promise<IdentityRow[]> =>
    (await findIdentities(core.callAs().store, [id]))[0] ?? [];
  const metadataOf = async (id: string) => (await core.metadata.read(core.callAs().store, id)).userJson;

  async function newUser(connection: string, fields: object = {}): Promise<string> {
    count += 1;
    const unique = connection === 'main' ? { email: `i${count}@x.io` } : { providerUserId: `p${count}` };
    return (await core.users.create(core.callAs(), { connection, ...unique, ...fields })).id;
  }

  const verified = { email: '', emailVerified: true, name: 'Google Jane', attributes: { locale: 'fr' } };
  /** A database user with an account at Google. */
  const pair = async (google: object = {}) => {
    const primary = await newUser('main', {
      ...{ emailVerified: true, name: 'Jane', username: `jane${count}`, userMetadata: { color: 'red' } },
    });
    const secondary = await newUser('google-oauth2', {
      ...{ ...verified, email: `google${count}@gmail.com`, ...google },
    });
    await core.identities.link(core.callAs(), { userId: primary, secondaryUserId: secondary });
    const [, providerUserId = ''] = secondary.split('|');
    return { primary, swap: { userId: primary, provider: 'google-oauth2', providerUserId } };
  };
  const back = (userId: string) => ({
    ...{ userId, provider: 'auth0', providerUserId: userId.slice('auth0|'.length) },
  });
  const shape = async (id: string) => {
    const user = await read(id);
    if (user === null) return null;
    const { updatedAt, version, credentialEpoch, ...rest } = user as UserRow & { credentialEpoch?: number };
    void [updatedAt, version, credentialEpoch];
    const identities = (await identitiesOf(id)).map(({ id: own, position, profileData }) => ({
      ...{ own, position, profileData },
    }));
    return { rest, identities };
  };

  it('4.2 leaves the id and what belongs to the user, and makes what the identity kept the root attributes', async () => {
    const { primary, swap } = await pair();
    const before = await read(primary);
    await core.identities.setPrimary(core.callAs(), swap);
    expect(await read(primary)).toMatchObject({
      ...{ id: primary, connection: 'google-oauth2', name: 'Google Jane', username: null },
      ...{ emailVerified: true, attributes: { locale: 'fr' } },
    });
    expect(await metadataOf(primary)).toEqual({ color: 'red' });
    expect(await identitiesOf(primary)).toMatchObject([
      { position: 0, provider: 'google-oauth2', profileData: null },
      { position: 1, provider: 'auth0', profileData: { name: 'Jane', email: before?.email } },
    ]);
  });

  it('4.2 done twice is as if nothing had been done, with a reserved address on both sides', async () => {
    const { primary, swap } = await pair();
    const before = await shape(primary);
    await core.identities.setPrimary(core.callAs(), swap);
    await expect(
      core.users.create(core.callAs(), { email: (before?.rest as UserRow).email ?? '' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    await core.identities.setPrimary(core.callAs(), swap);
    await core.identities.setPrimary(core.callAs(), back(primary));
    expect(await shape(primary)).toEqual(before);
  });

  it('4.2 lets the former one go, as a user with an id of its own', async () => {
    const { primary, swap } = await pair();
    const email = (await read(primary))?.email;
    await expect(core.identities.unlink(core.callAs(), back(primary))).rejects.toMatchObject({
      code: 'LAST_IDENTITY',
    });
    await core.identities.setPrimary(core.callAs(), swap);
    const separated = await core.identities.unlink(core.callAs(), back(primary));
    expect(separated).toMatch(/^auth0\|/);
    expect(separated).not.toBe(primary);
    expect(await read(separated)).toMatchObject({ email, name: 'Jane', connection: 'main' });
    const identity = { connection: 'main', userId: primary.slice('auth0|'.length) };
    expect(await core.users.findId(core.callAs(), { identity })).toBe(separated);
  });

  it('4.2 lets its provider change the root attributes from now on, and the former one no more', async () => {
    const { primary, swap } = await pair();
    const login = (name: string) =>
      core.logins.record(core.callAs(), {
        connection: 'google-oauth2',
        claims: {
          ...{ sub: swap.providerUserId, name, email_verified: true },
          email: `new${swap.providerUserId}@gmail.com`,
        },
      });
    await login('Refreshed');
    expect((await read(primary))?.name).toBe('Jane');
    await core.identities.setPrimary(core.callAs(), swap);
    expect((await read(primary))?.name).toBe('Refreshed');
    await login('Again');
    expect((await read(primary))?.name).toBe('Again');
  });

  it('a first sign-in makes a user also where another one keeps the id that it would have', async () => {
    const { primary, swap } = await pair();
    await core.identities.setPrimary(core.callAs(), swap);
    const google = await core.users.findId(core.callAs(), {
      identity: { connection: 'google-oauth2', userId: swap.providerUserId },
    });
    expect(google).toBe(primary);
    await core.identities.setPrimary(core.callAs(), back(primary));
    const separated = await core.identities.unlink(core.callAs(), swap);
    expect(separated).toBe(`google-oauth2|${swap.providerUserId}`);
    await core.identities.link(core.callAs(), { userId: separated, secondaryUserId: primary });
    await core.identities.setPrimary(core.callAs(), { ...back(primary), userId: separated });
    const free = await core.identities.unlink(core.callAs(), { ...swap, userId: separated });
    await core.users.delete(core.callAs(), free);
    const logins = [0, 1].map(() =>
      core.logins.record(core.callAs(), {
        ...{ connection: 'google-oauth2', claims: { sub: swap.providerUserId } },
      }),
    );
    const made = await Promise.all(logins);
    expect(new Set(made.map(({ user }) => user.id)).size).toBe(1);
    expect(made[0]?.user.id).not.toBe(separated);
  });

  it.each([
    ['no verified address where the user has one', { emailVerified: false }, 'CONFLICT'],
    ['no address at all', { email: null, emailVerified: null }, 'CONFLICT'],
  ])('4.2 refuses an identity with %s', async (_, google, code) => {
    const { primary, swap } = await pair(google);
    const before = await shape(primary);
    await expect(core.identities.setPrimary(core.callAs(), swap)).rejects.toMatchObject({ code });
    expect(await shape(primary)).toEqual(before);
  });

  it('refuses an identity that is none of the user, and users out of reach', async () => {
    const { primary, swap } = await pair();
    const wrong = { ...swap, providerUserId: 'x' };
    const failing = core.identities.setPrimary(core.callAs(), wrong);
    await expect(failing).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const nobody = core.identities.setPrimary(core.callAs(), { ...swap, userId: 'auth0|nobody' });
    await expect(nobody).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const hidden: Policy = {
      ...emptyPolicy,
      blacklist: [{ scope: 'CONNECTION', scopeId: 'google-oauth2', name: 'name' }],
    };
    await core.identities.setPrimary(core.callAs(administrator, hidden), swap);
    expect((await read(primary))?.name).toBeNull();
  });
});
