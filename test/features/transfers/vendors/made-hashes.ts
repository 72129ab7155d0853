import { createCipheriv, createHash, pbkdf2Sync, scryptSync } from 'node:crypto';

/** The password of every fixture. */
export const password = 'Corr3ct-h0rse';

/** bcrypt of the password, cost 4, made once. */
export const bcrypt = '$2b$04$KBCwKxOzLha2MUDgW0PjXeoAlqVBaABMNY34SDzy0BMuLw9SEkLQ2';

const salt = Buffer.from('fixture-salt-016');

export function pbkdf2(
  digest: string,
  rounds: number,
  bytes: number,
): { readonly salt: string; readonly hash: string } {
  return {
    salt: salt.toString('base64'),
    hash: pbkdf2Sync(password, salt, rounds, bytes, digest).toString('base64'),
  };
}

/** A digest of salt and password. */
export function salted(algorithm: string): { readonly salt: string; readonly hash: string } {
  const hash = createHash(algorithm).update(Buffer.concat([salt, Buffer.from(password)]));
  return { salt: salt.toString('base64'), hash: hash.digest('base64') };
}

export function digest(algorithm: string): string {
  return createHash(algorithm).update(password).digest('base64');
}

/** Rounds of a digest after the first, as Stormpath did. */
export function stormpath2(rounds: number): string {
  let bytes = createHash('sha512')
    .update(Buffer.concat([salt, Buffer.from(password)]))
    .digest();
  for (let round = 1; round < rounds; round += 1) bytes = createHash('sha512').update(bytes).digest();
  return `$stormpath2$SHA-512$${rounds}$${salt.toString('base64')}$${bytes.toString('base64')}`;
}

export const firebaseConfig = {
  algorithm: 'SCRYPT',
  base64_signer_key: Buffer.from(Array.from({ length: 64 }, (_, n) => n)).toString('base64'),
  base64_salt_separator: 'Bw==',
  rounds: 8,
  mem_cost: 10,
};

/** Firebase's scrypt: the derived key encrypts the signer key of the project. */
export function firebase(): { readonly salt: string; readonly hash: string } {
  const own = Buffer.concat([salt, Buffer.from(firebaseConfig.base64_salt_separator, 'base64')]);
  const key = scryptSync(password, own, 32, {
    N: 2 ** firebaseConfig.mem_cost,
    r: firebaseConfig.rounds,
    p: 1,
  });
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  const signer = Buffer.from(firebaseConfig.base64_signer_key, 'base64');
  return {
    salt: salt.toString('base64'),
    hash: Buffer.concat([cipher.update(signer), cipher.final()]).toString('base64'),
  };
}
