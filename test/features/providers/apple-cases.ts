import { generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { TestBrowser } from '#test/support/browser';
import { issuer, type ProviderScene } from './provider-word.http.test';

/** What is different about Apple: answers come by POST, the client secret is signed for each exchange, the name is told once. */
export function appleCases(current: () => ProviderScene): void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const half = 182 * 24 * 3_600;

  const post = async (fields: Record<string, string>, claims = {}) => {
    const { app, hostile, begin } = current();
    const browser = new TestBrowser({ [issuer]: app.url });
    const answer = new URL(await begin(browser, 'apple'));
    hostile.lies = { claims: { sub: '001.apple', ...claims } };
    const form = { ...Object.fromEntries(answer.searchParams), ...fields };
    return { browser, done: await browser.request(`${issuer}${answer.pathname}`, form) };
  };
  const user = async () =>
    (await current().query('{ user(id: "apple|001.apple") { name givenName familyName email } }'))['user'];

  it('signs a secret for each exchange at Apple, and takes the name that is told beside the first code alone', async () => {
    const { app, hostile, begin, mutate } = current();
    await mutate(
      'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
      {
        input: {
          ...{ name: 'apple', strategy: 'apple' },
          oauth: {
            ...{ issuer: hostile.issuer, clientId: 'gatehouse', teamId: 'TEAM123456', keyId: 'KEY1234567' },
            privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
          },
        },
      },
    );
    const browser = new TestBrowser({ [issuer]: app.url });
    expect(await begin(browser, 'apple')).toContain('/login/callback/apple');
    const named = { name: { firstName: ' Ada ', lastName: 'Byron' }, email: 'forged@apple.example' };
    const first = await post({ user: JSON.stringify(named) });
    expect(first.done.status).toBe(303);
    const secret = hostile.lastExchange.get('client_secret') ?? '';
    expect(decodeProtectedHeader(secret)).toEqual({ alg: 'ES256', kid: 'KEY1234567' });
    const { payload } = await jwtVerify(secret, publicKey);
    expect(payload).toMatchObject({ iss: 'TEAM123456', sub: 'gatehouse', aud: hostile.issuer });
    expect((payload.exp ?? Infinity) - (payload.iat ?? 0)).toBeLessThan(half);
    const stored = { name: 'Ada Byron', givenName: 'Ada', familyName: 'Byron', email: null };
    expect(await user()).toEqual(stored);
    for (const field of [
      undefined,
      'no JSON',
      '[]',
      '{"name":7}',
      `{"name":{"firstName":"${'x'.repeat(3_000)}"}}`,
    ]) {
      const again = await post(field === undefined ? {} : { user: field });
      expect([again.done.status, await user()]).toEqual([303, stored]);
    }
    await post({ user: '{"name":{"firstName":"Eve"}}' }, { name: 'Ada Lovelace', given_name: 'Ada' });
    expect(await user()).toEqual({ ...stored, name: 'Ada Lovelace' });
  });

  it('takes no name beside the code of another provider', async () => {
    const { app, hostile, begin, query } = current();
    const browser = new TestBrowser({ [issuer]: app.url });
    const address = await begin(browser);
    hostile.lies = { claims: { sub: 'not-apple' } };
    const named = encodeURIComponent('{"name":{"firstName":"Eve"}}');
    expect((await browser.request(`${address}&user=${named}`)).status).toBe(303);
    expect(await query('{ user(id: "oidc|hostile|not-apple") { givenName } }')).toEqual({
      user: { givenName: null },
    });
  });
}
