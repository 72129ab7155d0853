import { checkImportedHash, type CheckedHash } from '#src/features/passwords/hashes/check-imported-hash';
import { verifyImportedHash } from '#src/features/passwords/hashes/check/verify-hash';
import { ours } from '#test/features/passwords/hashes/known-answers';
import { storedFormOf } from '#test/features/passwords/hashes/stored-form';

describe('2.3 hashes of Clerk, by the name of what made them', () => {
  const checked = (hasher: string, value: string): CheckedHash =>
    checkImportedHash({ algorithm: 'AUTO', hash: { value, hasher } });

  it.each([
    ['md5', '9c8a541752266999b364fa097fb71c30'],
    ['sha256', '254424c458a32ceac8a9a7395c39f14e0c021c338d1341df120a347d1cee21f9'],
    ['pbkdf2_sha256', 'pbkdf2_sha256$1000$Z2F0ZWhvdXNlLXNhbHQ=$A4mMLuBIOuFmmAvK7GCo2JCiGh8VCc/ow2lguvfBue0='],
    [
      'pbkdf2_sha256_django',
      'pbkdf2_sha256$1000$gatehouse-salt$A4mMLuBIOuFmmAvK7GCo2JCiGh8VCc/ow2lguvfBue0=',
    ],
    ['pbkdf2_sha1', 'pbkdf2_sha1$1000$gatehouse-salt$f3fb26c55d096159c1f4db38951e6927027e0551'],
    ['ldap_ssha', '{SSHA}R2rixZX3D5oMOA95+HYdPwm6hWdnYXRlaG91c2Utc2FsdA=='],
    [
      'scrypt_firebase',
      'biwvLOO+5gOsu9qxF0UadPn32GFds2IS1t+z8C4LGNZQr4jbbGRhtyNxCw3e34qf2ke2onKvVrBtocAaztCnkQ==$ZmItc2FsdC0wMQ==$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==$Bw==$8$10',
    ],
    [
      'scrypt_werkzeug',
      'scrypt:16384:8:1$gatehouse-salt$b082baff85538f95452d2ed2ccc332fe3539e34025424d285337a9a9fb3a46f000e5271d3af2b2974b8980c6cb156a168848e625b2884c6eaba01d4e45205ebf',
    ],
    ['bcrypt', '$2b$04$abcdefghijklmnopqrstuutsdgH2xql1sMk8uX0oTy4Mcnryjuq4i'],
  ])('%s', async (hasher, value) => {
    const stored = storedFormOf(checked(hasher, value));
    expect(await verifyImportedHash(stored, ours)).toBe(true);
    expect(await verifyImportedHash(stored, `${ours}!`)).toBe(false);
  });

  it('the same text means another salt by another name', async () => {
    const value = 'pbkdf2_sha256$1000$Z2F0ZWhvdXNlLXNhbHQ=$A4mMLuBIOuFmmAvK7GCo2JCiGh8VCc/ow2lguvfBue0=';
    const stored = storedFormOf(checked('pbkdf2_sha256_django', value));
    expect(await verifyImportedHash(stored, ours)).toBe(false);
  });

  it.each(['bcrypt_peppered', 'awscognito', 'sha512_symfony', 'toString'])(
    '%s cannot be checked',
    (hasher) => {
      expect(checked(hasher, 'x')).toMatchObject({ code: 'HASH_UNSUPPORTED', path: 'hash.hasher' });
    },
  );

  it('is for AUTO alone', () => {
    const value = '$2b$04$abcdefghijklmnopqrstuutsdgH2xql1sMk8uX0oTy4Mcnryjuq4i';
    expect(checkImportedHash({ algorithm: 'bcrypt', hash: { value, hasher: 'bcrypt' } })).toMatchObject({
      ...{ code: 'ADDITIONAL_PROPERTY', path: 'hash.hasher' },
    });
  });
});
