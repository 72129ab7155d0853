import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { oauthOptions } from '#src/features/providers/oauth/oauth-options';
import { ProviderClient } from '#src/features/providers/oauth/provider-client';
import type { Outbound, OutboundCall } from '#src/http/outbound';

const microsoft = 'https://login.microsoftonline.com';
const tenant = 'f6b4f2a0-1111-4222-8333-444455556666';

/** Microsoft's endpoint for every company: its issuer is a template, its tokens name the company. */
async function givenMicrosoft(claims: Record<string, unknown>) {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const calls: OutboundCall[] = [];
  let checks = { nonce: '' };
  const answers: Record<string, () => Promise<unknown>> = {
    [`${microsoft}/common/v2.0/.well-known/openid-configuration`]: () =>
      Promise.resolve({
        issuer: `${microsoft}/{tenantid}/v2.0`,
        authorization_endpoint: `${microsoft}/common/oauth2/v2.0/authorize`,
        token_endpoint: `${microsoft}/common/oauth2/v2.0/token`,
        jwks_uri: `${microsoft}/common/discovery/v2.0/keys`,
        ...{ response_types_supported: ['code'], subject_types_supported: ['pairwise'] },
        id_token_signing_alg_values_supported: ['RS256'],
      }),
    [`${microsoft}/common/discovery/v2.0/keys`]: async () => ({ keys: [await exportJWK(publicKey)] }),
    [`${microsoft}/common/oauth2/v2.0/token`]: async () => {
      const now = Math.floor(Date.now() / 1_000);
      const all = {
        aud: 'gatehouse',
        sub: 'pairwise',
        nonce: checks.nonce,
        iat: now,
        exp: now + 300,
        ...claims,
      };
      const id_token = await new SignJWT(all).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
      return { token_type: 'Bearer', access_token: 'a', id_token };
    },
  };
  const outbound: Outbound = {
    send: async (call) => {
      calls.push(call);
      return { status: 200, body: Buffer.from(JSON.stringify(await answers[call.url]?.())) };
    },
    close: () => Promise.resolve(),
  };
  const client = new ProviderClient(outbound, { now: () => Date.now() });
  const signIn = async (secret: string) => {
    const options = oauthOptions('waad', { client_id: 'gatehouse' }, new Map([['clientSecret', secret]]));
    const made = client.newChecks();
    checks = made;
    const callback = 'https://gateway.example/login/callback/entra';
    const url = new URL(await client.authorizationUrl(options, callback, made));
    const answer = new URL(`${callback}?code=c&state=${made.state}`);
    const identity = await client.identity(options, answer, made).catch((error: unknown) => error as Error);
    return { url, identity };
  };
  return { signIn, calls };
}

/** A provider without discovery; answers what comes of an answer that names its sender. */
async function answerOf(strategy: string, stored: Record<string, unknown>, sender: string | null) {
  const exchanged: string[] = [];
  const outbound: Outbound = {
    send: ({ url, method }) => {
      if (method === 'POST') exchanged.push(url);
      const said = method === 'POST' ? { token_type: 'bearer', access_token: 'a' } : { id: 7 };
      return Promise.resolve({ status: 200, body: Buffer.from(JSON.stringify(said)) });
    },
    close: () => Promise.resolve(),
  };
  const client = new ProviderClient(outbound, { now: () => Date.now() });
  const options = oauthOptions(strategy, { client_id: 'gatehouse', ...stored }, new Map());
  const checks = client.newChecks();
  const answer = new URL(`https://gateway.example/login/callback/one?code=c&state=${checks.state}`);
  if (sender !== null) answer.searchParams.set('iss', sender);
  const identity = await client.identity(options, answer, checks).catch((error: unknown) => error as Error);
  return { id: identity instanceof Error ? null : identity.claims['id'], exchanges: exchanged.length };
}

describe('speaking with a provider', () => {
  it.each([
    ['https://github.com/login/oauth', { id: 7, exchanges: 1 }],
    [null, { id: 7, exchanges: 1 }],
    ['https://github.com', { id: null, exchanges: 0 }],
    ['https://evil.example', { id: null, exchanges: 0 }],
  ])(
    '3.2 3.3 of GitHub, which names itself in its answers (RFC 9207), takes one by %s so',
    async (iss, all) => {
      expect(await answerOf('github', {}, iss)).toEqual(all);
    },
  );

  it('3.2 takes an answer of a provider of which the endpoints alone are known, whatever it calls itself', async () => {
    const endpoints = {
      authorization_endpoint: 'https://id.example/authorize',
      token_endpoint: 'https://id.example/token',
      userinfo_endpoint: 'https://id.example/me',
    };
    for (const iss of ['https://id.example', 'https://id.example/authorize', null])
      expect(await answerOf('oauth2', endpoints, iss)).toEqual({ id: 7, exchanges: 1 });
  });

  it('3.3 knows every company of Microsoft by the issuer that its tokens name', async () => {
    const { signIn } = await givenMicrosoft({ iss: `${microsoft}/${tenant}/v2.0`, tid: tenant, oid: 'ada' });
    const { url, identity } = await signIn('secret');
    expect(url.pathname).toBe('/common/oauth2/v2.0/authorize');
    expect(identity).toMatchObject({ claims: { oid: 'ada', tid: tenant } });
  });

  it.each([
    ['the company of another token', { iss: `${microsoft}/another/v2.0`, tid: tenant }],
    ['no company', { iss: `${microsoft}/${tenant}/v2.0` }],
    ['the template itself', { iss: `${microsoft}/{tenantid}/v2.0`, tid: tenant }],
    ['an issuer elsewhere', { iss: `https://evil.example/${tenant}/v2.0`, tid: tenant }],
  ])('3.3 refuses a token of Microsoft that names %s', async (_title, claims) => {
    const { signIn } = await givenMicrosoft(claims);
    expect((await signIn('secret')).identity).toBeInstanceOf(Error);
  });

  it('discovers once, and anew for a client whose secret has changed', async () => {
    const { signIn, calls } = await givenMicrosoft({ iss: `${microsoft}/${tenant}/v2.0`, tid: tenant });
    for (const secret of ['one', 'one', 'two', 'two', 'one']) await signIn(secret);
    const discoveries = calls.filter(({ url }) => url.includes('well-known'));
    const sent = calls.filter(({ body }) => body !== undefined).map(({ body }) => new URLSearchParams(body));
    expect(discoveries).toHaveLength(2);
    expect(sent.map((form) => form.get('client_secret'))).toEqual(['one', 'one', 'two', 'two', 'one']);
  });
});
