import { openLogins, type Logins } from '#test/features/profiles/open-logins';
import { sql } from '#src/storage/sql';
import { eachDatabase } from '#test/support/databases';

eachDatabase('what a sign-in changes', (database) => {
  let scene: Logins;

  beforeAll(async () => {
    scene = await openLogins(database);
  });

  it('P2 the address of a SAML user stays as it was sent', async () => {
    const { user } = await scene.login('corp', { user_id: scene.subject(), email: 'Jane@Corp.io' });
    expect(user).toMatchObject({ email: 'Jane@Corp.io', emailVerified: false });
    expect(user.id).toMatch(/^samlp\|corp\|s\d+$/);
  });

  it('P3 a name that the provider owns is refused with attribute and connection, and nothing is written', async () => {
    const { user } = await scene.login('google-oauth2', { sub: scene.subject(), name: 'G' });
    await expect(scene.update({ id: user.id, name: 'H', blocked: true })).rejects.toMatchObject({
      code: 'OPERATION_NOT_SUPPORTED',
      extensions: { attributes: ['name'], connection: 'google-oauth2' },
    });
    expect(await scene.read(user.id)).toMatchObject({ name: 'G', blocked: false, version: user.version });
  });

  it('P5 under on_first_login an edited name survives the next sign-in', async () => {
    const sub = scene.subject();
    const { user } = await scene.login('first', { sub, name: 'First' });
    await scene.update({ id: user.id, name: 'Edited' });
    await scene.login('first', { sub, name: 'Second', locale: 'fr' });
    expect(await scene.read(user.id)).toMatchObject({
      name: 'Edited',
      attributes: { locale: 'fr' },
      loginsCount: 2,
    });
  });

  it('P6 under on_each_login a changed name replaces the stored one and leaves metadata alone', async () => {
    const sub = scene.subject();
    const { user } = await scene.login('google-oauth2', { sub, name: 'Before' });
    await scene.core.metadata.update(
      scene.core.callAs(),
      { userId: user.id, store: 'user' },
      { name: 'mine' },
      'MERGE_SHALLOW',
    );
    scene.core.time.now += 1000;
    const second = await scene.login('google-oauth2', { sub, name: 'After' });
    expect(second).toMatchObject({ outcome: 'SIGNED_IN', changed: ['name'] });
    expect(await scene.read(user.id)).toMatchObject({ name: 'After', updatedAt: scene.core.time.now });
    expect((await scene.metadataOf(user.id)).userJson).toEqual({ name: 'mine' });
  });

  it('never_on_login copies nothing of the five, and leaves them to be edited', async () => {
    const sub = scene.subject();
    const { user } = await scene.login('never', { sub, name: 'Ignored', email: 'n@x.io' });
    expect(user).toMatchObject({ name: null, email: 'n@x.io' });
    await scene.update({ id: user.id, name: 'Own' });
    await scene.login('never', { sub, name: 'Ignored' });
    expect(await scene.read(user.id)).toMatchObject({ name: 'Own' });
  });

  it('an attribute that is no longer sent goes only where the provider gave it; an address never', async () => {
    const sub = scene.subject();
    const { user } = await scene.login('google-oauth2', {
      sub,
      name: 'N',
      nickname: 'nick',
      email: 'o@x.io',
      email_verified: true,
    });
    await scene.core.callAs().store.transaction(async (store) => {
      const sources = {
        nickname: { source: 'LOCAL', connection: null, at: 1 },
        name: { source: 'PROVIDER', connection: 'google-oauth2', at: 1 },
      };
      await store.execute(
        sql`UPDATE "users" SET "attribute_sources" = ${JSON.stringify(sources)} WHERE "id" = ${user.id}`,
      );
    });
    await scene.login('google-oauth2', { sub });
    expect(await scene.read(user.id)).toMatchObject({
      name: null,
      nickname: 'nick',
      email: 'o@x.io',
      emailVerified: true,
    });
  });

  it('a connection may believe every address, or none', async () => {
    const trusted = await scene.login('trusting', { user_id: scene.subject(), email: 'a@x.io' });
    const doubted = await scene.login('doubting', {
      sub: scene.subject(),
      email: 'b@x.io',
      email_verified: true,
    });
    expect([trusted.user.emailVerified, doubted.user.emailVerified]).toEqual([true, false]);
  });

  it('a new address loses the proof of the old one; a proof found here outlives a provider that gives none', async () => {
    const sub = scene.subject();
    const { user } = await scene.login('doubting', { sub, email: 'c@x.io' });
    await scene.update({ id: user.id, emailVerified: true });
    await scene.login('doubting', { sub, email: 'c@x.io' });
    expect(await scene.read(user.id)).toMatchObject({ emailVerified: true });
    await scene.login('doubting', { sub, email: 'd@x.io' });
    expect(await scene.read(user.id)).toMatchObject({ email: 'd@x.io', emailVerified: false });
  });

  it('P7 whether the address of an SMS or enterprise user is verified cannot be edited', async () => {
    const sms = await scene.login('sms', { user_id: scene.subject(), phone_number: '+15550199' });
    const corp = await scene.login('corp', { user_id: scene.subject(), email: 'p7@corp.io' });
    for (const { user } of [sms, corp]) {
      await expect(scene.update({ id: user.id, emailVerified: true })).rejects.toMatchObject({
        code: 'OPERATION_NOT_SUPPORTED',
        extensions: { attributes: ['email_verified'] },
      });
    }
  });

  it('P13 without hooks a directory user is called by given and family name, and nicknamed by the account', async () => {
    const { user } = await scene.login('directory', {
      objectGUID: scene.subject(),
      sn: 'Doe',
      givenName: 'Jane',
      sAMAccountName: 'jdoe',
    });
    expect(user).toMatchObject({ name: null, givenName: 'Jane', familyName: 'Doe', nickname: 'jdoe' });
  });
});
