import type { Person } from '#test/features/factors/support/factor-scene';
import type { LinkingScene } from './linking-scene';

const start = `mutation ($input: StartAccountConnectionInput!) { startAccountConnection(input: $input) { expiresAt } }`;

/** Where an application may have a browser sent to. */
export function redirectCases(opened: () => LinkingScene): void {
  let scene: LinkingScene;
  let ada: Person;
  beforeEach(async () => {
    scene = opened();
    ada = await scene.person('redirected');
    await ada.signIn();
  });

  it('6.5-1, 6.5-2, 6.5-3, 6.5-4 the browser is sent to a registered callback alone', async () => {
    const make = `mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { id } } }`;
    const application = async (
      type: string,
      callbacks: readonly string[],
      more: object = {},
    ): Promise<string> => {
      const named = {
        name: `${type} ${callbacks.join()} ${ada.email}`.slice(0, 100),
        type,
        callbacks,
        ...more,
      };
      return (await scene.admin(make, { input: named })).createApplication.application.id as string;
    };
    const web = await application('REGULAR_WEB', ['https://a.example/cb', 'http://127.0.0.1/cb']);
    const native = await application('NATIVE', [
      'http://127.0.0.1/cb',
      'http://localhost/cb',
      'com.example.app:/cb',
    ]);
    const development = await application('REGULAR_WEB', ['https://*.example.com/cb'], { devMode: true });
    const judged = async (clientId: string, url: string): Promise<boolean> => {
      const { codes } = await ada.ask(start, {
        input: { connection: 'unknown', clientId, redirectUri: url, codeChallenge: 'x'.repeat(43) },
      });
      expect([url, codes]).toEqual([url, codes.length === 0 ? [] : ['REDIRECT_NOT_ALLOWED']]);
      return codes.length === 0;
    };
    const taken = [
      [web, 'https://a.example/cb'],
      [web, 'https://A.example:443/cb'],
      [native, 'http://127.0.0.1:51234/cb'],
      [native, 'com.example.app:/cb'],
      [development, 'https://a.example.com/cb'],
    ] as const;
    for (const [clientId, url] of taken) expect([url, await judged(clientId, url)]).toEqual([url, true]);
    const evil = [
      ...[
        'https://a.example/cb/',
        'https://a.example/CB',
        'https://a.example/cb?x=1',
        'https://a.example:444/cb',
      ],
      ...['http://a.example/cb', 'http://127.0.0.1:51234/cb', '//evil', '/\\evil', '/%09/evil', 'https:evil'],
      ...[
        'https://a.example@evil/cb',
        'https://a.example.evil/cb',
        'https://a.example/cb?next=%252F%252Fevil',
      ],
      ...[
        'https://a.example\\@evil/cb',
        'https://a.example/cb#x',
        'https://a.example/x/../cb',
        'javascript:alert(1)',
        '',
      ],
    ];
    for (const url of evil) expect([url, await judged(web, url)]).toEqual([url, false]);
    expect(await judged(native, 'http://localhost:51234/cb')).toBe(false);
    for (const url of ['https://a.b.example.com/cb', 'https://example.com/cb', 'https://*.example.com/cb'])
      expect([url, await judged(development, url)]).toEqual([url, false]);
    const wildcard = {
      input: { name: `wild ${ada.email}`, type: 'REGULAR_WEB', callbacks: ['https://*.example.com/cb'] },
    };
    const refusal = await scene.app.ask(make, {
      token: await scene.app.administrator(),
      variables: wildcard,
    });
    expect(refusal.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'callbacks' });
  });
}
