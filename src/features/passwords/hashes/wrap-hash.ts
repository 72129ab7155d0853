import { randomBytes } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';
import { readImportedHash, writeImportedHash } from './imported-hash';

/** Those of our own hashes. */
const cost = { memory: 19_456, passes: 2 } as const;
const saltBytes = 16;
const hashBytes = 32;

/**
 * A checked hash whose digest is hashed once more with argon2id, so that what a fast digest protects badly rests nowhere; any other, which is
 * slow by itself, as it is. Takes as long as a sign-in.
 */
export async function wrapHash(checked: string): Promise<string> {
  const known = readImportedHash(checked);
  if (known?.kind !== 'digest' && known?.kind !== 'hmac') return checked;
  const { hash: digest, ...inner } = known;
  const salt = randomBytes(saltBytes);
  const hash = await hashRaw(Buffer.from(digest, 'base64'), {
    memoryCost: cost.memory,
    timeCost: cost.passes,
    parallelism: 1,
    outputLen: hashBytes,
    salt,
  });
  return writeImportedHash({
    kind: 'wrapped',
    inner,
    ...cost,
    salt: salt.toString('base64'),
    hash: hash.toString('base64'),
  });
}
