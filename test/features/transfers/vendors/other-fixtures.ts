import { bcrypt, firebase, firebaseConfig, stormpath2 } from '#test/features/transfers/vendors/made-hashes';
import type { VendorFixture } from '#test/features/transfers/vendors/vendor-fixture';

const scrypt = firebase();
const fire = (name: string, members: Record<string, unknown> = {}) => ({
  ...{
    localId: `fb-${name}`,
    email: `${name}@firebase.example`,
    emailVerified: true,
    displayName: 'Fay Base',
  },
  ...{ createdAt: '1767225600000', lastSignedInAt: '1767225600000', providerUserInfo: [] },
  ...members,
});

export const firebaseJson: VendorFixture = {
  name: 'Firebase (JSON)',
  format: 'FIREBASE_JSON',
  contentType: 'application/json',
  headers: { 'x-firebase-hash-config': JSON.stringify(firebaseConfig) },
  file: JSON.stringify({
    users: [
      fire('plain', { customAttributes: '{"plan":"pro"}', phoneNumber: '+15550100009' }),
      fire('hashed', { passwordHash: scrypt.hash, salt: scrypt.salt }),
      fire('off', { disabled: true, emailVerified: false }),
      fire('social', {
        providerUserInfo: [{ providerId: 'github.com', rawId: '9' }, { providerId: 'password' }],
      }),
      fire('other', { providerUserInfo: [{ providerId: 'yahoo.com', rawId: '9' }] }),
      fire('plain', { localId: 'fb-plain2' }),
      fire('uni', { displayName: 'Żółć 🦊' }),
      { localId: 'fb-none', phoneNumber: '+15550100008' },
      fire('claims', { customAttributes: '{' }),
      fire('bad', { passwordHash: '###', salt: 'AA==' }),
    ],
  }),
  users: {
    'plain@firebase.example': {
      ...{ id: 'auth0|firebase|fb-plain', name: 'Fay Base', phoneNumber: '+15550100009' },
      ...{ metadata: { user: {}, app: { plan: 'pro' } }, lastLogin: '2026-01-01T00:00:00.000Z' },
    },
    'off@firebase.example': { blocked: true, emailVerified: false },
    'uni@firebase.example': { name: 'Żółć 🦊' },
  },
  hashed: ['hashed@firebase.example'],
  errors: [
    [5, 'DUPLICATED_USER'],
    [7, 'OBJECT_REQUIRED'],
    [8, 'HASH_MALFORMED'],
    [9, 'HASH_MALFORMED'],
  ],
  warnings: [
    [3, 'IDENTITY_LEFT_OUT'],
    [4, 'IDENTITY_UNSUPPORTED'],
  ],
  skipped: 0,
};

const line = (cells: Readonly<Record<number, string>>): string =>
  `${Array.from({ length: 28 }, (_, column) => cells[column] ?? '').join(',')},`;

export const firebaseCsv: VendorFixture = {
  name: 'Firebase (CSV)',
  format: 'FIREBASE_CSV',
  contentType: 'text/csv',
  headers: { 'x-firebase-hash-config': JSON.stringify(firebaseConfig) },
  file: [
    line({
      0: 'c1',
      1: 'one@csv.example',
      2: 'true',
      5: 'Ona',
      23: '1767225600000',
      27: '"{""plan"":""pro""}"',
    }),
    line({ 0: 'c2', 1: 'two@csv.example', 2: 'false', 3: scrypt.hash, 4: scrypt.salt, 26: 'true' }),
    line({ 0: 'c3', 1: 'three@csv.example', 7: 'g-1', 8: 'three@gmail.example' }),
    line({ 0: 'c4', 25: '+15550100010' }),
    line({ 0: 'c5', 1: 'hash@csv.example', 2: 'true', 3: scrypt.hash, 4: scrypt.salt }),
    line({ 0: 'c6', 1: 'ONE@csv.example', 5: 'Twice' }),
    line({ 0: 'c7', 1: 'uni@csv.example', 5: '"Żółć, 🦊"' }),
    line({ 0: 'c8', 1: 'linked@csv.example', 19: 'h-1', 7: 'g-2', 9: 'Link' }),
    line({ 0: 'c9', 1: 'claims@csv.example', 27: '"{"' }),
    line({ 0: 'c10', 1: 'bad@csv.example', 3: '###', 4: 'AA==' }),
  ].join('\n'),
  users: {
    'one@csv.example': {
      id: 'auth0|firebase|c1',
      name: 'Ona',
      emailVerified: true,
      metadata: { user: {}, app: { plan: 'pro' } },
    },
    'two@csv.example': { blocked: true, emailVerified: false },
    'three@csv.example': {
      identities: [
        { provider: 'auth0', connection: 'main', userId: 'firebase|c3' },
        { provider: 'google-oauth2', connection: 'google-oauth2', userId: 'g-1' },
      ],
    },
    'uni@csv.example': { name: 'Żółć, 🦊' },
  },
  hashed: ['hash@csv.example'],
  errors: [
    [3, 'OBJECT_REQUIRED'],
    [5, 'DUPLICATED_USER'],
    [8, 'HASH_MALFORMED'],
    [9, 'HASH_MALFORMED'],
  ],
  warnings: [[7, 'IDENTITY_LEFT_OUT']],
  skipped: 0,
};

export const stormpath: VendorFixture = {
  name: 'Stormpath',
  format: 'STORMPATH',
  contentType: 'application/x-ndjson',
  file: [
    {
      id: 'acc1',
      username: 'jo',
      email: 'jo@stormpath.example',
      givenName: 'Jo',
      middleName: 'M',
      surname: 'Ray',
      fullName: 'Jo Ray',
      status: 'ENABLED',
      emailVerificationStatus: 'VERIFIED',
      customData: { plan: 'pro' },
      password: bcrypt,
    },
    {
      id: 'acc2',
      email: 'two@stormpath.example',
      givenName: 'T',
      surname: 'W',
      status: 'ENABLED',
      emailVerificationStatus: 'UNVERIFIED',
      password: stormpath2(3),
    },
    {
      id: 'acc3',
      email: 'old@stormpath.example',
      givenName: 'O',
      surname: 'L',
      status: 'DISABLED',
      password: '$stormpath1$c2FsdA==$aGFzaA==',
    },
    { id: 'acc4', email: 'JO@stormpath.example', givenName: 'J', surname: 'R' },
    { id: 'acc5', email: 'bad@stormpath.example', givenName: 'B', surname: 'D', password: 'hunter2' },
    { id: 'acc6', username: 'nomail', givenName: 'N', surname: 'M' },
    {
      id: 'acc7',
      email: 'uni@stormpath.example',
      givenName: 'Łukasz',
      surname: 'Ż',
      fullName: 'Łukasz Ż',
      apiKeys: [{}],
    },
    {
      id: 'acc8',
      email: 'fed@stormpath.example',
      givenName: 'F',
      surname: 'D',
      provider: 'google',
      providerUserId: 'g-8',
      roles: ['Reader'],
    },
    { id: 'acc9', email: 'gh@stormpath.example', givenName: 'G', surname: 'H', provider: 'github' },
    { id: 'acc10', username: 'ten@stormpath.example', givenName: 'T', surname: 'N' },
  ]
    .map((row) => JSON.stringify(row))
    .join('\n'),
  users: {
    'jo@stormpath.example': {
      ...{ id: 'auth0|stormpath|acc1', username: 'jo', emailVerified: true },
      metadata: { user: { middle_name: 'M' }, app: { customData: { plan: 'pro' } } },
    },
    'old@stormpath.example': { blocked: true },
    'uni@stormpath.example': { name: 'Łukasz Ż' },
    'two@stormpath.example': { emailVerified: false },
    'fed@stormpath.example': {
      roles: [{ name: 'Reader' }],
      identities: [
        { provider: 'auth0', connection: 'main', userId: 'stormpath|acc8' },
        { provider: 'google-oauth2', connection: 'google-oauth2', userId: 'g-8' },
      ],
    },
    'ten@stormpath.example': { username: null },
  },
  hashed: ['jo@stormpath.example', 'two@stormpath.example'],
  errors: [
    [3, 'DUPLICATED_USER'],
    [4, 'HASH_MALFORMED'],
    [5, 'OBJECT_REQUIRED'],
  ],
  warnings: [
    [0, 'BCRYPT_COST_NOT_10'],
    [2, 'HASH_UNSUPPORTED'],
    [6, 'API_KEYS_LEFT_OUT'],
    [8, 'IDENTITY_LEFT_OUT'],
  ],
  skipped: 0,
};
