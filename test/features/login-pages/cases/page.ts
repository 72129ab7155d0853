import { codeAt } from '#test/features/factors/support/code-at';
import { issuer, password, type Person } from '#test/features/factors/support/factor-scene';
import { home, type LoginScene } from '#test/features/login-pages/support/login-scene';
import type { Visitor } from '#test/features/login-pages/support/visitor';

/** The page with a password, and what may stand between it and the session. */
export function pageCases(opened: () => LoginScene): void {
  let scene: LoginScene;
  let ada: Person;
  beforeEach(async () => {
    scene = opened();
    ada = await scene.person('page');
  });

  const atPassword = async (identifier: string, query = {}): Promise<Visitor> => {
    const visitor = await scene.visitor().open(scene.page(query));
    return visitor.send('identify', { identifier });
  };
  const me = async (visitor: Visitor) => {
    const headers = { cookie: `gid_session=${visitor.session ?? ''}`, origin: issuer };
    return (await scene.app.ask('{ me { id } currentSession { cookieMode assurance } }', { headers })).data;
  };

  it('signs in by a password and goes where the application wants, without script', async () => {
    const visitor = await atPassword(ada.email, { return_to: '/orders?page=2' });
    expect(visitor.title).toBe('Enter your password');
    await visitor.send('password', { password, keep: '1' });
    expect([visitor.visit.status, visitor.visit.url]).toEqual([303, 'https://shop.example/orders?page=2']);
    expect(await me(visitor)).toEqual({
      me: { id: ada.id },
      currentSession: { cookieMode: 'PERSISTENT', assurance: 'AAL1' },
    });
    const short = await (await atPassword(ada.email)).send('password', { password });
    expect(await me(short)).toMatchObject({ currentSession: { cookieMode: 'NON_PERSISTENT' } });
  });

  it('says the same for an address that nobody has, and for a wrong password', async () => {
    const known = await atPassword(ada.email);
    const unknown = await atPassword('nobody1@example.com');
    const plain = (visitor: Visitor, identifier: string) => visitor.words.replaceAll(identifier, '');
    expect(plain(unknown, 'nobody1@example.com')).toBe(plain(known, ada.email));
    await known.send('password', { password: 'a wrong password' });
    await unknown.send('password', { password: 'a wrong password' });
    expect([known.visit.status, known.problem]).toEqual([400, unknown.problem]);
    expect(known.problem).not.toBeNull();
    expect([known.session, unknown.session]).toEqual([undefined, undefined]);
    await known.send('forgot');
    await unknown.send('forgot');
    expect(known.words).toBe(unknown.words);
  });

  it('signs in by its own page without an application', async () => {
    const visitor = await scene.visitor().open(`${issuer}/login`);
    await visitor.send('identify', { identifier: ada.email });
    await visitor.send('password', { password });
    expect(visitor.title).toBe('You are signed in');
    expect(await me(visitor)).toMatchObject({ me: { id: ada.id } });
  });

  it('PWD-11 asks for the second factor before there is a session, and for another one when that is wanted', async () => {
    await ada.signIn();
    const { seed } = await ada.enrollTotp(scene.clock.now());
    await scene.pass(30_000);
    const { data } = await ada.start({ recoveryCodes: {} });
    const { authSession, recoveryCodes } = data.startEnrollment.enrollment;
    await ada.verify({ recoveryCodes: { authSession, otpCode: recoveryCodes[0] } });
    const visitor = await atPassword(ada.email);
    await visitor.send('password', { password });
    expect([visitor.title, visitor.session]).toEqual(['One more step', undefined]);
    await visitor.send('proof', { code: '000000' });
    expect(visitor.problem).toContain('not right');
    await visitor.send('proof', { code: codeAt(seed, scene.clock.now()), remember: '1' });
    expect(visitor.visit.url).toBe(home);
    expect(await me(visitor)).toMatchObject({ currentSession: { assurance: 'AAL2' } });
    // The browser is remembered now.
    await visitor.open(scene.page());
    await visitor.send('identify', { identifier: ada.email });
    await visitor.send('password', { password });
    expect(visitor.visit.url).toBe(home);
  });

  it('sends a code by mail as a second factor', async () => {
    await ada.signIn();
    const { data } = await ada.start({ email: {} });
    const codeIn = async () => /\b(\d{6})\b/.exec((await scene.mail(ada.email)).text)?.[1] ?? '';
    const { authSession } = data.startEnrollment.enrollment;
    await ada.verify({ email: { authSession, otpCode: await codeIn() } });
    await scene.pass(1_000);
    const visitor = await atPassword(ada.email);
    await visitor.send('password', { password });
    expect(visitor.visit.body).toContain('sent to p…@example.com');
    await visitor.send('proof', { code: await codeIn() });
    expect(visitor.visit.url).toBe(home);
  });

  it('SES-17 takes no flow of another browser, none that was changed, none that is old, and no form of a foreign page', async () => {
    const visitor = await atPassword(ada.email);
    const [form] = visitor.forms();
    const fields = { ...form?.hidden, password } as Record<string, string>;
    const stranger = await scene.visitor().open(scene.page());
    const own = stranger.forms()[0]?.hidden.csrf ?? '';
    await stranger.open(`${issuer}/login`, { ...fields, csrf: own });
    expect([stranger.visit.status, stranger.title, stranger.session]).toEqual([
      400,
      'Start again',
      undefined,
    ]);
    await visitor.open(`${issuer}/login`, { ...fields, flow: `${fields.flow?.slice(0, -2) ?? ''}AA` });
    expect(visitor.title).toBe('Start again');
    const foreign = await fetch(`${scene.app.url}/login`, {
      method: 'POST',
      headers: {
        'sec-fetch-site': 'cross-site',
        'content-type': 'application/x-www-form-urlencoded',
        cookie: `gid_txn=${visitor.browser.cookie(issuer, 'gid_txn') ?? ''}`,
      },
      body: new URLSearchParams(fields).toString(),
    });
    expect(foreign.status).toBe(403);
    await scene.pass(3_600_001);
    await visitor.open(`${issuer}/login`, fields);
    expect([visitor.title, visitor.session]).toEqual(['Start again', undefined]);
  });

  it.each([
    ...['//evil.example', '/\\evil.example', '/%09/evil.example', 'https:evil.example'],
    ...['https://shop.example@evil.example', 'https://shop.example.evil.example', '/in?next=%252f%252fevil'],
  ])('6.5-1 goes to the default instead of %s', async (returnTo) => {
    const visitor = await atPassword(ada.email, { return_to: returnTo });
    await visitor.send('password', { password });
    expect(visitor.visit.url).toBe(home);
  });

  it('refuses an unknown application, and says why with a code', async () => {
    const visitor = await scene.visitor().open(scene.page({ client_id: 'app_none' }));
    expect([visitor.visit.status, visitor.title]).toEqual([403, 'Signing in did not work']);
    expect(visitor.visit.body).toContain('Code: FORBIDDEN');
  });

  it('keeps what people type out of the markup', async () => {
    const visitor = await atPassword('"><script>alert(1)</script>%flow%');
    expect(visitor.visit.body).not.toContain('<script');
    expect(visitor.visit.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self' https:\/\/shop.example; base-uri 'none'; frame-ancestors 'none'$/,
    );
  });
}
