import { bcrypt, digest, pbkdf2, salted } from '#test/features/transfers/vendors/made-hashes';
import type { VendorFixture } from '#test/features/transfers/vendors/vendor-fixture';

const user = (
  name: string,
  members: Record<string, unknown> = {},
  profile: Record<string, unknown> = {},
) => ({
  ...{ id: `00u-${name}`, status: 'ACTIVE', created: '2026-01-02T03:04:05.000Z', lastLogin: null },
  profile: {
    login: `${name}@okta.example`,
    email: `${name}@okta.example`,
    firstName: 'Kim',
    lastName: 'Sato',
    ...profile,
  },
  ...members,
});
const withHash = (hash: Record<string, unknown>) => ({
  credentials: {
    password: { hash },
    emails: [{ value: 'x', status: 'VERIFIED', type: 'PRIMARY' }],
    provider: { type: 'OKTA', name: 'OKTA' },
  },
});
const { salt, hash } = pbkdf2('sha256', 4_096, 32);
const sha = salted('sha256');

export const okta: VendorFixture = {
  name: 'Okta',
  format: 'OKTA',
  contentType: 'application/json',
  file: JSON.stringify([
    user('plain', {}, { mobilePhone: '+15550100002', department: 'Sales', city: 'Kobe' }),
    user(
      'bcrypt',
      withHash({ algorithm: 'BCRYPT', workFactor: 4, salt: bcrypt.slice(7, 29), value: bcrypt.slice(29) }),
    ),
    user('sha', withHash({ algorithm: 'SHA-256', salt: sha.salt, saltOrder: 'PREFIX', value: sha.hash })),
    user('md5', withHash({ algorithm: 'MD5', value: digest('md5') })),
    user(
      'pbkdf2',
      withHash({
        algorithm: 'PBKDF2',
        iterationCount: 4096,
        keySize: 32,
        digestAlgorithm: 'SHA256_HMAC',
        salt,
        value: hash,
      }),
    ),
    user('gone', { status: 'DEPROVISIONED' }),
    user('fed', { credentials: { provider: { type: 'FEDERATION', name: 'corp' } } }),
    user('plain'),
    user('uni', {}, { firstName: 'Zoë', lastName: '山田', mobilePhone: 'ext. 12' }),
    { id: '00u-none', status: 'ACTIVE', profile: { login: 'nomail', firstName: 'No' } },
    user('odd', withHash({ algorithm: 'ROT13', value: 'AAAA' })),
    user('bad', withHash({ algorithm: 'BCRYPT', workfactor: 10, salt: 'x', value: 'y' })),
  ]),
  users: {
    'plain@okta.example': {
      ...{ id: 'auth0|okta|00u-plain', emailVerified: false, name: 'Kim Sato', phoneNumber: '+15550100002' },
      metadata: { user: { city: 'Kobe' }, app: { department: 'Sales' } },
    },
    'bcrypt@okta.example': { emailVerified: true, createdAt: '2026-01-02T03:04:05.000Z' },
    'gone@okta.example': { blocked: true },
    'fed@okta.example': { identities: [{ provider: 'auth0', connection: 'main', userId: 'okta|00u-fed' }] },
    'uni@okta.example': { name: 'Zoë 山田', metadata: { user: { phone: 'ext. 12' }, app: {} } },
    'odd@okta.example': { emailVerified: true },
  },
  hashed: ['bcrypt@okta.example', 'sha@okta.example', 'md5@okta.example', 'pbkdf2@okta.example'],
  errors: [
    [7, 'DUPLICATED_USER'],
    [9, 'OBJECT_REQUIRED'],
    [11, 'HASH_MALFORMED'],
  ],
  warnings: [
    [6, 'IDENTITY_LEFT_OUT'],
    [10, 'HASH_UNSUPPORTED'],
  ],
  skipped: 0,
};
