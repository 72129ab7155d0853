import { checkImportedHash, type CheckedHash } from '#src/features/passwords/hashes/check-imported-hash';
import { verifyImportedHash } from '#src/features/passwords/hashes/check/verify-hash';
import { mapGigya } from '#src/features/transfers/formats/gigya/map-gigya';
import { usualMapping, type MappedRow } from '#src/features/transfers/formats/import-format';
import { mapKeycloak } from '#src/features/transfers/formats/keycloak/map-keycloak';
import { mapOkta } from '#src/features/transfers/formats/okta/map-okta';
import { ours } from '#test/features/passwords/hashes/known-answers';
import { storedFormOf } from '#test/features/passwords/hashes/stored-form';

const salt = 'Z2F0ZWhvdXNl';
const keycloak = (data: object, secret: object): object => ({
  type: 'password',
  credentialData: JSON.stringify(data),
  secretData: JSON.stringify(secret),
});

/** What an import makes of the hash of a mapped row. */
function checked({ row, errors, warnings }: MappedRow): CheckedHash {
  const [problem] = [...errors, ...warnings];
  if (problem !== undefined) return problem as CheckedHash;
  return checkImportedHash(row?.['custom_password_hash']);
}
const checkOktaHash = (hash: object): CheckedHash =>
  checked(mapOkta({ id: '1', profile: { login: 'a' }, credentials: { password: { hash } } }, usualMapping));
const checkGigyaHash = (password: object): CheckedHash =>
  checked(mapGigya({ UID: '1', profile: {}, password }, usualMapping));
const checkKeycloakHash = (credential: object): CheckedHash =>
  checked(mapKeycloak({ username: 'a', credentials: [{ type: 'password', ...credential }] }, usualMapping));

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
      'HASH_MALFORMED',
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
