/**
 * @jest-environment node
 */
import { declareAttribute } from '#src/access/attribute-catalogue';
import {
  checkAttributeRule,
  type AttributeRuleDraft,
} from '#src/features/attribute-rules/check-attribute-rule';
import { requireOwnModules } from '#test/support/own-modules';

requireOwnModules();

beforeAll(() => {
  for (const path of ['email', 'phone_number', 'user_metadata', 'identities', 'identities.profileData']) {
    declareAttribute(path, { auth: {} });
  }
});

const draft = (change: Partial<AttributeRuleDraft> = {}): AttributeRuleDraft => ({
  name: 'rule',
  effect: 'DENY',
  actions: ['READ'],
  paths: ['email'],
  ...change,
});

test.each([
  [true, { rolesAny: ['support'], impersonates: true }],
  [false, { rolesAny: ['support'], impersonates: false }],
  [null, { rolesAny: ['support'] }],
])('whether the caller acts in the name of a user: %j is stored as %j', (impersonates, stored) => {
  expect(checkAttributeRule(draft({ subject: { rolesAny: ['support'], impersonates } })).subject).toEqual(
    stored,
  );
});

test('a draft is stored in one spelling, without what does not narrow', () => {
  expect(
    checkAttributeRule(
      draft({
        name: ' Support ',
        actions: ['WRITE', 'READ', 'READ'],
        paths: ['User.phoneNumber', 'phone_number', 'metadata.user.plan', 'identities[0].profileData', '**'],
        subject: { rolesAny: ['support', 'support'], rolesNone: null },
        object: { self: false, connections: ['main'] },
      }),
    ),
  ).toEqual({
    conditions: {},
    denial: 'ERROR',
    acceptOracleRisk: false,
    name: 'Support',
    enabled: true,
    effect: 'DENY',
    actions: ['READ', 'WRITE'],
    paths: ['phone_number', 'user_metadata.plan', 'identities.profile_data', '**'],
    subject: { rolesAny: ['support'] },
    object: { self: false, connections: ['main'] },
    mask: null,
  });
});

test.each<[string, Partial<AttributeRuleDraft>, string]>([
  ['no name', { name: ' ' }, 'name'],
  ['no action', { actions: [] }, 'actions'],
  ['no path', { paths: [] }, 'paths'],
  ['an empty segment', { paths: ['a..b'] }, 'path'],
  ['an unknown attribute', { paths: ['phonenumber'] }, 'paths'],
  ['ids, which would lock everybody out', { paths: ['id'] }, 'paths'],
  ['user ids by another name', { paths: ['User.userId'] }, 'paths'],
  ['MASK without a mask', { effect: 'MASK' }, 'mask'],
  ['a mask without MASK', { mask: 'LAST4' }, 'mask'],
  ['a mask of what is not read', { effect: 'MASK', mask: 'LAST4', actions: ['WRITE'] }, 'actions'],
  ['an empty list of roles', { subject: { rolesAny: [] } }, 'subject.rolesAny'],
  ['an empty list of connections', { object: { connections: [] } }, 'object.connections'],
])('refuses %s', (_what, change, field) => {
  expect(() => checkAttributeRule(draft(change))).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT', extensions: { field } }),
  );
});

test.each<[string, Partial<AttributeRuleDraft>]>([
  ['51 paths', { paths: Array.from({ length: 51 }, (_, index) => `user_metadata.k${index}`) }],
  ['101 roles', { subject: { rolesAny: Array.from({ length: 101 }, (_, index) => `r${index}`) } }],
])('refuses %s', (_what, change) => {
  expect(() => checkAttributeRule(draft(change))).toThrow(
    expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
  );
});
