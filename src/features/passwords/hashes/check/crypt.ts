import type { HashOf } from '#src/features/passwords/hashes/imported-hash';
import { digestFor, type Digest } from './digests';

const itoa64 = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Three bytes as four characters, the lowest six bits first. */
function encode24(high: number, middle: number, low: number, characters = 4): string {
  let value = (high << 16) | (middle << 8) | low;
  let text = '';
  for (let index = 0; index < characters; index += 1) {
    text += itoa64[value & 0x3f];
    value >>>= 6;
  }
  return text;
}

/** `length` bytes of the pattern, again and again. */
function repeatTo(pattern: Uint8Array, length: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += pattern.length) bytes.set(pattern.subarray(0, length - at), at);
  return bytes;
}

/** What `hash.hash` must be if the password is right, for the schemes of crypt(3). */
export async function computeCrypt(hash: HashOf<'crypt'>, password: Uint8Array): Promise<string> {
  const salt = Buffer.from(hash.salt, 'utf8');
  if (hash.scheme === 'sha256' || hash.scheme === 'sha512') {
    return shaCrypt(hash.scheme, await digestFor(hash.scheme), { password, salt, rounds: hash.rounds });
  }
  return md5Crypt(await digestFor('md5'), {
    password,
    salt,
    magic: hash.scheme === 'md5' ? '$1$' : '$apr1$',
  });
}

interface Md5Input {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly magic: string;
}

/** Poul-Henning Kamp's crypt of FreeBSD 2.0, a thousand rounds. */
function md5Crypt(md5: Digest, { password, salt, magic }: Md5Input): string {
  const inner = md5(password, salt, password);
  const start: Uint8Array[] = [password, Buffer.from(magic), salt, repeatTo(inner, password.length)];
  for (let bits = password.length; bits > 0; bits >>>= 1) {
    start.push((bits & 1) === 1 ? Buffer.alloc(1) : password.subarray(0, 1));
  }
  let state = md5(...start);
  for (let round = 0; round < 1_000; round += 1) {
    const isOdd = (round & 1) === 1;
    const parts: Uint8Array[] = [isOdd ? password : state];
    if (round % 3 !== 0) parts.push(salt);
    if (round % 7 !== 0) parts.push(password);
    parts.push(isOdd ? state : password);
    state = md5(...parts);
  }
  const at = (index: number): number => state[index] as number;
  let text = '';
  for (let index = 0; index < 5; index += 1) {
    text += encode24(at(index), at(index + 6), at(index === 4 ? 5 : index + 12));
  }
  return text + encode24(0, 0, at(11), 2);
}

interface ShaInput {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly rounds: number;
}

/** Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6, steps 1 to 22. */
function shaCrypt(scheme: 'sha256' | 'sha512', sha: Digest, { password, salt, rounds }: ShaInput): string {
  const inner = sha(password, salt, password);
  const start: Uint8Array[] = [password, salt, repeatTo(inner, password.length)];
  for (let bits = password.length; bits > 0; bits >>>= 1) start.push((bits & 1) === 1 ? inner : password);
  let state = sha(...start);
  const p = repeatTo(sha(...Array.from(password, () => password)), password.length);
  const saltDigest = sha(...Array.from({ length: 16 + (state[0] as number) }, () => salt));
  const s = repeatTo(saltDigest, salt.length);
  for (let round = 0; round < rounds; round += 1) {
    const isOdd = (round & 1) === 1;
    const parts: Uint8Array[] = [isOdd ? p : state];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(isOdd ? state : p);
    state = sha(...parts);
  }
  return scheme === 'sha256' ? encodeSha256(state) : encodeSha512(state);
}

function encodeSha256(state: Uint8Array): string {
  const at = (index: number): number => state[index] as number;
  let text = '';
  let [a, b, c] = [0, 10, 20];
  for (let group = 0; group < 10; group += 1) {
    text += encode24(at(a), at(b), at(c));
    [a, b, c] = [(c + 1) % 30, (a + 1) % 30, (b + 1) % 30];
  }
  return text + encode24(0, at(31), at(30), 3);
}

function encodeSha512(state: Uint8Array): string {
  const at = (index: number): number => state[index] as number;
  let text = '';
  let [a, b, c] = [0, 21, 42];
  for (let group = 0; group < 21; group += 1) {
    text += encode24(at(a), at(b), at(c));
    [a, b, c] = [(b + 1) % 63, (c + 1) % 63, (a + 1) % 63];
  }
  return text + encode24(0, 0, at(63), 2);
}

/** What `hash.hash` must be if the password is right, for the portable hashes of phpass and Drupal 7. */
export async function computePhpass(hash: HashOf<'phpass'>, password: Uint8Array): Promise<string> {
  const digest = await digestFor(hash.digest);
  let state = digest(Buffer.from(hash.salt, 'latin1'), password);
  for (let round = 2 ** hash.log2; round > 0; round -= 1) state = digest(state, password);
  return encodePortable(state).slice(0, hash.hash.length);
}

function encodePortable(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = Math.min(3, bytes.length - at);
    text += encode24(bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] as number, left + 1);
  }
  return text;
}
