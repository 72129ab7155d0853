import { hash } from '@node-rs/argon2';
import { createHashingPool, type HashingPool } from '#src/features/passwords/hashing-pool';
import { createPasswordHasher, passwordBytes } from '#src/features/passwords/password-hash';

/** A pool that counts what passes through it. */
function countingPool(): HashingPool & { readonly count: number } {
  const pool = createHashingPool({ threads: 2, queue: 100 });
  let count = 0;
  return {
    run: (work) => {
      count += 1;
      return pool.run(work);
    },
    requireRoom: () => undefined,
    admit: (work) => work(),
    running: 0,
    waiting: 0,
    get count() {
      return count;
    },
  };
}

const noImports = { verify: () => Promise.reject(new Error('No imported hash belongs here.')) };

const tooLong = { code: 'VALIDATION_FAILED', extensions: { field: 'password', limit: 256 } };

describe('password hash', () => {
  const pool = countingPool();
  const hasher = createPasswordHasher(pool, noImports);

  it('is a PHC string of argon2id with 19 MiB, two passes, one lane and a salt of its own', async () => {
    const [first, second] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(first).not.toBe(second);
  });

  it('matches its password and no other', async () => {
    const stored = await hasher.hash('correct horse');
    expect(await hasher.verify('correct horse', stored)).toBe(true);
    expect(await hasher.verify('correct horsf', stored)).toBe(false);
    expect(await hasher.verify('', stored)).toBe(false);
  });

  it('tells passwords apart that differ in the 73rd byte, or behind a NUL', async () => {
    const stored = await hasher.hash(`${'a'.repeat(72)}b`);
    expect(await hasher.verify(`${'a'.repeat(72)}c`, stored)).toBe(false);
    expect(await hasher.verify('a\0c', await hasher.hash('a\0b'))).toBe(false);
  });

  it('matches the same text in another Unicode form', async () => {
    const stored = await hasher.hash('Zo\u00eb \ufb01rst');
    expect(await hasher.verify('Zoe\u0308 first', stored)).toBe(true);
  });

  it('needs hashing again when it was made with other parameters', async () => {
    const options = { memoryCost: 8_192, timeCost: 2, parallelism: 1 };
    expect(hasher.needsRehash(await hash('x', options))).toBe(true);
    expect(hasher.needsRehash(await hash('x', { algorithm: 1 }))).toBe(true);
    expect(hasher.needsRehash('$2b$12$abcdefghijklmnopqrstuv')).toBe(true);
    expect(hasher.needsRehash('')).toBe(true);
    expect(hasher.needsRehash(await hasher.hash('x'))).toBe(false);
  });

  it.each([null, '', 'not a hash', '$argon2id$v=19$broken', '$2b$12$abcdefghijklmnopqrstuv'])(
    'costs one full check and does not match when the stored hash is %j',
    async (stored) => {
      const before = pool.count;
      expect(await hasher.verify('correct horse', stored)).toBe(false);
      expect(pool.count).toBe(before + 1);
    },
  );
});

describe('8.3 peppers', () => {
  const pool = countingPool();
  const pepper = (kid: string) => ({ kid, key: Buffer.alloc(32, kid) });
  const [old, young] = [pepper('old'), pepper('young')];
  const hasher = (...peppers: ReturnType<typeof pepper>[]) => createPasswordHasher(pool, noImports, peppers);

  it('the first makes hashes, each checks its own, and what another or none made is hashed anew', async () => {
    const [plain, peppered, newer] = await Promise.all(
      [hasher(), hasher(old), hasher(young, old)].map((made) => made.hash('correct horse')),
    );
    expect(newer).toMatch(/^\$pepper\$young\$argon2id\$/);
    const stored = { plain, peppered, newer };
    const verdicts = async (made: ReturnType<typeof hasher>) =>
      Object.fromEntries(
        await Promise.all(
          Object.entries(stored).map(async ([name, hash = '']) => [
            name,
            [await made.verify('correct horse', hash), made.needsRehash(hash)],
          ]),
        ),
      );
    expect(await verdicts(hasher(young, old))).toEqual({
      ...{ plain: [true, true], peppered: [true, true], newer: [true, false] },
    });
    expect(await verdicts(hasher(old, young))).toEqual({
      ...{ plain: [true, true], peppered: [true, false], newer: [true, true] },
    });
    expect(await verdicts(hasher())).toMatchObject({
      ...{ plain: [true, false], peppered: [false, true], newer: [false, true] },
    });
    expect(await hasher(young).verify('correct horsE', newer ?? '')).toBe(false);
  });

  it('a key of the same name with other bytes opens nothing', async () => {
    const stored = await hasher(old).hash('correct horse');
    const forged = hasher({ kid: 'old', key: Buffer.alloc(32, 'x') });
    expect(await forged.verify('correct horse', stored)).toBe(false);
  });

  it('a hash whose pepper is gone costs one full check', async () => {
    const stored = await hasher(old).hash('correct horse');
    const before = pool.count;
    expect(await hasher(young).verify('correct horse', stored)).toBe(false);
    expect(pool.count).toBe(before + 1);
  });
});

describe('password length', () => {
  it('is at most 256 characters, whatever their size', () => {
    expect(passwordBytes('a'.repeat(256))).toHaveLength(256);
    expect(passwordBytes('\u{1f511}'.repeat(256))).toHaveLength(1_024);
    expect(() => passwordBytes('a'.repeat(257))).toThrow(expect.objectContaining(tooLong));
    expect(() => passwordBytes('\u{1f511}'.repeat(257))).toThrow(expect.objectContaining(tooLong));
  });

  it('counts the bytes that are hashed: one character that stands for many is refused', () => {
    // U+FDFA becomes 18 characters, 33 bytes, under NFKC.
    expect(() => passwordBytes('\ufdfa'.repeat(32))).toThrow(expect.objectContaining(tooLong));
    expect(passwordBytes('\ufdfa').length).toBe(33);
  });

  it('is checked before any hashing', async () => {
    const pool = countingPool();
    const hasher = createPasswordHasher(pool, noImports);
    const huge = 'a'.repeat(10_000_000);
    await expect(hasher.hash(huge)).rejects.toMatchObject(tooLong);
    await expect(hasher.verify(huge, null)).rejects.toMatchObject(tooLong);
    expect(pool.count).toBe(0);
  });

  it('is not asked of text that has no UTF-8 form', () => {
    expect(() => passwordBytes('a\ud800b')).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED', extensions: { field: 'password' } }),
    );
  });
});
