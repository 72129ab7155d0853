import { z } from 'zod';
import { digestBytes, digestNames } from './digest-name';

const base64 = z
  .string()
  .max(8_192)
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
const whole = z.number().int();
/** How the typed password becomes bytes, as `Buffer.from` names it. */
export const passwordEncodings = ['utf8', 'latin1', 'utf16le'] as const;
const encoding = z.enum(passwordEncodings);
const digest = z.enum(digestNames);

/** The bytes that are hashed, in order: the password, or bytes that are the same for every guess (a salt, a separator). */
const message = z.array(z.union([z.literal('password'), z.strictObject({ bytes: base64 })])).max(16);

/** How the bytes of a digest come from a password. */
const digestInput = { digest, message, encoding };
const digestForm = { kind: z.literal('digest'), ...digestInput, rounds: whole };
const hmacForm = { kind: z.literal('hmac'), ...digestInput, key: base64 };

/**
 * A password hash of another system, brought to one of ten shapes. All that vendors do differently (names, encodings, order of
 * salt and password) is settled when it is read; how the shapes are checked does not know vendors.
 */
const shapes = z.discriminatedUnion('kind', [
  z.strictObject({ ...digestForm, hash: base64 }),
  z.strictObject({ ...hmacForm, hash: base64 }),
  /** A digest of one of these two, hashed once more with argon2id (`wrap-hash.ts`). */
  z.strictObject({
    kind: z.literal('wrapped'),
    inner: z.discriminatedUnion('kind', [z.strictObject(digestForm), z.strictObject(hmacForm)]),
    memory: whole,
    passes: whole,
    salt: base64,
    hash: base64,
  }),
  z.strictObject({
    kind: z.literal('bcrypt'),
    message,
    encoding,
    /** Hashed once more before: the lower-case hexadecimal SHA-256, as Django does. */
    preHash: z.enum(['none', 'sha256-hex']),
    cost: whole,
    salt: z.string().regex(/^[./A-Za-z0-9]{22}$/),
    hash: z.string().regex(/^[./A-Za-z0-9]{31}$/),
  }),
  z.strictObject({
    kind: z.literal('argon2'),
    type: z.enum(['argon2d', 'argon2i', 'argon2id']),
    version: z.union([z.literal(16), z.literal(19)]),
    memory: whole,
    passes: whole,
    lanes: whole,
    salt: base64,
    hash: base64,
  }),
  z.strictObject({ kind: z.literal('pbkdf2'), digest, encoding, rounds: whole, salt: base64, hash: base64 }),
  z.strictObject({
    kind: z.literal('scrypt'),
    encoding,
    cost: whole,
    blockSize: whole,
    parallelization: whole,
    salt: base64,
    hash: base64,
  }),
  z.strictObject({
    kind: z.literal('firebase'),
    rounds: whole,
    memCost: whole,
    /** The project's secret; null in a stored hash that names its settings instead (`hash-settings.ts`). */
    signerKey: base64.nullable(),
    settings: z.string().max(64).nullable(),
    salt: base64,
    separator: base64,
    hash: base64,
  }),
  z.strictObject({
    kind: z.literal('crypt'),
    scheme: z.enum(['md5', 'apr1', 'sha256', 'sha512']),
    rounds: whole,
    salt: z.string().regex(/^[^$:\n\0]{0,16}$/),
    hash: z.string().regex(/^[./A-Za-z0-9]{22,86}$/),
  }),
  z.strictObject({
    kind: z.literal('phpass'),
    digest: z.enum(['md5', 'sha512']),
    log2: whole,
    salt: z.string().regex(/^[\x21-\x7e]{8}$/),
    hash: z.string().regex(/^[./A-Za-z0-9]{22,86}$/),
  }),
]);

export type ImportedHash = z.infer<typeof shapes>;
export type HashOf<Kind extends ImportedHash['kind']> = Extract<ImportedHash, { readonly kind: Kind }>;
export type MessagePart = HashOf<'digest'>['message'][number];

/** A limit of one number of a hash, both ends included. */
interface Bound {
  readonly name: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

export const hashBounds = {
  bcryptCost: { from: 4, to: 15 },
  scryptCost: { from: 2, to: 2 ** 17 },
  scryptBlockSize: { from: 1, to: 8 },
  scryptParallelization: { from: 1, to: 10 },
  firebaseMemCost: { from: 1, to: 17 },
  firebaseRounds: { from: 1, to: 8 },
  argon2Memory: { from: 8, to: 2 ** 20 },
  argon2Passes: { from: 1, to: 10 },
  argon2Lanes: { from: 1, to: 16 },
  rounds: { from: 1, to: 10_000_000 },
  cryptRounds: { from: 1_000, to: 10_000_000 },
  phpassLog2: { from: 7, to: 23 },
  derivedKeyBytes: { from: 4, to: 512 },
} as const;

/** The numbers of a hash that decide what a check of it costs. */
function boundsOf(hash: ImportedHash): Bound[] {
  const bound = (name: string, value: number, limit: { readonly from: number; readonly to: number }) => ({
    name,
    value,
    ...limit,
  });
  const bytes = bound('Bytes of the hash', byteLength(hash.hash), hashBounds.derivedKeyBytes);
  switch (hash.kind) {
    case 'digest':
      return [bound('The number of rounds', hash.rounds, hashBounds.rounds)];
    case 'hmac':
      return [];
    case 'wrapped':
      return [
        bound(
          'The number of rounds',
          hash.inner.kind === 'digest' ? hash.inner.rounds : 1,
          hashBounds.rounds,
        ),
        bound('The memory in KiB', hash.memory, hashBounds.argon2Memory),
        bound('The number of passes', hash.passes, hashBounds.argon2Passes),
        bytes,
      ];
    case 'bcrypt':
      return [bound('The bcrypt cost', hash.cost, hashBounds.bcryptCost)];
    case 'argon2':
      return [
        bound('The memory in KiB', hash.memory, hashBounds.argon2Memory),
        bound('The number of passes', hash.passes, hashBounds.argon2Passes),
        bound('The number of lanes', hash.lanes, hashBounds.argon2Lanes),
        bytes,
      ];
    case 'pbkdf2':
      return [bound('The number of iterations', hash.rounds, hashBounds.rounds), bytes];
    case 'scrypt':
      return [
        bound('The scrypt cost', hash.cost, hashBounds.scryptCost),
        bound('The block size', hash.blockSize, hashBounds.scryptBlockSize),
        bound('The parallelization', hash.parallelization, hashBounds.scryptParallelization),
        bytes,
      ];
    case 'firebase':
      return [
        bound('The memory cost', hash.memCost, hashBounds.firebaseMemCost),
        bound('The number of rounds', hash.rounds, hashBounds.firebaseRounds),
      ];
    case 'crypt':
      return [bound('The number of rounds', hash.rounds, hashBounds.cryptRounds)];
    case 'phpass':
      return [bound('The logarithm of the rounds', hash.log2, hashBounds.phpassLog2)];
  }
}

/**
 * What is wrong with the numbers of a hash, in words for whoever imports it, or null.
 * SECURITY: hash bombs; a hostile file, or a hostile row of the table, must not be able to occupy the server with one guess.
 */
export function boundsProblem(hash: ImportedHash): string | null {
  for (const { name, value, from, to } of boundsOf(hash)) {
    if (value < from || value > to) return `${name} must be from ${from} to ${to}.`;
  }
  if (hash.kind === 'scrypt' && !Number.isInteger(Math.log2(hash.cost))) {
    return 'The scrypt cost must be a power of two.';
  }
  if (hash.kind === 'argon2' && hash.memory < 8 * hash.lanes) {
    return 'argon2 needs at least 8 KiB of memory for each lane.';
  }
  return null;
}

const cryptCharacters = { md5: 22, apr1: 22, sha256: 43, sha512: 86 } as const;
const firebaseKeyBytes = 64;

/** What is wrong with the lengths of a hash, or null: one that its algorithm cannot have made is never compared with anything. */
export function lengthProblem(hash: ImportedHash): string | null {
  switch (hash.kind) {
    case 'digest':
    case 'hmac':
      return expected(byteLength(hash.hash), digestBytes[hash.digest], 'bytes');
    case 'firebase':
      return (
        expected(byteLength(hash.hash), firebaseKeyBytes, 'bytes') ??
        (hash.signerKey === null
          ? null
          : expected(byteLength(hash.signerKey), firebaseKeyBytes, 'bytes in its signer key'))
      );
    case 'crypt':
      return expected(hash.hash.length, cryptCharacters[hash.scheme], 'characters');
    case 'phpass':
      return expected(hash.hash.length, hash.digest === 'md5' ? 22 : 43, 'characters');
    case 'argon2':
    case 'wrapped':
      return byteLength(hash.salt) < 8 ? 'A salt of argon2 has at least 8 bytes.' : null;
    default:
      return null;
  }
}

function expected(actual: number, wanted: number, unit: string): string | null {
  return actual === wanted ? null : `A hash of this kind has ${wanted} ${unit}.`;
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'base64');
}

/** The hash as text for the column of password hashes. */
export function writeImportedHash(hash: ImportedHash): string {
  return JSON.stringify(hash);
}

/** What a hash of another system begins with where it is not sealed. */
export const plainHashMark = '{"kind":';

/** Whether a text is a hash of another system as `writeImportedHash` wrote it. */
export function isPlainImportedHash(stored: string): boolean {
  return stored.startsWith(plainHashMark);
}

/** Reads what is stored. Null for anything malformed or out of bounds: it opens to no password. */
export function readImportedHash(stored: string): ImportedHash | null {
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    return null;
  }
  const { data } = shapes.safeParse(value);
  return data && boundsProblem(data) === null && lengthProblem(data) === null ? data : null;
}
