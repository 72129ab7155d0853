import { bcrypt, pbkdf2 } from '#test/features/transfers/vendors/made-hashes';
import type { VendorFixture } from '#test/features/transfers/vendors/vendor-fixture';

const user = (name: string, members: Record<string, unknown> = {}) => ({
  ...{
    id: `9f0-${name}`,
    username: `kc-${name}`,
    email: `${name}@keycloak.example`,
    emailVerified: true,
    enabled: true,
  },
  ...{ firstName: 'Mia', lastName: 'Fox', createdTimestamp: 1767225600000, requiredActions: [] },
  ...members,
});
const withHash = (algorithm: string, hashIterations: number, value: string, salt: string) => ({
  credentials: [
    {
      type: 'password',
      secretData: JSON.stringify({ value, salt, additionalParameters: {} }),
      credentialData: JSON.stringify({ hashIterations, algorithm, additionalParameters: {} }),
    },
  ],
});
const sha256 = pbkdf2('sha256', 2_750, 64);
const sha512 = pbkdf2('sha512', 2_100, 64);
const sha1 = pbkdf2('sha1', 2_000, 32);

export const keycloak: VendorFixture = {
  name: 'Keycloak',
  format: 'KEYCLOAK',
  contentType: 'application/json',
  file: JSON.stringify({
    realm: 'demo',
    roles: { realm: [{ name: 'user' }] },
    users: [
      user('plain', {
        attributes: { phoneNumber: ['+15550100003'], tags: ['a', 'b'], city: ['Bonn'] },
        realmRoles: ['Reader'],
      }),
      user('sha256', withHash('pbkdf2-sha256', 2_750, sha256.hash, sha256.salt)),
      user('sha512', withHash('pbkdf2-sha512', 2_100, sha512.hash, sha512.salt)),
      user('sha1', {
        credentials: [
          {
            type: 'password',
            hashedSaltedValue: sha1.hash,
            salt: sha1.salt,
            hashIterations: 2_000,
            algorithm: 'pbkdf2',
          },
        ],
      }),
      user('bcrypt', withHash('bcrypt', -1, bcrypt, '')),
      user('off', { enabled: false, emailVerified: false }),
      user('social', {
        federatedIdentities: [{ identityProvider: 'google', userId: '77', userName: 'mia' }],
      }),
      user('plain2', { email: 'PLAIN@keycloak.example' }),
      user('uni', { firstName: 'Мия', lastName: '狐' }),
      { id: '9f0-none', username: 'nomail', enabled: true },
      user('odd', withHash('scrypt-plugin', 1, 'AAAA', 'AAAA')),
      user('broken', { credentials: [{ type: 'password', secretData: '{', credentialData: '{}' }] }),
      { id: '9f0-svc', username: 'service-account-x', serviceAccountClientId: 'x' },
    ],
  }),
  users: {
    'plain@keycloak.example': {
      ...{
        id: 'auth0|keycloak|9f0-plain',
        emailVerified: true,
        username: 'kc-plain',
        phoneNumber: '+15550100003',
      },
      ...{
        metadata: { user: { tags: ['a', 'b'], city: 'Bonn' }, app: {} },
        createdAt: '2026-01-01T00:00:00.000Z',
      },
      roles: [{ name: 'Reader' }],
    },
    'off@keycloak.example': { blocked: true, emailVerified: false },
    'social@keycloak.example': {
      identities: [
        { provider: 'auth0', connection: 'main', userId: 'keycloak|9f0-social' },
        { provider: 'google-oauth2', connection: 'google-oauth2', userId: '77' },
      ],
    },
    'uni@keycloak.example': { name: 'Мия 狐' },
    'odd@keycloak.example': {},
  },
  hashed: [
    'sha256@keycloak.example',
    'sha512@keycloak.example',
    'sha1@keycloak.example',
    'bcrypt@keycloak.example',
  ],
  errors: [
    [7, 'DUPLICATED_USER'],
    [9, 'OBJECT_REQUIRED'],
    [11, 'HASH_MALFORMED'],
  ],
  warnings: [
    [10, 'HASH_UNSUPPORTED'],
    [12, 'ROW_SKIPPED'],
  ],
  skipped: 1,
};
