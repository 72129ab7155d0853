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
  ].join('\n'),
  users: {
    'cog1@cognito.example': {
      ...{ id: 'auth0|cognito|cog1', name: 'Sato, Kim', emailVerified: true },
      metadata: { user: { locale: 'ja' }, app: { team: 'red', mfa_expected: true } },
    },
    'cog2@cognito.example': { phoneNumber: '+15550100011' },
  },
  hashed: [],
  errors: [
    [2, 'DUPLICATED_USER'],
    [3, 'OBJECT_REQUIRED'],
    [4, 'INVALID_CSV'],
  ],
  warnings: [
    [0, 'PASSWORD_ELSEWHERE'],
    [1, 'PASSWORD_ELSEWHERE'],
    [2, 'PASSWORD_ELSEWHERE'],
    [3, 'PASSWORD_ELSEWHERE'],
  ],
  skipped: 0,
};

export const cognitoJson: VendorFixture = {
  name: 'Cognito (list-users)',
  format: 'COGNITO_JSON',
  contentType: 'application/json',
  file: JSON.stringify({
    Users: [
      {
        Username: 'u-1',
        Attributes: [
          { Name: 'sub', Value: 'u-1' },
          { Name: 'email', Value: 'list1@cognito.example' },
          { Name: 'email_verified', Value: 'true' },
        ],
        Enabled: false,
        UserStatus: 'CONFIRMED',
      },
      {
        Username: 'u-2',
        Attributes: [
          { Name: 'email', Value: 'list2@cognito.example' },
          { Name: 'identities', Value: '[{"userId":"9","providerName":"Google","providerType":"Google"}]' },
        ],
        Enabled: true,
        UserStatus: 'EXTERNAL_PROVIDER',
      },
    ],
  }),
  users: { 'list1@cognito.example': { id: 'auth0|cognito|u-1', blocked: true, emailVerified: true } },
  hashed: [],
  errors: [],
  warnings: [
    [0, 'PASSWORD_ELSEWHERE'],
    [1, 'IDENTITY_LEFT_OUT'],
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
    'two@scim.example': { blocked: true },
  },
  hashed: [],
  errors: [
    [2, 'PLAIN_PASSWORD'],
    [3, 'OBJECT_REQUIRED'],
    [4, 'DUPLICATED_USER'],
  ],
  warnings: [],
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
  ].join('\r\n'),
  users: {
    'csv1@example.org': {
      emailVerified: true,
      name: '=1+1',
      metadata: { user: { city: 'Porto', size: 42 }, app: { tags: ['a', 'b'] } },
    },
    'csv2@example.org': { name: 'Line\nbreak, and "quotes"' },
  },
  hashed: ['csv1@example.org'],
  errors: [
    [2, 'INVALID_TYPE'],
    [3, 'INVALID_CSV'],
    [4, 'DUPLICATED_USER'],
  ],
  warnings: [[0, 'BCRYPT_COST_NOT_10']],
  skipped: 0,
};
