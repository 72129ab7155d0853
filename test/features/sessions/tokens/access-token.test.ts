import * as jose from 'jose';
import { jwksDocument } from '#src/features/sessions/tokens/signing-keys';
import { allKeys, audience, issuer, makeKey, rsaKey, startTime, tokenDesk, userGrant } from './token-fixture';

describe('an issued access token', () => {
  it('is an at+jwt that any JWT library verifies with the published keys', async () => {
    const { token, expiresAt } = await tokenDesk().issuer.issue(userGrant);
    const keySet = jose.createLocalJWKSet(jwksDocument(allKeys) as jose.JSONWebKeySet);
    const { payload, protectedHeader } = await jose.jwtVerify(token, keySet, {
      issuer,
      audience,
      typ: 'at+jwt',
      currentDate: new Date(startTime),
    });
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: rsaKey.kid, typ: 'at+jwt' });
    expect(payload).toEqual({
      iss: issuer,
      sub: userGrant.subject,
      aud: audience,
      client_id: 'cli',
      iat: startTime / 1_000,
      exp: startTime / 1_000 + 900,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      scope: 'read:users read:roles',
      permissions: ['read:users', 'read:roles'],
      roles: ['support'],
    });
    expect(expiresAt).toBe(startTime + 900_000);
  });

  it('brings back what it was made for', async () => {
    const { issuer: desk, verifier } = tokenDesk();
    const { token } = await desk.issue({
      ...userGrant,
      sessionId: 'ses_1',
      credentialEpoch: 3,
      organizationId: 'org_1',
      acr: 'aal2',
      authenticatedAt: startTime - 5_000,
    });
    expect(await verifier.verify(token)).toEqual({
      kind: 'user',
      amr: [],
      ownPermissions: null,
      familyId: null,
      subject: userGrant.subject,
      clientId: 'cli',
      tokenId: expect.any(String),
      issuedAt: startTime,
      expiresAt: startTime + 900_000,
      sessionId: 'ses_1',
      credentialEpoch: 3,
      organizationId: 'org_1',
      permissions: new Set(['read:users', 'read:roles']),
      roles: new Set(['support']),
      acr: 'aal2',
      authenticatedAt: startTime - 5_000,
    });
  });

  it('speaks for a machine when its subject is its client', async () => {
    const { issuer: desk, verifier } = tokenDesk();
    const { token } = await desk.issue({ ...userGrant, subject: 'cli' });
    expect(await verifier.verify(token)).toMatchObject({ kind: 'machine', subject: 'cli', sessionId: null });
  });

  it('sets no bound for a user only when it says so', async () => {
    const { issuer: desk, verifier } = tokenDesk();
    const open = await desk.issue({ ...userGrant, permissions: 'all', roles: 'all' });
    expect(await verifier.verify(open.token)).toMatchObject({ permissions: null, roles: null });
    const closed = await desk.issue({ ...userGrant, permissions: [], roles: [] });
    expect(await verifier.verify(closed.token)).toMatchObject({ permissions: new Set(), roles: new Set() });
  });

  it.each([
    ['without a bound for a machine', { subject: 'cli', permissions: 'all' as const }, 'permissions'],
    ['for no time', { lifetimeSeconds: 0 }, 'lifetimeSeconds'],
    ['for part of a second', { lifetimeSeconds: 1.5 }, 'lifetimeSeconds'],
    ['for more than a day', { lifetimeSeconds: 86_401 }, 'lifetimeSeconds'],
    [
      'longer than a header takes',
      { permissions: Array.from({ length: 1_000 }, (_, n) => `read:thing-${n}`) },
      'permissions',
    ],
    [
      'for an API that is named like the gateway',
      { api: { audience, scope: [], permissions: null } },
      'audience',
    ],
  ])('is refused %s', async (_what, change, field) => {
    await expect(tokenDesk().issuer.issue({ ...userGrant, ...change })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extensions: { field },
    });
  });

  it.each(['RS256', 'ES256', 'EdDSA'] as const)('may be signed with %s', async (alg) => {
    const { issuer: desk, verifier } = tokenDesk([makeKey(alg)]);
    const { token } = await desk.issue(userGrant);
    expect(jose.decodeProtectedHeader(token).alg).toBe(alg);
    expect(await verifier.verify(token)).toMatchObject({ subject: userGrant.subject });
  });
});

describe('a verified access token', () => {
  it('is good until its last second and not at its end', async () => {
    const { clock, issuer: desk, verifier } = tokenDesk();
    const { token, expiresAt } = await desk.issue(userGrant);
    clock.time = expiresAt - 1;
    expect(await verifier.verify(token)).toMatchObject({ expiresAt });
    clock.time = expiresAt;
    const expired = { code: 'UNAUTHENTICATED', extensions: { reason: 'TOKEN_EXPIRED' } };
    await expect(verifier.verify(token)).rejects.toMatchObject(expired);
    await expect(verifier.verify(token)).rejects.toMatchObject(expired);
  });

  it('is the same object when it comes again, so no signature is checked twice', async () => {
    const { issuer: desk, verifier } = tokenDesk();
    const { token } = await desk.issue(userGrant);
    const first = await verifier.verify(token);
    expect(await verifier.verify(token)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
  });

  it('is remembered within a bound, and a forged one not at all', async () => {
    const { issuer: desk, verifier } = tokenDesk(allKeys, 1);
    const [one, two] = [await desk.issue(userGrant), await desk.issue(userGrant)];
    const first = await verifier.verify(one.token);
    await expect(verifier.verify(`${one.token.slice(0, -4)}AAAA`)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(await verifier.verify(one.token)).toBe(first);
    await verifier.verify(two.token);
    expect(await verifier.verify(one.token)).not.toBe(first);
  });
});
