import { currentKey, jwksDocument, verificationKeys } from '#src/features/sessions/tokens/signing-keys';
import { createTokenVerifier } from '#src/features/sessions/tokens/access-token';
import {
  allKeys,
  audience,
  ecKey,
  edKey,
  issuer,
  makeKey,
  rsaKey,
  tokenDesk,
  userGrant,
} from './token-fixture';

const refused = (problem: string): RegExp => new RegExp(`^Configuration problem: .*${problem}`);

describe('published keys', () => {
  it('are the public halves alone, each with its algorithm and use', () => {
    const [rsa, ec, ed] = jwksDocument(allKeys).keys;
    expect(Object.keys(rsa ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(Object.keys(ec ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(Object.keys(ed ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    expect([rsa?.kid, ec?.kid, ed?.kid]).toEqual([rsaKey.kid, ecKey.kid, edKey.kid]);
    expect(rsa).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig', n: rsaKey.privateJwk.n });
  });

  it('include the next, the current and the previous, but no revoked key', () => {
    const revoked = makeKey('EdDSA', 'REVOKED');
    expect(jwksDocument([...allKeys, revoked]).keys).toHaveLength(3);
    expect([...verificationKeys([...allKeys, revoked]).keys()]).toEqual([rsaKey.kid, ecKey.kid, edKey.kid]);
  });
});

describe('rotation of keys', () => {
  it('keeps tokens of the previous key good, and a revoked key ends them', async () => {
    const old = makeKey('EdDSA');
    const { clock, issuer: desk } = tokenDesk([old]);
    const { token } = await desk.issue(userGrant);
    const setting = { issuer, audience, clock };
    const rotated = createTokenVerifier({ ...setting, keys: [rsaKey, { ...old, state: 'PREVIOUS' }] });
    expect(await rotated.verify(token)).toMatchObject({ subject: userGrant.subject });
    const revoked = createTokenVerifier({ ...setting, keys: [rsaKey, { ...old, state: 'REVOKED' }] });
    await expect(revoked.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('faulty keys', () => {
  it('stop the start when none or two are current', () => {
    expect(() => currentKey([ecKey])).toThrow(refused('0 keys are CURRENT'));
    expect(() => currentKey([rsaKey, makeKey('ES256')])).toThrow(refused('2 keys are CURRENT'));
  });

  it.each([
    ['another type', { ...rsaKey, alg: 'ES256' as const }],
    ['another curve', { ...edKey, alg: 'ES256' as const }],
    ['too short', makeKey('RS256', 'CURRENT', 1_024)],
    ['symmetric', { ...rsaKey, privateJwk: { kty: 'oct', k: 'c2VjcmV0' } }],
    ['broken', { ...rsaKey, privateJwk: { kty: 'RSA', n: '!' } }],
  ])('stop the start when one is %s, and its value is not printed', (_what, key) => {
    expect(() => verificationKeys([key])).toThrow(refused(`the key ${key.kid}`));
    try {
      verificationKeys([key]);
    } catch (error) {
      expect(String(error)).not.toContain(key.privateJwk.d ?? 'c2VjcmV0');
    }
  });
});
