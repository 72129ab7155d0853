import { checkImportedHash, checkPasswordHash } from '#src/features/passwords/hashes/check-imported-hash';
import { ours } from '#test/features/passwords/hashes/known-answers';

const bcrypt = (cost: string): string => `$2b$${cost}$abcdefghijklmnopqrstuutsdgH2xql1sMk8uX0oTy4Mcnryjuq4i`;
const argon2 = (m: number, t: number, p: number): string =>
  `$argon2id$v=19$m=${m},t=${t},p=${p}$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ`;
const scrypt = (cost: number, blockSize: number, parallelization: number): object => ({
  algorithm: 'scrypt',
  hash: { value: '00'.repeat(32), encoding: 'hex' },
  salt: { value: 'abc123' },
  ...{ keylen: 32, cost, blockSize, parallelization },
});
const pbkdf2 = (rounds: number, bytes = 20): string =>
  `$pbkdf2-sha512$i=${rounds},l=${bytes}$c2FsdA$${Buffer.alloc(bytes, 1).toString('base64').replace(/=+$/, '')}`;
const stormpath = (rounds: number): string =>
  `$stormpath2$MD5$${rounds}$c3Qtc2FsdA==$So3M2xxbKAYr0tZKiVIDoQ==`;
const firebase = (ln: number, r: number): string =>
  `$firescrypt$ln=${ln},r=${r},p=1$c2FsdA==$${Buffer.alloc(64).toString('base64')}$Bw==$${Buffer.alloc(64, 1).toString('base64')}`;
const crypt = (rounds: number): string =>
  `$5$rounds=${rounds}$saltsalt$m9/XyyemIjodTAFXcE95csTPl17X5uhTZ2zXcJ1rILD`;
const phpass = (cost: string): string => `$P$${cost}IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0`;

describe('2.1 bounds at import', () => {
  it.each<[string, unknown, unknown]>([
    ['bcrypt cost 15', bcrypt('15'), bcrypt('16')],
    ['bcrypt cost 4', bcrypt('04'), bcrypt('03')],
    ['scrypt N of 2^17', scrypt(131_072, 8, 1), scrypt(262_144, 8, 1)],
    ['scrypt r of 8', scrypt(16, 8, 1), scrypt(16, 9, 1)],
    ['scrypt p of 10', scrypt(16, 8, 10), scrypt(16, 8, 11)],
    ['a power of two for scrypt', scrypt(4_096, 8, 1), scrypt(4_097, 8, 1)],
    ['Firebase mem_cost 17', firebase(17, 8), firebase(18, 8)],
    ['Firebase rounds 8', firebase(10, 8), firebase(10, 9)],
    ['argon2 memory of 1 GiB', argon2(1_048_576, 1, 1), argon2(1_048_577, 1, 1)],
    ['argon2 with 10 passes', argon2(64, 10, 1), argon2(64, 11, 1)],
    ['argon2 with 16 lanes', argon2(256, 1, 16), argon2(256, 1, 17)],
    ['argon2 memory for each lane', argon2(32, 1, 4), argon2(31, 1, 4)],
    ['10,000,000 iterations of PBKDF2', pbkdf2(10_000_000), pbkdf2(10_000_001)],
    ['one iteration of PBKDF2', pbkdf2(1), pbkdf2(0)],
    ['a derived key of 512 bytes', pbkdf2(1_000, 512), pbkdf2(1_000, 513)],
    ['10,000,000 rounds of stormpath2', stormpath(10_000_000), stormpath(10_000_001)],
    ['10,000,000 rounds of sha256-crypt', crypt(10_000_000), crypt(10_000_001)],
    ['2^23 rounds of phpass', phpass('L'), phpass('M')],
  ])('%s is the limit', (_name, within, beyond) => {
    expect(checkImportedHash(within)).toEqual({ algorithm: expect.any(String), stored: expect.any(String) });
    expect(checkImportedHash(beyond)).toMatchObject({ code: 'HASH_PARAMS_OUT_OF_BOUNDS' });
  });
});

const hex = { value: '00'.repeat(16), encoding: 'hex' };

describe('1.3 what a custom_password_hash may hold', () => {
  it.each<[string, unknown, string, string]>([
    ['an unknown algorithm', { algorithm: 'rot13', hash: hex }, 'ENUM_MISMATCH', 'algorithm'],
    ['no algorithm', { hash: hex }, 'OBJECT_REQUIRED', 'algorithm'],
    ['no hash', { algorithm: 'md5' }, 'OBJECT_REQUIRED', 'hash'],
    ['no value', { algorithm: 'md5', hash: { encoding: 'hex' } }, 'OBJECT_REQUIRED', 'hash.value'],
    [
      'no encoding of a bare digest',
      { algorithm: 'md5', hash: { value: '00' } },
      'OBJECT_REQUIRED',
      'hash.encoding',
    ],
    [
      'utf8 for a bare digest',
      { algorithm: 'md5', hash: { ...hex, encoding: 'utf8' } },
      'ENUM_MISMATCH',
      'hash.encoding',
    ],
    ['hex for argon2', { algorithm: 'argon2', hash: hex }, 'ENUM_MISMATCH', 'hash.encoding'],
    [
      'a salt beside argon2',
      { algorithm: 'argon2', hash: { value: argon2(64, 1, 1) }, salt: { value: 'x' } },
      'NOT_PASSED',
      'salt',
    ],
    [
      'a salt beside ldap',
      { algorithm: 'ldap', hash: { value: '{MD5}' }, salt: { value: 'x' } },
      'NOT_PASSED',
      'salt',
    ],
    ['a salt without value', { algorithm: 'md5', hash: hex, salt: {} }, 'OBJECT_REQUIRED', 'salt.value'],
    [
      'a position in the middle',
      { algorithm: 'md5', hash: hex, salt: { value: 'x', position: 'middle' } },
      'ENUM_MISMATCH',
      'salt.position',
    ],
    ['hmac without digest', { algorithm: 'hmac', hash: hex }, 'OBJECT_REQUIRED', 'hash.digest'],
    [
      'hmac without key',
      { algorithm: 'hmac', hash: { ...hex, digest: 'md5' } },
      'OBJECT_REQUIRED',
      'hash.key',
    ],
    [
      'hmac with mdc2',
      { algorithm: 'hmac', hash: { ...hex, digest: 'mdc2', key: { value: 'k' } } },
      'ENUM_MISMATCH',
      'hash.digest',
    ],
    [
      'a digest beside md5',
      { algorithm: 'md5', hash: { ...hex, digest: 'md5' } },
      'ADDITIONAL_PROPERTY',
      'hash.digest',
    ],
    ['a cost beside md5', { algorithm: 'md5', hash: hex, cost: 4 }, 'ADDITIONAL_PROPERTY', 'cost'],
    ['scrypt without keylen', { algorithm: 'scrypt', hash: hex }, 'OBJECT_REQUIRED', 'keylen'],
    [
      'scrypt with another keylen',
      { algorithm: 'scrypt', hash: hex, keylen: 17 },
      'HASH_MALFORMED',
      'keylen',
    ],
    [
      'hex with an odd digit',
      { algorithm: 'md5', hash: { value: '0', encoding: 'hex' } },
      'HASH_MALFORMED',
      'hash.value',
    ],
    [
      'base64 with a blank',
      { algorithm: 'md5', hash: { value: 'AA AA', encoding: 'base64' } },
      'HASH_MALFORMED',
      'hash.value',
    ],
    ['a digest of the wrong length', { algorithm: 'sha1', hash: hex }, 'HASH_MALFORMED', ''],
    [
      'a password encoding that is none',
      { algorithm: 'md5', hash: hex, password: { encoding: 'ebcdic' } },
      'ENUM_MISMATCH',
      'password.encoding',
    ],
    ['text where an object belongs', { algorithm: 'md5', hash: 'x' }, 'INVALID_TYPE', 'hash'],
    ['a list', [], 'INVALID_TYPE', ''],
    [
      '__proto__',
      JSON.parse(
        '{"algorithm":"md5","hash":{"value":"00000000000000000000000000000000","encoding":"hex"},"__proto__":{}}',
      ),
      'ADDITIONAL_PROPERTY',
      '__proto__',
    ],
  ])('%s is refused', (_name, value, code, path) => {
    expect(checkImportedHash(value)).toEqual({ code, path, message: expect.any(String) });
  });

  it('takes the URL-safe alphabet for base64 and either case for hex', () => {
    const standard = { algorithm: 'md5', hash: { value: '++//++//++//++//++//+w==', encoding: 'base64' } };
    const urlSafe = { algorithm: 'md5', hash: { value: '--__--__--__--__--__-w', encoding: 'base64' } };
    const upper = { algorithm: 'md5', hash: { value: 'FBEFFFFBEFFFFBEFFFFBEFFFFBEFFFFB', encoding: 'hex' } };
    expect(checkImportedHash(urlSafe)).toEqual(checkImportedHash(standard));
    expect(checkImportedHash(upper)).toEqual(checkImportedHash(standard));
  });
});

describe('2.3 what the beginning says', () => {
  it.each([
    ['HASH_UNSUPPORTED', '$2$10$abcdefghijklmnopqrstuutsdgH2xql1sMk8uX0oTy4Mcnryjuq4i'],
    ['HASH_UNSUPPORTED', '$2x$10$abcdefghijklmnopqrstuutsdgH2xql1sMk8uX0oTy4Mcnryjuq4i'],
    ['HASH_UNSUPPORTED', '{CRYPT}$1$abc'],
    ['HASH_UNSUPPORTED', '$sha1$'.replace('sha1', 'y')],
    ['HASH_UNSUPPORTED', '$stormpath1$salt$value'],
    ['HASH_UNSUPPORTED', '$pbkdf2-mdc2$i=1,l=16$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA'],
    ['HASH_UNSUPPORTED', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['PLAIN_PASSWORD', ours],
    ['PLAIN_PASSWORD', '12345678'],
    ['HASH_MALFORMED', ''],
    ['HASH_MALFORMED', '$2b$10$tooshort'],
    ['HASH_MALFORMED', '$argon2id$v=19$m=64,t=1$c29tZXNhbHQ$AAAA'],
    ['HASH_MALFORMED', '$argon2id$v=19$m=64,m=64,t=1,p=1$c29tZXNhbHQ$AAAAAAAA'],
    ['HASH_MALFORMED', '{SSHA}tooshort'],
    ['HASH_MALFORMED', '$md5$$'],
    ['HASH_MALFORMED', '$sha1$pf=$NW9wbWtnejAzcg==$2qU2SGWP8viTM1md3FiI3+rjWXQ='],
    ['HASH_MALFORMED', '$sha1$pf=bm9uZQ==$NW9wbWtnejAzcg==$2qU2SGWP8viTM1md3FiI3+rjWXQ='],
    ['HASH_MALFORMED', '$pbkdf2-sha256$c2FsdA$QJxzfvdbHYBpydCbHoFg3GJEqMFULwskiuqiJctoYpI'],
    ['HASH_MALFORMED', '["sha256",["salt"],"00"]'],
    ['HASH_MALFORMED', 'x'.repeat(4_097)],
  ])('%s: %s', (code, text) => {
    const checked = checkImportedHash(text);
    expect(checked).toMatchObject({ code });
    if (text.length > 8) expect(JSON.stringify(checked)).not.toContain(text.slice(-8));
  });

  it('takes only bcrypt for password_hash', () => {
    expect(checkPasswordHash(bcrypt('10'))).toMatchObject({ algorithm: 'bcrypt' });
    expect(checkPasswordHash(argon2(64, 1, 1))).toMatchObject({ code: 'HASH_UNSUPPORTED' });
    expect(checkPasswordHash(ours)).toMatchObject({ code: 'PLAIN_PASSWORD' });
    expect(checkPasswordHash(7)).toMatchObject({ code: 'INVALID_TYPE' });
  });
});
