import { createHmac } from 'node:crypto';
import type { Outbound, OutboundCall } from '#src/http/outbound';
import { signedHeaders } from '#src/features/lazy-migration/sources/presets/aws-signature';
import { openCognitoSource } from '#src/features/lazy-migration/sources/presets/cognito-source';
import { openOktaSource } from '#src/features/lazy-migration/sources/presets/okta-source';

const shared = { timeoutMs: null, prefixIds: true, allowReimport: false, writeBack: [] };
const now = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Answers calls by a function, and remembers them. */
function fakeService(answer: (call: OutboundCall) => readonly [status: number, body: unknown]) {
  const calls: OutboundCall[] = [];
  const outbound: Outbound = {
    send: (call) => {
      calls.push(call);
      const [status, body] = answer(call);
      return Promise.resolve({ status, body: Buffer.from(JSON.stringify(body)) });
    },
    close: () => Promise.resolve(),
  };
  return { calls, parts: { outbound, clock: { now: () => now }, timeoutMs: 1_000, maxBytes: 65_536 } };
}

describe('4.5, 5.1 Okta as source', () => {
  const user = {
    ...{ id: '00u-demo', status: 'ACTIVE', created: '2026-01-02T03:04:05.000Z' },
    profile: { login: 'kim@example.com', email: 'kim@example.com', firstName: 'Kim', lastName: 'Sato' },
    credentials: {
      emails: [{ value: 'kim@example.com', status: 'VERIFIED', type: 'PRIMARY' }],
      provider: { type: 'OKTA', name: 'OKTA' },
    },
  };
  const profile = {
    ...{ user_id: '00u-demo', email: 'kim@example.com', email_verified: true, given_name: 'Kim' },
    ...{ family_name: 'Sato', name: 'Kim Sato', created_at: '2026-01-02T03:04:05.000Z' },
  };
  const openSource = (login: readonly [number, unknown], found: readonly [number, unknown] = [200, user]) => {
    const service = fakeService(({ method }) => (method === 'POST' ? login : found));
    const settings = { ...shared, kind: 'OKTA' as const, url: 'https://example.okta.com/', token: 'CNRY' };
    return { ...service, source: openOktaSource(service.parts, settings) };
  };

  it('asks for the password, then for the user, with the bodies and headers of the guide', async () => {
    const { source, calls } = openSource([
      200,
      { status: 'SUCCESS', _embedded: { user: { id: '00u-demo' } } },
    ]);
    expect(await source.verify('kim@example.com', 'right')).toEqual({ kind: 'match', profile });
    const [login, found] = calls;
    expect(login).toMatchObject({ method: 'POST', url: 'https://example.okta.com/api/v1/authn' });
    expect(JSON.parse(login?.body ?? '')).toEqual({
      ...{ username: 'kim@example.com', password: 'right' },
      options: { multiOptionalFactorEnroll: false, warnBeforePasswordExpired: false },
    });
    expect(login?.headers).not.toHaveProperty('authorization');
    expect(found).toMatchObject({
      url: 'https://example.okta.com/api/v1/users/00u-demo',
      headers: { authorization: 'SSWS CNRY' },
    });
  });

  it.each<[readonly [number, unknown], object]>([
    [[401, { errorCode: 'E0000004' }], { kind: 'mismatch' }],
    [[403, {}], { kind: 'mismatch' }],
    [[200, { status: 'LOCKED_OUT' }], { kind: 'mismatch' }],
    [[200, { status: 'PASSWORD_EXPIRED', _embedded: { user: { id: '1' } } }], { kind: 'mismatch' }],
    [[200, { status: 'MFA_REQUIRED', _embedded: { user: { id: '1' } } }], { kind: 'match', profile }],
  ])('%j is %j', async (login, verdict) => {
    expect(await openSource(login).source.verify('kim@example.com', 'x')).toEqual(verdict);
  });

  it.each<[readonly [number, unknown], string]>([
    [[429, {}], 'BAD_STATUS'],
    [[500, {}], 'BAD_STATUS'],
    [[200, { status: 'SUCCESS' }], 'BAD_ANSWER'],
    [[200, []], 'BAD_ANSWER'],
  ])('%j is a fault: %s', async (login, reason) => {
    await expect(openSource(login).source.verify('kim@example.com', 'x')).rejects.toMatchObject({ reason });
  });

  it('looks people up by their login', async () => {
    const known = openSource([500, {}]);
    expect(await known.source.lookUp('kim@example.com')).toEqual({ kind: 'found', profile });
    expect(known.calls[0]?.url).toBe('https://example.okta.com/api/v1/users/kim%40example.com');
    expect(await openSource([500, {}], [404, {}]).source.lookUp('a')).toEqual({ kind: 'unknown' });
    const denied = openSource([500, {}], [401, {}]).source;
    await expect(denied.lookUp('a')).rejects.toMatchObject({ reason: 'BAD_STATUS' });
  });
});

describe('4.5, 5.6 Cognito as source', () => {
  const settings = {
    ...shared,
    ...{ kind: 'COGNITO' as const, region: 'eu-west-1', userPoolId: 'eu-west-1_demo', clientId: 'client' },
    ...{ clientSecret: 'secret', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'CNRY', url: null },
  };
  const pool = {
    ...{ Username: 'kim', Enabled: true, UserStatus: 'CONFIRMED' },
    UserAttributes: [
      { Name: 'sub', Value: 'sub-1' },
      { Name: 'email', Value: 'kim@example.com' },
      { Name: 'email_verified', Value: 'true' },
      { Name: 'custom:team', Value: 'red' },
    ],
  };
  const openSource = (login: readonly [number, unknown], found: readonly [number, unknown] = [200, pool]) => {
    const service = fakeService(({ headers }) =>
      headers?.['x-amz-target']?.endsWith('.AdminGetUser') ? found : login,
    );
    return { ...service, source: openCognitoSource(service.parts, settings) };
  };
  const profile = {
    ...{ user_id: 'sub-1', email: 'kim@example.com', email_verified: true, username: 'kim' },
    app_metadata: { team: 'red' },
  };

  it('signs in by the password flow, and reads the user with a signed call', async () => {
    const { source, calls } = openSource([200, { AuthenticationResult: { AccessToken: 'x' } }]);
    expect(await source.verify('kim', 'right')).toMatchObject({ kind: 'match', profile });
    const [login, found] = calls;
    expect(login?.url).toBe('https://cognito-idp.eu-west-1.amazonaws.com/');
    const hash = createHmac('sha256', 'secret').update('kimclient').digest('base64');
    expect(JSON.parse(login?.body ?? '')).toEqual({
      ...{ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: 'client' },
      AuthParameters: { USERNAME: 'kim', PASSWORD: 'right', SECRET_HASH: hash },
    });
    expect(login?.headers).not.toHaveProperty('authorization');
    expect(found?.headers?.['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260102\/eu-west-1\/cognito-idp\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}$/,
    );
    expect(JSON.stringify(calls)).not.toContain('CNRY');
  });

  it.each<[readonly [number, unknown], string]>([
    [[400, { __type: 'NotAuthorizedException' }], 'mismatch'],
    [[400, { __type: 'com.amazonaws.cognito#UserNotFoundException' }], 'unknown'],
    [[400, { __type: 'PasswordResetRequiredException' }], 'mismatch'],
    [[400, { __type: 'UserNotConfirmedException' }], 'mismatch'],
    [[200, { ChallengeName: 'NEW_PASSWORD_REQUIRED' }], 'mismatch'],
    [[200, { ChallengeName: 'SOFTWARE_TOKEN_MFA' }], 'match'],
  ])('%j is %s', async (login, kind) => {
    expect(await openSource(login).source.verify('kim', 'x')).toMatchObject({ kind });
  });

  it('everything else is a fault', async () => {
    for (const login of [
      [400, { __type: 'TooManyRequestsException' }],
      [500, {}],
      [400, []],
    ] as const)
      await expect(openSource(login).source.verify('kim', 'x')).rejects.toMatchObject({
        reason: expect.stringMatching(/^BAD_/),
      });
    const gone = openSource([500, {}], [400, { __type: 'UserNotFoundException' }]);
    expect(await gone.source.lookUp('kim')).toEqual({ kind: 'unknown' });
  });

  it('signs as the published example of AWS does (post-vanilla of its test suite)', () => {
    const example = {
      ...{ service: 'service', region: 'us-east-1', accessKeyId: 'AKIDEXAMPLE', headers: {}, body: '' },
      ...{
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
        url: 'https://example.amazonaws.com/',
      },
      now: Date.UTC(2015, 7, 30, 12, 36),
    };
    expect(signedHeaders(example)).toEqual({
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    });
  });
});
