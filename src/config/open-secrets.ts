import { hkdfSync, randomBytes } from 'node:crypto';
import type { JWK } from 'jose' with { 'resolution-mode': 'import' };
import { systemClock, type Clock, type Instant } from '#src/shared/clock';
import { Secret } from '#src/shared/secret';
import { ConfigError } from './config-error';
import { readSecretsFile, writeSecretsFile, type SecretsFile } from './secrets-file';
import type { Profile } from './setting';

/** A key pair for tokens. NEXT and PREVIOUS are published but do not sign. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: 'RS256' | 'ES256' | 'EdDSA';
  readonly state: 'NEXT' | 'CURRENT' | 'PREVIOUS' | 'REVOKED';
  readonly createdAt: Instant;
  readonly privateJwk: Secret<JWK>;
}

/** A symmetric key of 32 bytes for one purpose. */
export interface DerivedKey {
  readonly kid: string;
  readonly key: Buffer;
}

/** The keys of the deployment. */
export interface Secrets {
  readonly signing: readonly SigningKey[];
  /** Keys that go into password hashes: the first into new ones; none: hashes have no such part. */
  readonly peppers: readonly DerivedKey[];
  /** The key that signs. */
  currentSigningKey(): SigningKey;
  /** The key in force for a purpose such as `cursor` or `mask`: other purposes get unrelated keys. */
  derive(purpose: string): Buffer;
  /** All keys for a purpose: the first protects, each of them opens what it protected once. */
  ring(purpose: string): readonly DerivedKey[];
}

/**
 * Opens the secrets file. In development a missing one is made; in production that is a ConfigError, as is a file
 * that is faulty or readable by others.
 */
export async function openSecrets(
  config: { readonly profile: Profile; readonly secrets: { readonly file: string } },
  clock: Clock = systemClock,
): Promise<Secrets> {
  const path = config.secrets.file;
  let result = readSecretsFile(path);
  if (!result.ok && result.missing && config.profile === 'development') {
    writeOrExplain(path, await generateSecrets('development', clock));
    result = readSecretsFile(path);
  }
  if (result.ok) return secretsFrom(result.content, clock);
  throw new ConfigError(result.problems.map((problem) => ({ key: 'secrets.file', source: 'file', problem })));
}

/** Makes a key pair for tokens: RS256 of 2048 bits, named after the hash of its public part (RFC 7638). */
export async function generateSigningKey(): Promise<{
  readonly kid: string;
  readonly alg: 'RS256';
  readonly privateJwk: JWK & { readonly kty: string };
}> {
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose');
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const privateJwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(privateJwk);
  return { kid, alg: 'RS256', privateJwk: { ...privateJwk, kty: 'RSA' } };
}

/** Makes new keys: one RS256 pair of 2048 bits that signs at once, and one encryption key. */
export async function generateSecrets(profile: Profile, clock: Clock = systemClock): Promise<SecretsFile> {
  const createdAt = clock.now();
  return {
    version: 1,
    profile,
    signing: [{ ...(await generateSigningKey()), state: 'CURRENT', createdAt }],
    encryption: [
      { kid: randomBytes(6).toString('hex'), key: randomBytes(32).toString('base64'), notBefore: createdAt },
    ],
  };
}

/** The keys of a file's content. */
export function secretsFrom(file: SecretsFile, clock: Clock = systemClock): Secrets {
  const signing = file.signing.map((key) =>
    Object.freeze({ ...key, privateJwk: new Secret<JWK>(key.privateJwk) }),
  );
  const current = signing.find((key) => key.state === 'CURRENT');
  if (!current) throw new Error('No signing key is CURRENT.');
  const now = clock.now();
  // A key whose time has not come yet must not protect anything, but may already have to open what a faster clock made.
  const inForce = file.encryption.filter((key) => key.notBefore <= now);
  const waiting = file.encryption.filter((key) => key.notBefore > now);
  const masters = [...inForce, ...waiting].map((key) => ({
    kid: key.kid,
    key: Buffer.from(key.key, 'base64'),
  }));
  if (inForce.length === 0) {
    throw new ConfigError([
      {
        key: 'secrets.file',
        source: 'file',
        problem: 'no encryption key is in force yet: every notBefore is in the future',
      },
    ]);
  }
  const ring = (purpose: string): DerivedKey[] =>
    masters.map(({ kid, key }) => ({ kid, key: subKey(key, purpose) }));
  return Object.freeze({
    signing: Object.freeze(signing),
    peppers: (file.pepper ?? []).map(({ kid, key }) => ({ kid, key: Buffer.from(key, 'base64') })),
    currentSigningKey: () => current,
    derive: (purpose: string) => ring(purpose)[0]!.key,
    ring,
  });
}

/** RFC 5869, with the purpose as `info`. */
function subKey(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `gatehouse/${purpose}`, 32));
}

function writeOrExplain(path: string, content: SecretsFile): void {
  try {
    // false: another process was faster, and its file is as good.
    writeSecretsFile(path, content);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new ConfigError([
      { key: 'secrets.file', source: 'file', problem: `${path} cannot be written (${code})` },
    ]);
  }
}
