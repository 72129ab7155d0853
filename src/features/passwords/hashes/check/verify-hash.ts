import { createCipheriv, createHash, scryptSync, timingSafeEqual } from 'node:crypto';
import { hashRawSync, type Algorithm, type Version } from '@node-rs/argon2';
import { bcrypt } from 'hash-wasm';
import {
  readImportedHash,
  type HashOf,
  type ImportedHash,
  type MessagePart,
} from '#src/features/passwords/hashes/imported-hash';
import { computeCrypt, computePhpass } from './crypt';
import { derivePbkdf2, digestFor, digestOnce, hmacOnce } from './digests';

/**
 * Whether the password belongs to a stored hash of another system. The password is taken exactly as it was typed: the other system
 * did not normalise it either. Occupies the thread for as long as the hash asks for, so it runs in a worker. False for anything that is
 * malformed or out of bounds.
 */
export async function verifyImportedHash(stored: string, password: string): Promise<boolean> {
  const hash = readImportedHash(stored);
  if (hash === null) return false;
  const [actual, expected] = await computed(hash, password);
  // SECURITY: no early end of the comparison tells how much of a guess was right.
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

type Pair = readonly [Uint8Array, Uint8Array];

const noMatch: Pair = [Buffer.alloc(1), Buffer.alloc(0)];

/** What the password leads to, and what it should. */
async function computed(hash: ImportedHash, password: string): Promise<Pair> {
  switch (hash.kind) {
    case 'digest':
    case 'hmac':
      return [await digestOfGuess(hash, password), bytes(hash.hash)];
    case 'wrapped':
      return [
        argon2(
          { ...hash, type: 'argon2id', version: 19, lanes: 1 },
          Buffer.from(await digestOfGuess(hash.inner, password)),
        ),
        bytes(hash.hash),
      ];
    case 'bcrypt':
      return checkBcrypt(hash, password);
    case 'argon2':
      return [argon2(hash, Buffer.from(password, 'utf8')), bytes(hash.hash)];
    case 'pbkdf2': {
      const input = {
        password: Buffer.from(password, hash.encoding),
        salt: bytes(hash.salt),
        rounds: hash.rounds,
        length: bytes(hash.hash).length,
      };
      return [await derivePbkdf2(hash.digest, input), bytes(hash.hash)];
    }
    case 'scrypt':
      return [scrypt(hash, Buffer.from(password, hash.encoding)), bytes(hash.hash)];
    case 'firebase':
      // Without its signer key a hash opens to nothing.
      if (hash.signerKey === null) return noMatch;
      return [firebase(hash, hash.signerKey, Buffer.from(password, 'utf8')), bytes(hash.hash)];
    case 'crypt':
      return texts(await computeCrypt(hash, Buffer.from(password, 'utf8')), hash.hash);
    case 'phpass':
      return texts(await computePhpass(hash, Buffer.from(password, 'utf8')), hash.hash);
  }
}

function digestOfGuess(form: HashOf<'wrapped'>['inner'], password: string): Promise<Uint8Array> {
  const message = messageBytes(form, password);
  return form.kind === 'digest' ? iterated(form, message) : hmacOnce(form.digest, bytes(form.key), message);
}

function bytes(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

function texts(actual: string, expected: string): Pair {
  return [Buffer.from(actual, 'latin1'), Buffer.from(expected, 'latin1')];
}

function messageBytes(
  {
    message,
    encoding,
  }: { readonly message: readonly MessagePart[]; readonly encoding: 'utf8' | 'latin1' | 'utf16le' },
  password: string,
): Buffer {
  return Buffer.concat(
    message.map((part) => (part === 'password' ? Buffer.from(password, encoding) : bytes(part.bytes))),
  );
}

async function iterated(
  { digest: name, rounds }: Pick<HashOf<'digest'>, 'digest' | 'rounds'>,
  message: Uint8Array,
): Promise<Uint8Array> {
  let state = await digestOnce(name, message);
  if (rounds === 1) return state;
  const digest = await digestFor(name);
  for (let round = 1; round < rounds; round += 1) state = digest(state);
  return state;
}

const bcryptBytes = 72;
const bcryptAlphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

async function checkBcrypt(hash: HashOf<'bcrypt'>, password: string): Promise<Pair> {
  const message = messageBytes(hash, password);
  const input =
    hash.preHash === 'none' ? message : Buffer.from(createHash('sha256').update(message).digest('hex'));
  // SECURITY: bcrypt reads up to the first NUL byte; a password with one would open to whoever knows its beginning.
  if (input.includes(0)) return noMatch;
  const encoded = await bcrypt({
    password: input.subarray(0, bcryptBytes),
    salt: bcryptSalt(hash.salt),
    costFactor: hash.cost,
    outputType: 'encoded',
  });
  return texts(encoded.slice(-hash.hash.length), hash.hash);
}

function bcryptSalt(text: string): Buffer {
  const standard = Array.from(text, (character) => base64Alphabet[bcryptAlphabet.indexOf(character)]).join(
    '',
  );
  return Buffer.from(standard, 'base64').subarray(0, 16);
}

// The package declares its numbers as const enums, which a build of single files cannot read.
const argon2Types = { argon2d: 0, argon2i: 1, argon2id: 2 } as const;
const argon2Versions = { 16: 0, 19: 1 } as const;

function argon2(hash: Omit<HashOf<'argon2'>, 'kind'>, password: Buffer): Buffer {
  return hashRawSync(password, {
    algorithm: argon2Types[hash.type] as Algorithm,
    version: argon2Versions[hash.version] as Version,
    memoryCost: hash.memory,
    timeCost: hash.passes,
    parallelism: hash.lanes,
    outputLen: bytes(hash.hash).length,
    salt: bytes(hash.salt),
  });
}

/** OpenSSL refuses what needs more than 32 MiB unless it is told; the bounds keep this below 200 MiB. */
function memoryFor(cost: number, blockSize: number, parallelization: number): number {
  return 128 * blockSize * (cost + parallelization + 2) + 1_048_576;
}

function scrypt(hash: HashOf<'scrypt'>, password: Buffer): Buffer {
  const { cost, blockSize, parallelization } = hash;
  const maxmem = memoryFor(cost, blockSize, parallelization);
  return scryptSync(password, bytes(hash.salt), bytes(hash.hash).length, {
    cost,
    blockSize,
    parallelization,
    maxmem,
  });
}

/** Firebase derives a key of 32 bytes and encrypts the signer key of the project with it, from a counter of zeros. */
function firebase(hash: HashOf<'firebase'>, signerKey: string, password: Buffer): Buffer {
  const cost = 2 ** hash.memCost;
  const salt = Buffer.concat([bytes(hash.salt), bytes(hash.separator)]);
  const maxmem = memoryFor(cost, hash.rounds, 1);
  const key = scryptSync(password, salt, 32, { cost, blockSize: hash.rounds, parallelization: 1, maxmem });
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return Buffer.concat([cipher.update(bytes(signerKey)), cipher.final()]);
}
