import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import {
  createHMAC,
  createMD4,
  createMD5,
  createRIPEMD160,
  createSHA1,
  createSHA224,
  createSHA256,
  createSHA384,
  createSHA512,
  createWhirlpool,
  pbkdf2,
  type IHasher,
} from 'hash-wasm';
import type { DigestName } from '#src/features/passwords/hashes/digest-name';

const makers: Readonly<Record<DigestName, () => Promise<IHasher>>> = {
  md4: createMD4,
  md5: createMD5,
  ripemd160: createRIPEMD160,
  sha1: createSHA1,
  sha224: createSHA224,
  sha256: createSHA256,
  sha384: createSHA384,
  sha512: createSHA512,
  whirlpool: createWhirlpool,
};

/** OpenSSL 3 no longer offers these. */
const onlyInWasm: ReadonlySet<DigestName> = new Set(['md4', 'whirlpool']);

/** Hashes the parts one after another. */
export type Digest = (...parts: readonly Uint8Array[]) => Uint8Array;

const made = new Map<DigestName, Digest>();

/** A digest for many rounds: one object of WebAssembly, several times as fast as a new object of OpenSSL for each round. */
export async function digestFor(name: DigestName): Promise<Digest> {
  const known = made.get(name);
  if (known) return known;
  const hasher = await makers[name]();
  const digest: Digest = (...parts) => {
    hasher.init();
    for (const part of parts) hasher.update(part);
    return hasher.digest('binary');
  };
  made.set(name, digest);
  return digest;
}

export async function digestOnce(name: DigestName, bytes: Uint8Array): Promise<Uint8Array> {
  return onlyInWasm.has(name) ? (await digestFor(name))(bytes) : createHash(name).update(bytes).digest();
}

export async function hmacOnce(name: DigestName, key: Uint8Array, bytes: Uint8Array): Promise<Uint8Array> {
  if (!onlyInWasm.has(name)) return createHmac(name, key).update(bytes).digest();
  const hmac = await createHMAC(makers[name](), key);
  return hmac.init().update(bytes).digest('binary');
}

export async function derivePbkdf2(
  name: DigestName,
  {
    password,
    salt,
    rounds,
    length,
  }: {
    readonly password: Uint8Array;
    readonly salt: Uint8Array;
    readonly rounds: number;
    readonly length: number;
  },
): Promise<Uint8Array> {
  if (!onlyInWasm.has(name)) return pbkdf2Sync(password, salt, rounds, length, name);
  return pbkdf2({
    password,
    salt,
    iterations: rounds,
    hashLength: length,
    hashFunction: makers[name](),
    outputType: 'binary',
  });
}
