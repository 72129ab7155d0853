import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import {
  createTokenIssuer,
  createTokenVerifier,
  type TokenGrant,
} from '#src/features/sessions/tokens/access-token';
import type { SigningAlgorithm, SigningKeySource } from '#src/features/sessions/tokens/signing-keys';
import { randomIds } from '#src/shared/ids';

export const issuer = 'https://id.example.com';
export const audience = 'urn:gatehouse:api';
export const startTime = 1_700_000_000_000;

export function movableClock(): { now(): number; time: number } {
  return {
    time: startTime,
    now() {
      return this.time;
    },
  };
}

export function makeKey(
  alg: SigningAlgorithm,
  state: SigningKeySource['state'] = 'CURRENT',
  bits = 2_048,
): SigningKeySource {
  const { privateKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: bits })
      : alg === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519');
  return { kid: randomUUID(), alg, state, privateJwk: privateKey.export({ format: 'jwk' }) };
}

export const rsaKey = makeKey('RS256');
export const ecKey = makeKey('ES256', 'PREVIOUS');
export const edKey = makeKey('EdDSA', 'NEXT');
export const allKeys = [rsaKey, ecKey, edKey];

export const userGrant: TokenGrant = {
  subject: 'auth0|507f1f77bcf86cd799439011',
  clientId: 'cli',
  permissions: ['read:users', 'read:roles'],
  roles: ['support'],
  lifetimeSeconds: 900,
};

/** Issuer and verifier over the same keys and clock. */
export function tokenDesk(keys: readonly SigningKeySource[] = allKeys, cacheSize = 10_000) {
  const clock = movableClock();
  const setting = { keys, issuer, audience, clock };
  return {
    clock,
    issuer: createTokenIssuer({ ...setting, ids: randomIds }),
    verifier: createTokenVerifier({ ...setting, cacheSize }),
  };
}

/** The claims of a valid token, to be bent. */
export const validClaims: Readonly<Record<string, unknown>> = {
  iss: issuer,
  sub: 'auth0|507f1f77bcf86cd799439011',
  aud: audience,
  client_id: 'cli',
  iat: startTime / 1_000,
  exp: startTime / 1_000 + 900,
  jti: 'a-token',
  permissions: ['read:users'],
};

/** Signs any payload under any header with one of our keys, as only the holder of the key could. */
export function signAnything(payload: unknown, header: object = {}, key: SigningKeySource = rsaKey): string {
  const input = `${encode({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })}.${encode(payload)}`;
  const privateKey = createPrivateKey({ key: key.privateJwk, format: 'jwk' });
  const digest = key.alg === 'EdDSA' ? null : 'sha256';
  const signature = sign(digest, Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}
