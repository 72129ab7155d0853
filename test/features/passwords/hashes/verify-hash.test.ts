import { checkImportedHash, importedAlgorithm } from '#src/features/passwords/hashes/check-imported-hash';
import { verifyImportedHash } from '#src/features/passwords/hashes/check/verify-hash';
import { readImportedHash } from '#src/features/passwords/hashes/imported-hash';
import { wrapHash } from '#src/features/passwords/hashes/wrap-hash';
import { knownAnswers, ours } from '#test/features/passwords/hashes/known-answers';
import { storedFormOf } from '#test/features/passwords/hashes/stored-form';

/** The stored form with one character of the hash changed, so that it is still well-formed. */
function spoiled(stored: string): string {
  const hash = readImportedHash(stored)?.hash ?? '';
  const other = hash.startsWith('A') ? 'B' : 'A';
  return stored.replace(JSON.stringify(hash), JSON.stringify(other + hash.slice(1)));
}

describe('2 each algorithm', () => {
  it.each(knownAnswers)('$name: verifies, and nothing else does', async ({ password, value }) => {
    const stored = storedFormOf(checkImportedHash(value));
    expect(await verifyImportedHash(stored, password)).toBe(true);
    expect(await verifyImportedHash(stored, `X${password.slice(1)}`)).toBe(false);
    expect(spoiled(stored)).not.toBe(stored);
    expect(await verifyImportedHash(spoiled(stored), password)).toBe(false);
  });
});

describe('6 a digest inside an argon2id hash', () => {
  it.each(['md5, salt before', 'hmac-whirlpool', 'stormpath2'])(
    '%s: verifies, and nothing else does',
    async (name) => {
      const known = knownAnswers.find((answer) => answer.name === name);
      const plain = storedFormOf(checkImportedHash(known?.value));
      const stored = await wrapHash(plain);
      expect(stored).not.toContain(readImportedHash(plain)?.hash);
      expect(await verifyImportedHash(stored, ours)).toBe(true);
      expect(await verifyImportedHash(stored, `${ours}!`)).toBe(false);
      expect(await verifyImportedHash(spoiled(stored), ours)).toBe(false);
      // The digest itself is no password, and what is slow already stays as it is.
      expect(await verifyImportedHash(stored, readImportedHash(plain)?.hash ?? '')).toBe(false);
      expect(await wrapHash(stored)).toBe(stored);
      expect(importedAlgorithm(stored)).toBe(importedAlgorithm(plain));
    },
  );

  it.each([
    ['rounds', '"rounds":1', '"rounds":10000001'],
    ['memory', '"memory":19456', '"memory":2097152'],
    ['passes', '"passes":2', '"passes":11'],
  ])('beyond the bounds of %s opens to nothing', async (_name, from, to) => {
    const known = knownAnswers.find(({ name }) => name === 'md5, salt before');
    const stored = await wrapHash(storedFormOf(checkImportedHash(known?.value)));
    expect(stored).toContain(from);
    expect(await verifyImportedHash(stored.replace(from, to), ours)).toBe(false);
  });
});

describe('2 what must not verify', () => {
  it.each(['abc123', 'sha256', 'sha512'])('a salt at the other end (%s)', async (salt) => {
    const value = knownAnswers.find(({ name }) => name === 'sha256, salt before')?.value as object;
    const moved = { ...value, salt: { value: salt, position: 'suffix' } };
    expect(await verifyImportedHash(storedFormOf(checkImportedHash(moved)), ours)).toBe(false);
  });

  it('a password that is the same text only after normalisation: the old system did not normalise', async () => {
    const composed = {
      algorithm: 'md5',
      hash: { value: '76cab5a22a2b137d05506a5f3a9646d9', encoding: 'hex' },
    };
    const stored = storedFormOf(checkImportedHash({ ...composed, password: { encoding: 'latin1' } }));
    expect(await verifyImportedHash(stored, 'Corr3ct-hörse')).toBe(true);
    expect(await verifyImportedHash(stored, 'Corr3ct-ho\u0308rse')).toBe(false);
    expect(await verifyImportedHash(stored, ' Corr3ct-hörse')).toBe(false);
  });

  it('bcrypt and a password with a NUL character', async () => {
    const stored = storedFormOf(
      checkImportedHash('$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'),
    );
    expect(await verifyImportedHash(stored, 'U*U\0')).toBe(false);
    expect(await verifyImportedHash(stored, 'U*U\0more')).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"kind":'],
    ['an unknown kind', '{"kind":"plain","hash":"Corr3ct-h0rse"}'],
    [
      'a member too many',
      '{"kind":"digest","digest":"md5","message":["password"],"encoding":"utf8","rounds":1,"hash":"nIpUF1ImaZmzZPoJf7ccMA==","x":1}',
    ],
    [
      'an empty hash',
      '{"kind":"digest","digest":"md5","message":["password"],"encoding":"utf8","rounds":1,"hash":""}',
    ],
    [
      'a short hash',
      '{"kind":"digest","digest":"md5","message":["password"],"encoding":"utf8","rounds":1,"hash":"nIo="}',
    ],
    [
      'a pbkdf2 hash of no bytes',
      '{"kind":"pbkdf2","digest":"sha1","encoding":"utf8","rounds":1,"salt":"","hash":""}',
    ],
    [
      'a row with a bomb',
      '{"kind":"digest","digest":"md5","message":["password"],"encoding":"utf8","rounds":10000001,"hash":"nIpUF1ImaZmzZPoJf7ccMA=="}',
    ],
    [
      'a bcrypt bomb',
      '{"kind":"bcrypt","message":["password"],"encoding":"utf8","preHash":"none","cost":31,"salt":"CCCCCCCCCCCCCCCCCCCCC.","hash":"E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"}',
    ],
  ])('a stored row with %s', async (_name, stored) => {
    expect(await verifyImportedHash(stored, ours)).toBe(false);
  });
});
