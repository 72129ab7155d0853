import { codeAt } from '#test/features/factors/support/code-at';
import { sql } from '#src/storage/sql';
import { minute, password, type Person } from '#test/features/factors/support/factor-scene';
import { home } from '#test/features/login-pages/support/login-scene';
import { signedIn, type LinkingScene } from './linking-scene';

const begin = 'mutation ($input: BeginLinkInput!) { beginLink(input: $input) { url } }';

/** A signed-in user links an account at a provider by signing in there. */
export function sessionCases(opened: () => LinkingScene): void {
  let scene: LinkingScene;
  let ada: Person;
  let count = 0;
  const account = () => ({ sub: `own${(count += 1)}`, email: `own${count}@else.example` });
  beforeEach(async () => {
    scene = opened();
    ada = await scene.person('own');
  });
  const input = (connection: string) => ({ input: { connection, clientId: scene.clientId } });
  const codeOf = (body: string): string | undefined => /Code: (\w+)/.exec(body)?.[1];

  it('4.3 links an account that nobody has, in the session that began', async () => {
    const browser = await signedIn(scene, ada);
    const { data } = await ada.ask(begin, input('unknown'));
    scene.provider.account = account();
    await browser.open(data.beginLink.url);
    expect(browser.visit.url).toBe(`${home}#linked=unknown`);
    expect(browser.session).toBeUndefined();
    expect(await scene.identities(ada.id)).toEqual(['main', 'unknown']);
    expect((await scene.mail(ada.email)).template).toBe('account-linked');
    // From now on both ways lead to it.
    expect((await scene.me(await scene.arrive('unknown', scene.provider.account))).me.id).toBe(ada.id);
  });

  it('4.6-3 is refused when the session ended between start and callback', async () => {
    const browser = await signedIn(scene, ada);
    const { data } = await ada.ask(begin, input('unknown'));
    const again = await ada.ask(begin, input('unknown'));
    await ada.ask('mutation { signOut { session { id } } }');
    scene.provider.account = account();
    await browser.open(data.beginLink.url);
    expect(codeOf(browser.visit.body)).toBe('LINK_CONFLICT');
    // A new session of the same user is another one.
    await ada.signIn();
    await browser.open(again.data.beginLink.url);
    expect(codeOf(browser.visit.body)).toBe('LINK_CONFLICT');
    expect(await scene.identities(ada.id)).toEqual(['main']);
  });

  it('4.5 links nothing to an account whose address nobody has proved, whichever way', async () => {
    const bait = await scene.person('bait', { emailVerified: false });
    await bait.signIn();
    const begun = await bait.ask(begin, input('unknown'));
    expect(begun.codes).toEqual(['LINK_CONFLICT']);
    const link =
      'mutation ($input: LinkMyAccountInput!) { linkMyAccount(input: $input) { result { __typename } } }';
    const other = await scene.person('other');
    const account = { identifier: other.email, password };
    expect((await bait.ask(link, { input: account })).codes).toEqual(['LINK_CONFLICT']);
    expect(await scene.identities(bait.id)).toEqual(['main']);
    expect(await scene.identities(other.id)).toEqual(['main']);
  });

  it('4.5 links nothing when the address lost its proof between start and callback', async () => {
    const browser = await signedIn(scene, ada);
    const { data } = await ada.ask(begin, input('unknown'));
    await scene.app.app.platform.storage
      .open()
      .transaction((store) =>
        store.execute(sql`UPDATE users SET email_verified = FALSE WHERE id = ${ada.id}`),
      );
    scene.provider.account = account();
    await browser.open(data.beginLink.url);
    expect(codeOf(browser.visit.body)).toBe('LINK_CONFLICT');
    expect(await scene.identities(ada.id)).toEqual(['main']);
  });

  it('4.6-4 refuses an account that another user has, and says nothing of that user', async () => {
    const taken = account();
    const owner = await scene.person('owner');
    await (await signedIn(scene, owner)).open((await owner.ask(begin, input('unknown'))).data.beginLink.url);
    scene.provider.account = taken;
    const browserOfOwner = await signedIn(scene, owner);
    await browserOfOwner.open((await owner.ask(begin, input('unknown'))).data.beginLink.url);
    const before = await scene.identities(owner.id);
    const browser = await signedIn(scene, ada);
    const { data } = await ada.ask(begin, input('unknown'));
    await browser.open(data.beginLink.url);
    expect(codeOf(browser.visit.body)).toBe('LINK_CONFLICT');
    for (const told of [owner.email, owner.id, taken.email]) expect(browser.visit.body).not.toContain(told);
    expect([await scene.identities(ada.id), await scene.identities(owner.id)]).toEqual([['main'], before]);
  });

  it('4.6-6 takes over a user of its own with its sessions ended, and asks for its second factor', async () => {
    const other = account();
    const stranger = await scene.arrive('unknown', other);
    const otherId = (await scene.me(stranger)).me.id as string;
    await scene.admin(
      'mutation ($input: UpdateAppMetadataInput!) { updateAppMetadata(input: $input) { metadata { app } } }',
      { input: { userId: otherId, patch: { roles: ['boss'] } } },
    );
    const browser = await signedIn(scene, ada);
    await browser.open((await ada.ask(begin, input('unknown'))).data.beginLink.url);
    expect(browser.visit.url).toBe(`${home}#linked=unknown`);
    expect(await scene.me(stranger)).toMatchObject({ me: null });
    const { user } = await scene.admin('query ($id: ID!) { user(id: $id) { metadata { app } } }', {
      id: ada.id,
    });
    expect(user.metadata.app).toEqual({});
    expect(await scene.identities(otherId)).toBeNull();
  });

  it('4.6-8 goes on with the second factor of the other account', async () => {
    const other = account();
    const stranger = await scene.arrive('unknown', other);
    const id = (await scene.me(stranger)).me.id as string;
    const person = new (ada.constructor as new (...of: unknown[]) => Person)(scene.app, other.email, id);
    person.cookies.set('gid_session', stranger.session ?? '');
    const { seed } = await person.enrollTotp(scene.clock.time);
    await scene.pass(minute);
    const browser = await signedIn(scene, ada);
    await browser.open((await ada.ask(begin, input('unknown'))).data.beginLink.url);
    const linkToken = /#account_link_token=(.*)$/.exec(browser.visit.url)?.[1];
    expect(await scene.identities(ada.id)).toEqual(['main']);
    const complete =
      'mutation ($input: CompleteAccountLinkInput!) { completeAccountLink(input: $input) { linkedUserId } }';
    const done = await ada.ask(complete, {
      input: { linkToken, proof: { otpCode: codeAt(seed, scene.clock.time) } },
    });
    expect(done.data.completeAccountLink).toEqual({ linkedUserId: id });
    expect(await scene.identities(ada.id)).toEqual(['main', 'unknown']);
  });

  it('asks for a recent sign-in, a session, and a connection that links', async () => {
    expect((await ada.ask(begin, input('unknown'))).codes).toEqual(['UNAUTHENTICATED']);
    await ada.signIn();
    expect((await ada.ask(begin, input('off'))).codes).toEqual(['LINK_CONFLICT']);
    expect((await ada.ask(begin, input('nowhere'))).codes).toEqual(['CONNECTION_NOT_FOUND']);
    await scene.pass(16 * minute);
    expect((await ada.ask(begin, input('unknown'))).codes).toEqual(['STEP_UP_REQUIRED']);
  });
}
