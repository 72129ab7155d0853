import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { ConfigError } from '#src/config/config-error';

/** A key pair as the secrets hold it. NEXT and PREVIOUS are published and verify, CURRENT signs too, REVOKED does nothing. */
export interface SigningKeySource {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly state: 'NEXT' | 'CURRENT' | 'PREVIOUS' | 'REVOKED';
  readonly privateJwk: JWK;
}

export type SigningAlgorithm = 'RS256' | 'ES256' | 'EdDSA';

/** A key of ours, bound to its one algorithm. */
export interface VerificationKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly publicKey: KeyObject;
}

/** The only algorithms that a token may name. */
export const signingAlgorithms: readonly SigningAlgorithm[] = ['RS256', 'ES256', 'EdDSA'];

/** The public parameters of each key type. SECURITY: a list of what is published, so that no private part can slip out. */
const publicMembers: Readonly<Record<SigningAlgorithm, readonly string[]>> = {
  RS256: ['kty', 'n', 'e'],
  ES256: ['kty', 'crv', 'x', 'y'],
  EdDSA: ['kty', 'crv', 'x'],
};

/** The key that signs. Throws ConfigError unless exactly one is CURRENT and fits its algorithm. */
export function currentKey(keys: readonly SigningKeySource[]): {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly privateKey: KeyObject;
} {
  const current = keys.filter(({ state }) => state === 'CURRENT');
  const [key] = current;
  if (!key || current.length !== 1) throw refused(`${current.length} keys are CURRENT instead of one`);
  return { kid: key.kid, alg: key.alg, privateKey: readKey(key, createPrivateKey) };
}

/** The keys that verify, by kid: all but the revoked. */
export function verificationKeys(keys: readonly SigningKeySource[]): ReadonlyMap<string, VerificationKey> {
  const live = keys.filter(({ state }) => state !== 'REVOKED');
  return new Map(
    live.map((key) => [key.kid, { kid: key.kid, alg: key.alg, publicKey: readKey(key, createPublicKey) }]),
  );
}

/** The document of `/.well-known/jwks.json` (RFC 7517): the public halves of all keys but the revoked. */
export function jwksDocument(keys: readonly SigningKeySource[]): { readonly keys: readonly JWK[] } {
  const published = [...verificationKeys(keys).values()].map(({ kid, alg, publicKey }) => {
    const jwk = publicKey.export({ format: 'jwk' });
    const members = publicMembers[alg].map((member) => [member, jwk[member]] as const);
    return { ...Object.fromEntries(members), kid, alg, use: 'sig' };
  });
  return { keys: published };
}

type KeyReader = (input: { key: JsonWebKey; format: 'jwk' }) => KeyObject;

function readKey(source: SigningKeySource, read: KeyReader): KeyObject {
  let key: KeyObject;
  try {
    key = read({ key: source.privateJwk, format: 'jwk' });
  } catch {
    throw refused(`the key ${source.kid} is not a readable private JWK`);
  }
  if (!fits(key, source.alg)) throw refused(`the key ${source.kid} does not fit its algorithm ${source.alg}`);
  return key;
}

/** Whether a key is of the type and strength that its algorithm asks for (RFC 7518 sections 3.3 and 3.4, RFC 8037). */
function fits(key: KeyObject, alg: SigningAlgorithm): boolean {
  switch (alg) {
    case 'RS256':
      return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2_048;
    case 'ES256':
      return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
    case 'EdDSA':
      return key.asymmetricKeyType === 'ed25519';
  }
}

function refused(problem: string): ConfigError {
  return new ConfigError([{ key: 'secrets.file', source: 'signing keys', problem }]);
}
