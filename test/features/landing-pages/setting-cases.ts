import { sql } from '#src/storage/sql';
import { issuer, shop, type LandingScene } from './landing-scene';

/** What operators decide about a landing page, and what bounds it. */
export function settingCases(current: () => LandingScene): void {
  let scene: LandingScene;
  beforeAll(() => {
    scene = current();
  });

  it('OAU-06 sends nobody to a connection that was disabled after the start, and takes no answer of it', async () => {
    const disable = (isEnabled: boolean) =>
      scene.app.call().store.transaction(async (store) => {
        const { connections } = scene.app.app.product;
        const row = await connections.stored(store, 'corp');
        if (row) await connections.change(store, row, { ...row, isEnabled });
      });
    const begun = await scene.begin();
    const sent = await scene.begin();
    const visitor = scene.browser();
    const caught = await visitor.visit(sent.url, `${issuer}/login/callback/`, undefined, {
      referer: `${shop}/`,
    });
    await disable(false);
    expect((await scene.visit(begun.url)).body).toContain('CONNECTION_DISABLED');
    await visitor.visit(caught.url);
    expect((await scene.take(sent)).code).toBe('PROFILE_REFUSED');
    expect((await scene.start()).code).toBe('CONNECTION_DISABLED');
    await disable(true);
  });

  it('asks for the agreed text first, and records it', async () => {
    const clientId = await scene.addPage('Newsletter');
    await scene.configure(clientId, { consentTextId: 'newsletter-2026' });
    expect((await scene.start({ clientId })).code).toBe('CONSENT_REQUIRED');
    expect((await scene.start({ clientId, consentTextId: 'other' })).code).toBe('CONSENT_REQUIRED');
    expect((await scene.capture({ clientId, consentTextId: 'newsletter-2026' })).status).toBe(200);
    const { data } = await scene.query(
      'query ($id: ID!) { landingPageCaptures(clientId: $id) { totalCount nodes { consentTextId } } }',
      { id: clientId },
    );
    expect(data).toEqual({
      landingPageCaptures: { totalCount: 1, nodes: [{ consentTextId: 'newsletter-2026' }] },
    });
  });

  it('makes a user without a session where it is asked to, and none of somebody who is blocked', async () => {
    const clientId = await scene.addPage('Members');
    await scene.configure(clientId, { storage: 'CREATE_USER' });
    scene.provider.account = { ...scene.provider.account, sub: 'grace', name: 'Grace' };
    expect((await scene.capture({ clientId })).status).toBe(200);
    const ask = () =>
      scene.query(
        `query ($id: ID!) { user(id: "oidc|corp|grace") { name sessions(first: 1) { totalCount } }
          landingPageCaptures(clientId: $id) { nodes { userId } } }`,
        { id: clientId },
      );
    expect((await ask()).data).toEqual({
      user: { name: 'Grace', sessions: { totalCount: 0 } },
      landingPageCaptures: { nodes: [{ userId: 'oidc|corp|grace' }] },
    });
    await scene.mutate('mutation ($input: BlockUserInput!) { blockUser(input: $input) { user { id } } }', {
      id: 'oidc|corp|grace',
    });
    const refused = await scene.capture({ clientId });
    expect([refused.code, JSON.stringify(refused.body)]).toEqual([
      'PROFILE_REFUSED',
      expect.stringContaining('USER_BLOCKED'),
    ]);
  });

  it('counts 30 starts of a network in a minute, and refuses the next', async () => {
    const clientId = await scene.addPage('Busy');
    const answers = await scene.atOnce(() =>
      Promise.all(Array.from({ length: 31 }, () => scene.start({ clientId }))),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map(({ status, code }) => [status, code])).toEqual([[429, 'TOO_MANY_ATTEMPTS']]);
    expect(refused[0]?.headers.get('access-control-allow-origin')).toBe(shop);
  });

  it('7.2 counts 600 starts of a page in a minute, whatever networks they come from, and refuses the next', async () => {
    const clientId = await scene.addPage('Crowded');
    const { store } = scene.app.call();
    const change = (statement: ReturnType<typeof sql>) =>
      store.transaction((inside) => inside.execute(statement));
    const ofPages = async (): Promise<string[]> => {
      const rows = await store.query<{ key: string }>(
        sql`SELECT c.key AS "key" FROM attempt_counters c WHERE c.kind = ${'landing_page_starts'} AND c.network IS NULL`,
        { key: 'text' },
      );
      return rows.map(({ key }) => key);
    };
    const others = await ofPages();
    await scene.atOnce(async () => {
      const start = async () => (await scene.start({ clientId })).code ?? 'BEGUN';
      await change(
        sql`DELETE FROM attempt_counters WHERE kind = ${'landing_page_starts'} AND network IS NOT NULL`,
      );
      expect(await start()).toBe('BEGUN');
      const [own = ''] = (await ofPages()).filter((key) => !others.includes(key));
      // As after 599 of them.
      const drained = scene.app.app.platform.clock.now() + 59_900;
      await change(sql`UPDATE attempt_counters SET since = ${drained} WHERE key = ${own}`);
      expect([await start(), await start()]).toEqual(['BEGUN', 'TOO_MANY_ATTEMPTS']);
      await change(sql`DELETE FROM attempt_counters WHERE key = ${own}`);
    });
  });

  it('is set up by those who change applications, and read by those who may', async () => {
    const ask = async (text: string, permissions: string[]) =>
      scene.app.ask(text, {
        token: await scene.app.machine(permissions),
        variables: { id: scene.clientId },
      });
    const config =
      'query ($id: ID!) { landingPageConfig(clientId: $id) { storage script { url integrity tag } } }';
    const { data } = await ask(config, ['read:applications']);
    expect(data?.['landingPageConfig']).toMatchObject({
      storage: 'CAPTURE_ONLY',
      script: { url: `${issuer}/embed/v1.js`, integrity: expect.stringMatching(/^sha384-/) },
    });
    const refused = [
      await ask(config, ['read:users']),
      await ask('query ($id: ID!) { landingPageCaptures(clientId: $id) { totalCount } }', [
        'read:applications',
      ]),
      await ask(
        'mutation ($id: ID!) { updateLandingPageConfig(input: { clientId: $id, storage: CREATE_USER }) { __typename } }',
        ['read:applications'],
      ),
    ];
    expect(refused.every(({ errors }) => errors[0]?.extensions.code.startsWith('FORBIDDEN'))).toBe(true);
    for (const change of ['returnedAttributes: []', `consentTextId: "${'x'.repeat(129)}"`]) {
      const { errors } = await ask(
        `mutation ($id: ID!) { updateLandingPageConfig(input: { clientId: $id, ${change} }) { __typename } }`,
        ['update:applications'],
      );
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    }
    await scene.configure(scene.clientId, { consentTextId: 'x'.repeat(128) });
    await scene.configure(scene.clientId, { consentTextId: null });
  });
}
