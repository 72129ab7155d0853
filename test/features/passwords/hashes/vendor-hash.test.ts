import {
  checkGigyaHash,
  checkImportedHash,
  checkKeycloakHash,
  checkOktaHash,
  type CheckedHash,
} from '#src/features/passwords/hashes/check-imported-hash';
import { verifyImportedHash } from '#src/features/passwords/hashes/check/verify-hash';
import { ours } from '#test/features/passwords/hashes/known-answers';
import { storedFormOf } from '#test/features/passwords/hashes/stored-form';

const salt = 'Z2F0ZWhvdXNl';
const keycloak = (data: object, secret: object): object => ({
  type: 'password',
  credentialData: JSON.stringify(data),
  secretData: JSON.stringify(secret),
});

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

describe('5 hashes of other products', () => {
  it.each<[string, () => CheckedHash]>([
    [
      'Okta bcrypt',
      () =>
        checkOktaHash({
          algorithm: 'BCRYPT',
          workFactor: 4,
          salt: 'abcdefghijklmnopqrstuu',
          value: 'tsdgH2xql1sMk8uX0oTy4Mcnryjuq4i',
        }),
    ],
    [
      'Okta SHA-512, salt behind',
      () =>
        checkOktaHash({
          algorithm: 'SHA-512',
          salt,
          saltOrder: 'POSTFIX',
          value: 'yflRuSMnYKAChtFdcn03I7z/5BDbFI3XAFnXmCwCo/Vz0KJ8m49EPX3ZKIxTwENJXtmhygRsZahUyWdFV63IXQ==',
        }),
    ],
    [
      'Okta PBKDF2',
      () =>
        checkOktaHash({
          ...{
            algorithm: 'PBKDF2',
            salt,
            iterationCount: 4_096,
            keySize: 32,
            digestAlgorithm: 'SHA512_HMAC',
          },
          value: 'TS6Mktlw/A8FgNbfsQtY4kMZTi/lNV8TFjtFAvfkgS4=',
        }),
    ],
    [
      'Keycloak pbkdf2-sha256',
      () =>
        checkKeycloakHash(
          keycloak(
            { hashIterations: 27_500, algorithm: 'pbkdf2-sha256', additionalParameters: {} },
            { value: 'Bc7bwuqUfSehEa+lj/qpMOUxJ/EZ/XmJ8r83IVRRvRc=', salt, additionalParameters: {} },
          ),
        ),
    ],
    [
      'Keycloak pbkdf2 of an old export, 64 bytes',
      () =>
        checkKeycloakHash({
          algorithm: 'pbkdf2',
          hashIterations: 1_000,
          salt,
          hashedSaltedValue:
            'J/Z0TuEl/C9PO/g1bNx05dxq1q+I1JtDUm4AaQFKp6Si3yJkUUNAVoyH7J33An8VJ6gGPfYQ+mNMvTDI25hBnw==',
        }),
    ],
    [
      'Keycloak bcrypt',
      () =>
        checkKeycloakHash(
          keycloak(
            { hashIterations: -1, algorithm: 'bcrypt' },
            { value: '$2b$04$abcdefghijklmnopqrstuutsdgH2xql1sMk8uX0oTy4Mcnryjuq4i', salt: '' },
          ),
        ),
    ],
    [
      'Gigya pbkdf2',
      () =>
        checkGigyaHash({
          hash: 'TiA/szPYWhxPO/1QAHJGCQ==',
          hashSettings: { algorithm: 'pbkdf2', rounds: 3_000, salt },
        }),
    ],
    [
      'Gigya md5 with a format',
      () =>
        checkGigyaHash({
          hash: '8TBj8jRh6eVrN1X6SGv5zw==',
          hashSettings: { algorithm: 'md5', format: '$password::$salt', salt: 'gatehouse' },
        }),
    ],
    [
      'Gigya sha256 with a binary format',
      () =>
        checkGigyaHash({
          hashedPassword: 'yoo+D8eVnGDAoAIoMypgyEzqVxjKEyrRg9o0pKFwuUI=',
          hashSettings: { algorithm: 'sha256', binaryFormat: '$salt:base64$password:utf8', salt },
        }),
    ],
    [
      'Gigya sha256, five rounds',
      () =>
        checkGigyaHash({
          hash: '3KmA0OAp3BY0czS15fSN5HZ7ZUm/i+Uy67VTthH3AQo=',
          hashSettings: { algorithm: 'sha256', rounds: 5, salt },
        }),
    ],
  ])('%s opens to its password alone', async (_name, checked) => {
    const stored = storedFormOf(checked());
    expect(await verifyImportedHash(stored, ours)).toBe(true);
    expect(await verifyImportedHash(stored, `${ours}!`)).toBe(false);
  });

  it('reads argon2 of Keycloak', async () => {
    const parameters = {
      type: ['id'],
      version: ['1.3'],
      memory: ['32'],
      parallelism: ['4'],
      hashLength: ['16'],
    };
    const secret = { value: 'MNzk5BtR2vUhrp6qQEjRNw==', salt: 'cm94YnRVOW5jZzFzcVE4bQ==' };
    const data = { hashIterations: 2, algorithm: 'argon2', additionalParameters: parameters };
    expect(await verifyImportedHash(storedFormOf(checkKeycloakHash(keycloak(data, secret))), 'test')).toBe(
      true,
    );
    const short = { ...data, additionalParameters: { ...parameters, hashLength: ['32'] } };
    expect(checkKeycloakHash(keycloak(short, secret))).toMatchObject({ code: 'HASH_MALFORMED' });
  });

  it.each<[string, CheckedHash, string]>([
    ['broken JSON in a text', checkKeycloakHash({ secretData: '{', credentialData: '{}' }), 'HASH_MALFORMED'],
    [
      'an algorithm of Gigya without definition',
      checkGigyaHash({ hash: 'AA==', hashSettings: { algorithm: 'sap_abap' } }),
      'HASH_UNSUPPORTED',
    ],
    [
      'an algorithm of Keycloak from elsewhere',
      checkKeycloakHash(keycloak({ algorithm: 'x', hashIterations: 1 }, { value: 'AA==', salt })),
      'HASH_UNSUPPORTED',
    ],
    [
      'a misspelt cost of Okta',
      checkOktaHash({ algorithm: 'BCRYPT', workfactor: 10, salt: 'x', value: 'y' }),
      'OBJECT_REQUIRED',
    ],
    [
      '4,095 iterations of Okta',
      checkOktaHash({
        algorithm: 'PBKDF2',
        salt,
        iterationCount: 4_095,
        keySize: 1,
        digestAlgorithm: 'SHA256_HMAC',
        value: 'AA==',
      }),
      'HASH_PARAMS_OUT_OF_BOUNDS',
    ],
  ])('%s is refused', (_name, checked, code) => {
    expect(checked).toMatchObject({ code });
  });
});
