import { hash, parseOptions } from '@node-rs/argon2';
import type { Ids } from '#src/shared/ids';

/** Runs expensive work off the event loop, a few at a time. */
export interface HashingQueue {
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

export const codesPerSet = 10;
const codeLength = 10;
const saltBytes = 16;

/** RFC 4648, base 32. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** OWASP's minimum for argon2id, as for passwords: a code has 50 bits (OWASP ASVS 6.5.2). */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

/** A set of codes as they are shown: two groups of five. */
export function newCodes(ids: Ids): readonly string[] {
  return Array.from({ length: codesPerSet }, () => {
    const bytes = Buffer.from(ids.secret(codeLength), 'base64url');
    // 256 is a multiple of 32, so no letter is favoured.
    const code = [...bytes].map((byte) => alphabet[byte % alphabet.length]).join('');
    return `${code.slice(0, 5)}-${code.slice(5)}`;
  });
}

/** A code as it is hashed, or null when the text cannot be one. People may leave out the dash and write small letters. */
export function normalizedCode(text: string): string | null {
  const code = text.replace(/[\s-]/g, '').toUpperCase();
  return code.length === codeLength && [...code].every((letter) => alphabet.includes(letter)) ? code : null;
}

/** The hashes of a set, all with one salt, so that whoever tries a code costs the gateway one hash and not ten. */
export function hashCodes(queue: HashingQueue, ids: Ids, codes: readonly string[]): Promise<string[]> {
  const salt = Buffer.from(ids.secret(saltBytes), 'base64url');
  return Promise.all(codes.map((code) => hashWith(queue, normalizedCode(code) ?? '', salt)));
}

/** The hash that a code has in the set to which another hash belongs. */
export function hashLike(queue: HashingQueue, sample: string, code: string): Promise<string> {
  const { saltLen } = parseOptions(sample);
  const salt = Buffer.from(sample.split('$')[4] ?? '', 'base64');
  if (salt.length !== saltLen) throw new TypeError('This is no argon2 hash.');
  return hashWith(queue, code, salt);
}

function hashWith(queue: HashingQueue, code: string, salt: Buffer): Promise<string> {
  return queue.run(() => hash(code, { ...parameters, salt }));
}
