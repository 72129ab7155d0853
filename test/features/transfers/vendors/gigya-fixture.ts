import { bcrypt, digest, pbkdf2, salted } from '#test/features/transfers/vendors/made-hashes';
import type { VendorFixture } from '#test/features/transfers/vendors/vendor-fixture';

const account = (
  name: string,
  members: Record<string, unknown> = {},
  profile: Record<string, unknown> = {},
) => ({
  ...{
    UID: `uid-${name}`,
    isRegistered: true,
    isActive: true,
    isVerified: true,
    created: '2026-01-02T03:04:05.000Z',
  },
  loginIDs: { username: name, emails: [`${name}@gigya.example`], unverifiedEmails: [] },
  emails: { verified: [`${name}@gigya.example`], unverified: [] },
  profile: { email: `${name}@gigya.example`, firstName: 'Lee', lastName: 'Oh', locale: 'en', ...profile },
  ...members,
});
const withHash = (algorithm: string, hash: string, settings: Record<string, unknown> = {}) => ({
  password: { hash, hashSettings: { algorithm, ...settings } },
});
const sha1 = pbkdf2('sha1', 3_000, 16);
const sha512 = pbkdf2('sha512', 1_000, 20);
const sha256 = salted('sha256');

export const gigya: VendorFixture = {
  name: 'Gigya',
  format: 'GIGYA',
  contentType: 'application/x-ndjson',
  file: [
    account(
      'plain',
      { data: { subscribe: true }, regSource: 'web' },
      { photoURL: 'https://img.example.com/l.png' },
    ),
    account('pbkdf', withHash('pbkdf2', sha1.hash, { rounds: 3000, salt: sha1.salt })),
    account('pbkdf512', withHash('pbkdf2_sha512', sha512.hash, { rounds: 1000, salt: sha512.salt })),
    account(
      'sha',
      withHash('sha256', sha256.hash, { salt: sha256.salt, binaryFormat: '$salt:base64$password:utf8' }),
    ),
    account('md5', withHash('md5', digest('md5'), { format: '$password' })),
    account('bcrypt', {
      password: { compoundHashedPassword: bcrypt, hashSettings: { algorithm: 'bcrypt' } },
    }),
    account('off', { isActive: false, emails: { verified: [], unverified: ['off@gigya.example'] } }),
    account('social', {
      identities: [
        { provider: 'googleplus', providerUID: '1234', email: 'x@y.example' },
        { provider: 'site' },
      ],
    }),
    account('plain', { UID: 'uid-other', loginIDs: {} }),
    account('uni', {}, { firstName: 'José', lastName: 'Ñandú 🦊' }),
    account('nomail', { emails: {}, profile: { firstName: 'No' } }),
    account('odd', withHash('symphony2', 'AAAA')),
    account('lite', { isRegistered: false }),
  ]
    .map((row) => JSON.stringify(row))
    .join('\n'),
  users: {
    'plain@gigya.example': {
      ...{ id: 'auth0|gigya|uid-plain', emailVerified: true, username: 'plain', name: 'Lee Oh' },
      metadata: { user: { locale: 'en', subscribe: true }, app: { gigya: { regSource: 'web' } } },
    },
    'off@gigya.example': { blocked: true, emailVerified: false },
    'social@gigya.example': {
      identities: [
        { provider: 'auth0', connection: 'main', userId: 'gigya|uid-social' },
        { provider: 'google-oauth2', connection: 'google-oauth2', userId: '1234' },
      ],
    },
    'uni@gigya.example': { name: 'José Ñandú 🦊' },
    'odd@gigya.example': {},
  },
  hashed: [
    'pbkdf@gigya.example',
    'pbkdf512@gigya.example',
    'sha@gigya.example',
    'md5@gigya.example',
    'bcrypt@gigya.example',
  ],
  errors: [
    [8, 'DUPLICATED_USER'],
    [10, 'OBJECT_REQUIRED'],
  ],
  warnings: [
    [11, 'HASH_UNSUPPORTED'],
    [12, 'ROW_SKIPPED'],
  ],
  skipped: 1,
};
