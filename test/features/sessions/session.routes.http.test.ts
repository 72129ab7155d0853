import { createLocalJWKSet, jwtVerify } from 'jose';
import { sqliteDatabase } from '#test/support/databases';
import { openGateway, type Gateway } from '#test/features/sessions/support/gateway';
import { serveGateway } from '#test/features/sessions/support/served';

sqliteDatabase('discovery', (database) => {
  let gateway: Gateway;
  let served: Awaited<ReturnType<typeof serveGateway>>;
  beforeAll(async () => {
    gateway = await openGateway(database);
    served = await serveGateway(gateway);
  });
  afterAll(() => served.close());

  it('publishes keys with which others can verify our tokens', async () => {
    const response = await fetch(`${served.url}/.well-known/jwks.json`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    const jwks = (await response.json()) as Parameters<typeof createLocalJWKSet>[0];
    for (const key of jwks.keys) expect(Object.keys(key)).not.toContain('d');
    const { token } = await gateway.feature.issueToken({
      subject: 'cli',
      clientId: 'cli',
      permissions: ['read:users'],
      roles: [],
      lifetimeSeconds: 60,
    });
    const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
      issuer: gateway.config.http.issuer,
      audience: gateway.config.sessions.audience,
      typ: 'at+jwt',
      currentDate: new Date(gateway.clock.time),
    });
    expect(payload).toMatchObject({ sub: 'cli', client_id: 'cli', permissions: ['read:users'] });
  });

  it('names the issuer exactly as tokens do and no address that is not served', async () => {
    const response = await fetch(`${served.url}/.well-known/openid-configuration`);
    const document = (await response.json()) as Record<string, unknown>;
    expect(document).toMatchObject({
      issuer: gateway.config.http.issuer,
      jwks_uri: `${gateway.config.http.issuer}/.well-known/jwks.json`,
      end_session_endpoint: `${gateway.config.http.issuer}/oidc/logout`,
      subject_types_supported: ['public'],
      acr_values_supported: ['aal1', 'aal2'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
    const addresses = Object.keys(document).filter((key) => /_(endpoint|uri)$/.test(key));
    expect(addresses.sort()).toEqual(['end_session_endpoint', 'jwks_uri']);
  });
});
