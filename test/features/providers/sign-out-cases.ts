import type { TestBrowser } from '#test/support/browser';
import { issuer, type ProviderScene } from './provider-word.http.test';

const bye = 'https://shop.example/bye?from=gate';

/** Somebody signs out here by a page, and at the provider too. */
export function signOutCases(current: () => ProviderScene): void {
  let clientId: string;
  beforeAll(async () => {
    const made = await current().mutate(
      'mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { id } } }',
      {
        input: {
          name: 'Leaving',
          type: 'REGULAR_WEB',
          allowedLogoutUrls: [bye],
        },
      },
    );
    clientId = made['createApplication']?.['application']?.['id'] as string;
  });

  const signedIn = async (): Promise<{ browser: TestBrowser; sid: string }> => {
    const { browser } = await current().signIn({ sub: 'leaver' });
    const cookie = `gid_session=${browser.cookie(issuer, 'gid_session') ?? ''}`;
    const headers = { cookie, origin: issuer, 'sec-fetch-site': 'same-origin' };
    const { data } = await current().app.ask('{ currentSession { id } }', {
      headers,
    });
    return { browser, sid: (data?.['currentSession'] as { id: string }).id };
  };
  const page = (query: Record<string, string>, path = '/oidc/logout') =>
    `${issuer}${path}?${new URLSearchParams(query).toString()}`;
  const titleOf = (body: string) => /<h1>([^<]*)/.exec(body)?.[1];
  const hidden = (body: string): Record<string, string> =>
    Object.fromEntries(
      [...body.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        value.replaceAll('&#38;', '&'),
      ]),
    );

  it('1.11.11 asks nobody whom an application sends that is our own and does without', async () => {
    const update = (isFirstParty: boolean) =>
      current().mutate(
        'mutation ($input: UpdateApplicationInput!) { updateApplication(input: $input) { application { id } } }',
        { input: { id: clientId, isFirstParty } },
      );
    const change = `mutation ($input: UpdateApplicationSessionSettingsInput!) {
      updateApplicationSessionSettings(input: $input) { application { sessionSettings { requireLogoutConfirmation } } } }`;
    const input = { applicationId: clientId, requireLogoutConfirmation: false };
    await update(false);
    const { app } = current();
    const refused = await app.ask(change, { token: await app.administrator(), variables: { input } });
    expect(refused.errors.map(({ extensions }) => extensions.code)).toEqual(['VALIDATION_FAILED']);
    await update(true);
    expect(await current().mutate(change, { input })).toEqual({
      updateApplicationSessionSettings: {
        application: { sessionSettings: { requireLogoutConfirmation: false } },
      },
    });
    const { browser } = await signedIn();
    const done = await browser.request(page({ client_id: clientId }));
    expect(titleOf(done.body)).toBe('You are signed out');
    const next = await signedIn();
    expect(titleOf((await next.browser.request(page({}))).body)).toBe('Do you want to sign out?');
    // The setting is that of a first-party application: it counts for nothing once it is none.
    await update(false);
    const asked = await next.browser.request(page({ client_id: clientId }));
    expect(titleOf(asked.body)).toBe('Do you want to sign out?');
    await update(true);
    await current().mutate(change, { input: { ...input, requireLogoutConfirmation: null } });
  });

  it('1.11.11 SES-11 asks before it signs anybody out who has no hint, or that of another session', async () => {
    const { browser, sid } = await signedIn();
    for (const hint of [{}, { logout_hint: 'ses_of_somebody' }]) {
      const asked = await browser.request(page({ client_id: clientId, ...hint }));
      expect([asked.status, titleOf(asked.body)]).toEqual([200, 'Do you want to sign out?']);
      expect(asked.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    const { body } = await browser.request(page({ client_id: clientId, post_logout_redirect_uri: bye }));
    const { csrf = '', ...rest } = hidden(body);
    const forged = await browser.request(`${issuer}/oidc/logout`, rest);
    expect(titleOf(forged.body)).toBe('Do you want to sign out?');
    expect((await current().me(browser))?.id).toBe('oidc|hostile|leaver');
    const done = await browser.request(`${issuer}/oidc/logout`, {
      ...rest,
      csrf,
    });
    expect([titleOf(done.body), done.headers.get('refresh')]).toEqual(['You are signed out', `0;url=${bye}`]);
    expect([await current().me(browser), browser.cookie(issuer, 'gid_session')]).toEqual([null, undefined]);
    expect(sid).toMatch(/^ses_/);
  });

  it.each([
    ['https://shop.example/bye', null],
    ['https://shop.example.evil.example/bye?from=gate', null],
    ['//shop.example/bye?from=gate', null],
    ['https:evil.example', null],
    ['https://shop.example@evil.example/bye?from=gate', null],
    ['javascript:alert(1)', null],
    [`${bye}\r\nlocation: https://evil.example`, null],
    [bye, `${bye}&state=a%20%26b`],
  ])('1.11.10 WEB-01 with the hint it ends at once, and %s leads to %s', async (target, location) => {
    const { browser, sid } = await signedIn();
    const query = {
      client_id: clientId,
      logout_hint: sid,
      post_logout_redirect_uri: target,
      state: 'a &b',
    };
    const done = await browser.request(page(query));
    expect(done.headers.get('location')).toBe(location);
    expect(done.status).toBe(location === null ? 200 : 303);
    expect(await current().me(browser)).toBeNull();
    const again = await browser.request(page({ client_id: clientId }));
    expect([again.status, titleOf(again.body)]).toEqual([200, 'You are signed out']);
  });

  it('1.8 the address of Auth0 takes the first one that the application lists', async () => {
    const { browser } = await signedIn();
    const asked = await browser.request(page({ client_id: clientId }, '/v2/logout'));
    const done = await browser.request(`${issuer}/oidc/logout`, hidden(asked.body));
    expect(done.headers.get('refresh')).toBe(`0;url=${bye}`);
  });

  it('1.8 what is malformed is answered 400, and ends nothing', async () => {
    const { browser, sid } = await signedIn();
    const twice = await browser.request(`${page({ logout_hint: sid })}&logout_hint=${sid}`);
    const long = await browser.request(page({ logout_hint: sid, state: 'x'.repeat(2_049) }));
    expect([twice.status, long.status]).toEqual([400, 400]);
    expect(await current().me(browser)).not.toBeNull();
  });

  it('1.8 leaves the provider too, with the token that it gave, and comes back to where it may', async () => {
    const { hostile } = current();
    const { browser, sid } = await signedIn();
    const query = {
      client_id: clientId,
      logout_hint: sid,
      federated: '',
      post_logout_redirect_uri: bye,
    };
    const sent = new URL((await browser.request(page(query))).headers.get('location') ?? 'http://nowhere/');
    expect(sent.origin + sent.pathname).toBe(`${hostile.issuer}/end`);
    const { id_token_hint: hint = '', ...rest } = Object.fromEntries(sent.searchParams);
    const comesBackTo = `${issuer}/login/callback/hostile?logout=1`;
    expect(rest).toMatchObject({
      client_id: 'gatehouse',
      post_logout_redirect_uri: comesBackTo,
    });
    expect(JSON.parse(Buffer.from(hint.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      sub: 'leaver',
    });
    expect(await current().me(browser)).toBeNull();
    const { auditEvents } = await current().query(
      '{ auditEvents(first: 1, action: "session.sign_out") { nodes { details } } }',
    );
    expect(auditEvents).toEqual({
      nodes: [{ details: { federated: 'requested' } }],
    });
    const wrong = await browser.request(`${issuer}/login/callback/keeping?logout=1&state=made-up`);
    expect([wrong.status, titleOf(wrong.body)]).toEqual([200, 'You are signed out']);
    const back = `${comesBackTo}&state=${rest['state'] ?? ''}`;
    expect((await browser.request(back)).headers.get('location')).toBe(bye);
    expect(titleOf((await browser.request(back)).body)).toBe('You are signed out');
  });
}
