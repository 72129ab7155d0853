import { bcrypt } from '#test/features/transfers/vendors/made-hashes';
import type { VendorFixture } from '#test/features/transfers/vendors/vendor-fixture';

const columns =
  'cognito:username,name,given_name,family_name,middle_name,nickname,preferred_username,profile,picture,website,email,email_verified,gender,birthdate,zoneinfo,locale,phone_number,phone_number_verified,address,updated_at,cognito:mfa_enabled,custom:team';
const cognitoLine = (cells: Readonly<Record<string, string>>): string =>
  columns
    .split(',')
    .map((name) => cells[name] ?? '')
    .join(',');

export const cognitoCsv: VendorFixture = {
  name: 'Cognito (CSV)',
  format: 'COGNITO_CSV',
  contentType: 'text/csv',
  file: [
    columns,
    cognitoLine({
      'cognito:username': 'cog1',
      name: 'Sato\\, Kim',
      email: 'cog1@cognito.example',
      email_verified: 'true',
      'cognito:mfa_enabled': 'true',
      'custom:team': 'red',
      locale: 'ja',
    }),
    cognitoLine({
      'cognito:username': 'cog2',
      email: 'cog2@cognito.example',
      phone_number: '+15550100011',
      phone_number_verified: 'true',
    }),
    cognitoLine({ 'cognito:username': 'cog3', email: 'COG1@cognito.example' }),
    cognitoLine({ 'cognito:username': 'cog4', phone_number: '+15550100012' }),
    'cog5,too,few',
    cognitoLine({ 'cognito:username': 'cog6', email: 'cog6@cognito.example', name: 'Żółć 🦊' }),
    cognitoLine({ 'cognito:username': 'cog7', email: 'cog7@cognito.example', email_verified: 'false' }),
    cognitoLine({ 'cognito:username': 'cog8', email: 'no address' }),
    cognitoLine({
      'cognito:username': 'cog9',
      email: 'cog9@cognito.example',
      phone_number: '555 01 00',
      updated_at: '1767225600',
    }),
    cognitoLine({ 'cognito:username': 'kim', email: 'cog10@cognito.example', 'custom:team': 'blue' }),
  ].join('\n'),
  users: {
    'cog1@cognito.example': {
      ...{ id: 'auth0|cognito|cog1', name: 'Sato, Kim', emailVerified: true },
      metadata: { user: { locale: 'ja' }, app: { team: 'red', mfa_expected: true } },
    },
    'cog2@cognito.example': { phoneNumber: '+15550100011' },
    'cog6@cognito.example': { name: 'Żółć 🦊' },
    'cog7@cognito.example': { emailVerified: false },
    'cog9@cognito.example': { phoneNumber: null, metadata: { user: { phone: '555 01 00' }, app: {} } },
  },
  hashed: [],
  errors: [
    [2, 'DUPLICATED_USER'],
    [3, 'OBJECT_REQUIRED'],
    [4, 'INVALID_CSV'],
    [7, 'INVALID_FORMAT'],
  ],
  warnings: [0, 1, 2, 3, 5, 6, 7, 8, 9].map((index) => [index, 'PASSWORD_ELSEWHERE'] as const),
  skipped: 0,
};

const listed = (
  name: string,
  attributes: Readonly<Record<string, string>>,
  members: Record<string, unknown> = {},
) => ({
  Username: name,
  Attributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
  ...{ Enabled: true, UserStatus: 'CONFIRMED', ...members },
});
const external = (provider: string, type: string, userId: string) =>
  JSON.stringify([{ userId, providerName: provider, providerType: type }]);

export const cognitoJson: VendorFixture = {
  name: 'Cognito (list-users)',
  format: 'COGNITO_JSON',
  contentType: 'application/json',
  file: JSON.stringify({
    Users: [
      listed(
        'u-1',
        { sub: 'u-1', email: 'list1@cognito.example', email_verified: 'true' },
        { Enabled: false, UserCreateDate: 1767225600.5 },
      ),
      listed(
        'u-2',
        { email: 'list2@cognito.example', identities: external('Google', 'Google', '9') },
        { UserStatus: 'EXTERNAL_PROVIDER' },
      ),
      listed('u-3', { email: 'list3@cognito.example', 'custom:team': 'red', 'cognito:mfa_enabled': 'true' }),
      listed(
        'u-4',
        { email: 'list4@cognito.example', name: 'Żółć 🦊' },
        { UserCreateDate: '2026-01-01T00:00:00Z' },
      ),
      listed('u-5', { email: 'LIST3@cognito.example' }),
      listed('u-6', { phone_number: '+15550100061' }),
      listed('u-7', { email: 'list7@cognito.example', email_verified: 'false' }),
      listed('u-8', { email: 'list8@cognito.example', identities: '[{' }),
      listed(
        'u-9',
        { email: 'list9@cognito.example', identities: external('Corp', 'SAML', 'c-9') },
        { UserStatus: 'EXTERNAL_PROVIDER' },
      ),
      listed(
        'lin',
        { sub: 'u-10', email: 'list10@cognito.example' },
        { UserStatus: 'FORCE_CHANGE_PASSWORD' },
      ),
    ],
  }),
  users: {
    'list1@cognito.example': {
      ...{ id: 'auth0|cognito|u-1', blocked: true, emailVerified: true },
      createdAt: '2026-01-01T00:00:00.500Z',
    },
    'list2@cognito.example': {
      identities: [
        { provider: 'auth0', connection: 'main', userId: 'cognito|u-2' },
        { provider: 'google-oauth2', connection: 'google-oauth2', userId: '9' },
      ],
    },
    'list3@cognito.example': { metadata: { user: {}, app: { team: 'red', mfa_expected: true } } },
    'list4@cognito.example': { name: 'Żółć 🦊', createdAt: '2026-01-01T00:00:00.000Z' },
    'list7@cognito.example': { emailVerified: false },
    'list10@cognito.example': { id: 'auth0|cognito|u-10', username: 'lin' },
  },
  hashed: [],
  errors: [
    [4, 'DUPLICATED_USER'],
    [5, 'OBJECT_REQUIRED'],
    [7, 'HASH_MALFORMED'],
  ],
  warnings: [
    [0, 'PASSWORD_ELSEWHERE'],
    [2, 'PASSWORD_ELSEWHERE'],
    [3, 'PASSWORD_ELSEWHERE'],
    [4, 'PASSWORD_ELSEWHERE'],
    [5, 'PASSWORD_ELSEWHERE'],
    [6, 'PASSWORD_ELSEWHERE'],
    [7, 'PASSWORD_ELSEWHERE'],
    [8, 'IDENTITY_LEFT_OUT'],
    [9, 'PASSWORD_ELSEWHERE'],
  ],
  skipped: 0,
};

const core = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export const scim: VendorFixture = {
  name: 'SCIM',
  format: 'SCIM',
  contentType: 'application/scim+json',
  file: JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    Resources: [
      {
        ...{
          schemas: [core],
          id: 's1',
          externalId: 'hr-1',
          userName: 'sam',
          name: { givenName: 'Sam', familyName: 'Lee', formatted: 'Sam Lee' },
        },
        ...{
          displayName: 'Sammy',
          emails: [{ value: 'sam@scim.example', primary: true }],
          phoneNumbers: [{ type: 'mobile', value: 'tel:+1-555-010-0013' }],
        },
        ...{
          roles: [{ value: 'Reader' }],
          [enterprise]: { department: 'Ops', manager: { value: 'm-1' } },
          locale: 'en-GB',
        },
      },
      { schemas: [core], id: 's2', userName: 'two@scim.example', active: false },
      { schemas: [core], id: 's3', userName: 'three@scim.example', password: 'clear' },
      { schemas: [core], id: 's4', userName: 'nomail' },
      { schemas: [core], id: 's5', userName: 'TWO@scim.example' },
      { schemas: [core], id: 's6', userName: 'uni@scim.example', displayName: 'Żółć 🦊' },
      { schemas: [core], id: 's7', userName: 'role@scim.example', roles: [{ value: 'Nobody has it' }] },
      {
        schemas: [core],
        id: 's8',
        userName: 'many',
        emails: [{ value: 'b@scim.example' }, { value: 'a@scim.example' }],
      },
      { schemas: [core], id: 's9', userName: 'phone@scim.example', phoneNumbers: [{ value: 'ext. 9' }] },
      {
        schemas: [core],
        id: 's10',
        userName: 'group@scim.example',
        groups: [{ value: 'g1', display: 'Staff' }],
      },
    ],
  }),
  users: {
    'sam@scim.example': {
      ...{
        id: 'auth0|scim|s1',
        username: 'sam',
        name: 'Sam Lee',
        phoneNumber: '+15550100013',
        roles: [{ name: 'Reader' }],
      },
      metadata: {
        user: { locale: 'en-GB' },
        app: { external_id: 'hr-1', department: 'Ops', manager: 'm-1' },
      },
    },
    'two@scim.example': { blocked: true, emailVerified: false },
    'uni@scim.example': { name: 'Żółć 🦊' },
    'b@scim.example': { username: 'many' },
    'phone@scim.example': { metadata: { user: { phone: 'ext. 9' }, app: {} } },
    'group@scim.example': { metadata: { user: {}, app: { groups: ['Staff'] } } },
  },
  hashed: [],
  errors: [
    [2, 'PLAIN_PASSWORD'],
    [3, 'OBJECT_REQUIRED'],
    [4, 'DUPLICATED_USER'],
  ],
  warnings: [[6, 'ROLE_NOT_FOUND']],
  skipped: 0,
};

export const csv: VendorFixture = {
  name: 'CSV',
  format: 'CSV',
  contentType: 'text/csv',
  file: [
    'email,email_verified,name,user_metadata.city,user_metadata.size,app_metadata.tags,password_hash',
    `csv1@example.org,true,"'=1+1",Porto,42,"[""a"",""b""]",${bcrypt}`,
    'csv2@example.org,false,"Line\nbreak, and ""quotes""",,,,',
    'csv3@example.org,yes,,,,,',
    'csv4@example.org,true',
    'CSV1@example.org,true,,,,,',
    "csv6@example.org,,'t Hooft,,,,",
    'csv7@example.org,,Żółć 🦊,"\\N",,,',
    ',true,No address,,,,',
    'csv9@example.org,,,,,,hunter2',
    'csv10@example.org,,,,,,$2x$10$abc',
  ].join('\r\n'),
  users: {
    'csv1@example.org': {
      emailVerified: true,
      name: '=1+1',
      metadata: { user: { city: 'Porto', size: 42 }, app: { tags: ['a', 'b'] } },
    },
    'csv6@example.org': { name: "'t Hooft", emailVerified: false },
    'csv7@example.org': { name: 'Żółć 🦊' },
    'csv2@example.org': { name: 'Line\nbreak, and "quotes"' },
  },
  hashed: ['csv1@example.org'],
  errors: [
    [2, 'INVALID_TYPE'],
    [3, 'INVALID_CSV'],
    [4, 'DUPLICATED_USER'],
    [7, 'OBJECT_REQUIRED'],
    [8, 'PLAIN_PASSWORD'],
    [9, 'HASH_UNSUPPORTED'],
  ],
  warnings: [[0, 'BCRYPT_COST_NOT_10']],
  skipped: 0,
};
