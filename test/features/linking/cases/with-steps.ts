import { Authenticator } from '#test/features/factors/support/authenticator';
import { codeAt } from '#test/features/factors/support/code-at';
import { issuer, minute, password, type Person } from '#test/features/factors/support/factor-scene';
import { home } from '#test/features/login-pages/support/login-scene';
import { secret, StepPage } from '#test/features/login-pages/support/step-page';
import type { Visitor } from '#test/features/login-pages/support/visitor';
import type { LinkingScene } from './linking-scene';

/** Links whose account is proved by a passkey, and sign-ins that lead through a page elsewhere before there is a session. */
export function stepCases(opened: () => LinkingScene): void {
  let scene: LinkingScene;
  let ada: Person;
  let count = 0;
  const account = () => ({ sub: `step${(count += 1)}`, email: ada.email });
  beforeEach(async () => {
    scene = opened();
    ada = await scene.person('stepping');
  });

  const passkeyOf = async (person: Person, verifies: boolean): Promise<Authenticator> => {
    await person.signIn();
    const key = new Authenticator({ origin: issuer, verifies });
    const { data } = await person.start({ passkey: { name: 'Laptop' } });
    const { authSession, options } = data.startEnrollment.enrollment;
    await person.verify({ passkey: { authSession, response: key.create(options) } });
    return key;
  };
  const addressOf = (visitor: Visitor): string =>
    visitor.visit.headers.get('refresh')?.slice('0;url='.length) ?? visitor.visit.url;
  /** A page that everybody has to visit while `work` runs. */
  const withPage = async (work: (page: StepPage) => Promise<void>): Promise<void> => {
    const input = {
      name: 'linking',
      url: 'https://steps.example/linking',
      secret,
      applicationIds: [scene.clientId],
    };
    await scene.admin(
      'mutation ($input: SaveLoginRedirectInput!) { saveLoginRedirect(input: $input) { loginRedirect { name } } }',
      { input },
    );
    try {
      await work(new StepPage(scene));
    } finally {
      await scene.admin('mutation { deleteLoginRedirect(input: { name: "linking" }) { deletedName } }');
    }
  };

  it('4.3 takes a passkey of the account for the proof, and no other', async () => {
    const key = await passkeyOf(ada, true);
    const eve = await scene.person('eve');
    const foreign = await passkeyOf(eve, true);
    const visitor = await scene.arrive('ask', account());
    const use = async (passkey: Authenticator): Promise<void> => {
      await visitor.send('link-passkey');
      const options = JSON.parse(unescaped(/data-options="([^"]*)"/.exec(visitor.visit.body)?.[1] ?? ''));
      await visitor.send('link-passkey-done', { response: JSON.stringify(passkey.get(options)) });
    };
    await use(foreign);
    expect([visitor.visit.status, visitor.session]).toEqual([400, undefined]);
    expect(await scene.identities(ada.id)).toEqual(['main']);
    await use(key);
    expect(visitor.visit.url).toBe(home);
    expect(await scene.me(visitor)).toMatchObject({ me: { id: ada.id } });
    expect(await scene.identities(ada.id)).toEqual(['main', 'ask']);
  });

  it('6.4 visits a page elsewhere after the proof of a link, which is made with the session', async () => {
    await withPage(async (page) => {
      const visitor = await scene.arrive('ask', account());
      expect(visitor.title).toBe('You have an account here already');
      await visitor.send('link-password', { password });
      const address = addressOf(visitor);
      expect([page.read(address).told.sub, visitor.session]).toEqual([ada.id, undefined]);
      expect(await scene.identities(ada.id)).toEqual(['main']);
      await visitor.open(page.back(address, await page.answer(address)));
      expect(visitor.visit.url).toBe(home);
      expect(await scene.me(visitor)).toMatchObject({ me: { id: ada.id } });
      expect(await scene.identities(ada.id)).toEqual(['main', 'ask']);
    });
  });

  it('6.4 links nothing where that page refuses, and makes a user of its own of whoever declines', async () => {
    await withPage(async (page) => {
      const refused = await scene.arrive('ask', account());
      await refused.send('link-password', { password });
      const there = addressOf(refused);
      await refused.open(page.back(there, await page.answer(there), { error: 'access_denied' }));
      expect([refused.visit.status, refused.session]).toEqual([403, undefined]);
      expect(await scene.identities(ada.id)).toEqual(['main']);
      const apart = account();
      const visitor = await scene.arrive('ask', apart);
      await visitor.send('link-decline');
      const address = addressOf(visitor);
      expect(page.read(address).told.sub).toBe(`oidc|ask|${apart.sub}`);
      await visitor.open(page.back(address, await page.answer(address)));
      expect((await scene.me(visitor)).me.id).toBe(`oidc|ask|${apart.sub}`);
      expect(await scene.identities(ada.id)).toEqual(['main']);
    });
  });

  it('6.4 remembers the device of a second factor that such a page follows', async () => {
    await ada.signIn();
    const { seed } = await ada.enrollTotp(scene.clock.time);
    await scene.pass(minute);
    await withPage(async (page) => {
      const visitor = await scene.visitor().open(scene.page());
      await visitor.send('identify', { identifier: ada.email });
      await visitor.send('password', { password });
      await visitor.send('proof', { code: codeAt(seed, scene.clock.time), remember: '1' });
      const address = addressOf(visitor);
      expect([page.read(address).told.sub, visitor.session]).toEqual([ada.id, undefined]);
      await visitor.open(page.back(address, await page.answer(address)));
      expect(visitor.session).toBeDefined();
      expect(visitor.browser.cookie(issuer, 'gid_mfa')).toMatch(/^[\w-]{43}$/);
      // The same browser is asked for the password alone, and then visits the page.
      await visitor.open(`${issuer}/logout`).catch(() => undefined);
      const again = await visitor.open(scene.page({ prompt: 'login' }));
      await again.send('identify', { identifier: ada.email });
      await again.send('password', { password });
      expect(page.read(addressOf(again)).told.sub).toBe(ada.id);
    });
  });
}

function unescaped(text: string): string {
  return text.replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
}
