import type { TestApp } from '#test/support/app';
import type { TestBrowser } from '#test/support/browser';
import type { OpenIdProvider } from '#test/support/openid-provider';

const issuer = 'http://127.0.0.1:4999';
const bye = 'https://shop.example/bye';

interface Scene {
  readonly app: TestApp;
  /** Of the connection `corp`. */
  readonly provider: OpenIdProvider;
  readonly clientId: string;
  browser(): TestBrowser;
  start(connection: string): string;
  mutate(query: string, variables: Record<string, unknown>): Promise<unknown>;
}

/** Signing out here and at a certified OpenID provider, which has a page and a session of its own. */
export function realSignOutCases(scene: () => Scene): void {
  it('1.8 ends the session at a certified provider as well, by its own page, and comes back', async () => {
    const { app, provider, clientId, browser, start, mutate } = scene();
    await mutate(
      'mutation ($input: UpdateApplicationInput!) { updateApplication(input: $input) { application { id } } }',
      { input: { id: clientId, allowedLogoutUrls: [bye] } },
    );
    provider.account = { sub: 'leaver' };
    const visitor = browser();
    const signIn = async (): Promise<number> => {
      const before = provider.logins;
      expect((await visitor.visit(start('corp'), 'https://shop.example')).status).toBeLessThan(400);
      return provider.logins - before;
    };
    // The provider knows the browser again as long as its session lives.
    expect([await signIn(), await signIn()]).toEqual([1, 0]);
    const cookie = `gid_session=${visitor.cookie(issuer, 'gid_session') ?? ''}`;
    const headers = { cookie, origin: issuer, 'sec-fetch-site': 'same-origin' };
    const { data } = await app.ask('{ currentSession { id } }', { headers });
    const leaving = new URLSearchParams({
      ...{ client_id: clientId, logout_hint: (data?.['currentSession'] as { id: string }).id },
      ...{ federated: '', post_logout_redirect_uri: bye },
    });
    const asked = await visitor.visit(`${issuer}/oidc/logout?${leaving.toString()}`);
    expect([asked.status, new URL(asked.url).origin]).toEqual([200, provider.issuer]);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked.body)?.[1] ?? '';
    const confirm = /action="([^"]+)"/.exec(asked.body)?.[1] ?? '';
    const left = await visitor.visit(confirm, bye, { xsrf, logout: 'yes' });
    expect(left.url).toBe(bye);
    expect((await app.ask('{ me { id } }', { headers })).data?.['me'] ?? null).toBeNull();
    expect(await signIn()).toBe(1);
  });
}
