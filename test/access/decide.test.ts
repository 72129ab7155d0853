/**
 * @jest-environment node
 */
import { declareAttribute } from '#src/access/attribute-catalogue';
import { decide, decideAuth, type ObjectFacts } from '#src/access/decide';
import { maskValue } from '#src/access/mask';
import type { AttributeRule, BlacklistEntry, Policy } from '#src/access/policy';
import { principal, type Principal, type PrincipalFields } from '#src/access/principal';
import { pruneAttribute } from '#src/access/prune';
import { assertWritable } from '#src/access/write-gate';
import { stripBlacklisted } from '#src/access/blacklist';
import { requireOwnModules } from '#test/support/own-modules';

requireOwnModules();

const caller = (fields: Partial<PrincipalFields> = {}): Principal =>
  principal({
    kind: 'user',
    userId: 'auth0|me',
    subject: 'auth0|me',
    sessionId: null,
    organizationId: null,
    permissions: ['read:users'],
    roles: [],
    acr: null,
    authenticatedAt: null,
    ...fields,
  });

let serial = 0;
const rule = (fields: Partial<AttributeRule>): AttributeRule => ({
  id: `atr_${(serial += 1)}`,
  name: 'rule',
  effect: 'DENY',
  actions: ['READ'],
  paths: ['phone_number'],
  subject: {},
  object: {},
  mask: null,
  ...fields,
});
const policy = (rules: AttributeRule[], blacklist: BlacklistEntry[] = []): Policy => ({
  version: 1,
  rules,
  blacklist,
});
const of = (ownerId: string, connections: string[] = [], organizations: string[] = []): ObjectFacts => ({
  ownerId,
  connections,
  organizations,
});

beforeAll(() => {
  declareAttribute('phone_number', { auth: { permissions: [['read:users']], orSelf: true } });
  declareAttribute('user_metadata', { auth: { permissions: [['read:users']], orSelf: true } });
});

test('6.9-5 @auth with two permission lists, truth table of 8', () => {
  const auth = { permissions: [['read:users', 'read:users_pii'], ['admin']] };
  const allowed = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => {
    const permissions = ['read:users', 'read:users_pii', 'admin'].filter((_name, bit) => bits & (1 << bit));
    return decideAuth(caller({ permissions }), auth, undefined, 0).decision === 'ALLOW';
  });
  expect(allowed).toEqual([false, false, false, true, true, true, true, true]);
});

test('access 6.9/1: a deny for one role leaves other roles alone', () => {
  const rules = policy([rule({ subject: { rolesAny: ['support'] } })]);
  expect(decide({ principal: caller({ roles: ['support'] }), policy: rules }, 'READ', 'phone_number')).toBe(
    'DENY',
  );
  expect(decide({ principal: caller({ roles: ['sales'] }), policy: rules }, 'READ', 'phone_number')).toBe(
    'ALLOW',
  );
});

test('access 6.9/2: a deny for a connection hides a user with two identities too', () => {
  const request = { principal: caller(), policy: policy([rule({ object: { connections: ['corp'] } })]) };
  expect(decide(request, 'READ', 'phone_number')).toBe('OBJECT');
  expect(decide(request, 'READ', 'phone_number', of('auth0|x', ['main', 'corp']))).toBe('DENY');
  expect(decide(request, 'READ', 'phone_number', of('auth0|x', ['main']))).toBe('ALLOW');
});

test('access 6.9/3: a deny with self:false lets owners see their own', () => {
  const request = {
    principal: caller(),
    policy: policy([rule({ object: { organizations: ['org_o'], self: false } })]),
  };
  expect(decide(request, 'READ', 'phone_number', of('auth0|me', [], ['org_o']))).toBe('ALLOW');
  expect(decide(request, 'READ', 'phone_number', of('auth0|x', [], ['org_o']))).toBe('DENY');
  expect(decide(request, 'READ', 'phone_number', of('auth0|x', [], ['org_p']))).toBe('ALLOW');
});

test('access 6.9/4: a masked attribute can be read masked and not filtered or sorted by', () => {
  const request = { principal: caller(), policy: policy([rule({ effect: 'MASK', mask: 'LAST4' })]) };
  expect(decide(request, 'READ', 'phone_number')).toBe('MASK');
  expect(
    ['FILTER', 'SORT', 'AGGREGATE', 'EXPORT'].map((action) =>
      decide(request, action as 'FILTER', 'phone_number'),
    ),
  ).toEqual(['DENY', 'DENY', 'DENY', 'DENY']);
});

test('DENY beats MASK beats ALLOW, and an attribute with an ALLOW rule is closed to whom none matches', () => {
  const allow = rule({ effect: 'ALLOW', subject: { rolesAny: ['hr'] } });
  const mask = rule({ effect: 'MASK', mask: 'FIXED', subject: { rolesAny: ['hr'] } });
  const deny = rule({ subject: { rolesAny: ['temp'] } });
  const ask = (roles: string[], ...rules: AttributeRule[]) =>
    decide({ principal: caller({ roles }), policy: policy(rules) }, 'READ', 'phone_number');
  expect(ask(['hr'], allow)).toBe('ALLOW');
  expect(ask(['it'], allow)).toBe('DENY');
  expect(ask(['hr'], allow, mask)).toBe('MASK');
  expect(ask(['hr', 'temp'], allow, mask, deny)).toBe('DENY');
});

test('B06: a rule whose object is unknown refuses every filter and sort', () => {
  const request = { principal: caller(), policy: policy([rule({ object: { connections: ['corp'] } })]) };
  expect(decide(request, 'FILTER', 'phone_number')).not.toBe('ALLOW');
  expect(decide(request, 'SORT', 'phone_number')).not.toBe('ALLOW');
});

test('B08: filtering a container counts as filtering its denied part', () => {
  const request = { principal: caller(), policy: policy([rule({ paths: ['user_metadata.ssn'] })]) };
  expect(decide(request, 'FILTER', 'user_metadata')).toBe('DENY');
  expect(decide(request, 'FILTER', 'user_metadata.plan')).toBe('ALLOW');
  expect(decide(request, 'READ', 'user_metadata')).toBe('ALLOW');
});

test('rules for others at any depth, one within the other, close a filter and end', () => {
  const rules = [
    rule({ effect: 'ALLOW', actions: ['READ', 'FILTER'], paths: ['**.b'], subject: { rolesAny: ['Sales'] } }),
    rule({ effect: 'ALLOW', actions: ['READ', 'FILTER'], paths: ['**.secret'] }),
  ];
  const request = { principal: caller(), policy: policy(rules) };
  expect(decide(request, 'FILTER', 'user_metadata.plan')).toBe('DENY');
  const sales = { principal: caller({ roles: ['Sales'] }), policy: policy(rules) };
  expect(decide(sales, 'FILTER', 'user_metadata.plan')).toBe('ALLOW');
});

test('a masked store shows none of its members, whether or not another rule names one', () => {
  const whole = rule({ effect: 'MASK', mask: 'LAST4', paths: ['user_metadata'] });
  for (const rules of [[whole], [whole, rule({ paths: ['user_metadata.other'] })]]) {
    const request = { principal: caller(), policy: policy(rules) };
    expect(pruneAttribute(request, 'user_metadata', { plan: 'golden' }, of('auth0|you'))).toEqual({});
  }
});

test('an attribute that the schema does not declare is closed', () => {
  expect(decide({ principal: caller(), policy: policy([]) }, 'FILTER', 'made_up')).toBe('HIDE');
});

test('D10, users 3.2/9: the blacklist comes before permissions and hides from the highest role', () => {
  const listed = policy([], [{ scope: 'TENANT', scopeId: '', name: 'phoneNumber' }]);
  expect(
    decide({ principal: caller({ permissions: [] }), policy: listed }, 'READ', 'phone_number', of('auth0|x')),
  ).toBe('HIDE');
});

test('B29: a wildcard rule prunes keys that were created after it', () => {
  const request = {
    principal: caller(),
    policy: policy([rule({ paths: ['user_metadata.secret.**', '**.ssn'] })]),
  };
  const value = {
    plan: 'gold',
    secret: { a: 1 },
    tax: { ssn: '1', year: 2 },
    list: [{ ssn: '2', ok: true }],
  };
  expect(pruneAttribute(request, 'user_metadata', value, of('auth0|x'))).toEqual({
    plan: 'gold',
    tax: { year: 2 },
    list: [{ ok: true }],
  });
});

test('B15: the write gate names every refused path and knows nothing of the rest', () => {
  const request = {
    principal: caller(),
    policy: policy([rule({ actions: ['WRITE'], paths: ['user_metadata.plan'] })]),
  };
  expect(() => assertWritable(request, ['user_metadata.theme'])).not.toThrow();
  expect(() => assertWritable(request, ['user_metadata.theme', 'user_metadata.plan'])).toThrow(
    expect.objectContaining({
      code: 'FORBIDDEN_ARGUMENT',
      extensions: { paths: ['user_metadata.plan'], notWritten: ['user_metadata.theme'] },
    }) as Error,
  );
  expect(() => assertWritable(request, ['user_metadata'])).toThrow();
});

test('D2, D3, D4: blacklisted claims are stripped by claim name and by attribute name, per connection', () => {
  const listed = policy(
    [],
    [
      { scope: 'TENANT', scopeId: '', name: 'https://acme.example/short_lived' },
      { scope: 'CONNECTION', scopeId: 'corp', name: 'family_name' },
      { scope: 'TENANT', scopeId: '', name: 'address.postal_code' },
    ],
  );
  const profile = {
    'https://acme.example/short_lived': 1,
    familyName: 'Doe',
    address: { postal_code: 'x', city: 'y' },
  };
  expect(stripBlacklisted(listed, { connections: ['corp'] }, profile)).toEqual({
    kept: { address: { city: 'y' } },
    stripped: ['https://acme.example/short_lived', 'familyName', 'address.postal_code'],
  });
  expect(stripBlacklisted(listed, { connections: ['main'] }, profile).kept).toHaveProperty(
    'familyName',
    'Doe',
  );
});

test.each([
  ['LAST4', '+15550001234', '***1234'],
  ['LAST4', '1234', '***'],
  ['LAST4', 12345, null],
  ['EMAIL_LOCAL', 'jane@x.io', 'j***@x.io'],
  ['EMAIL_LOCAL', 'nonsense', '***'],
  ['FIXED', 'anything', '***'],
  ['NULL', 'anything', null],
] as const)('mask %s of %j is %j', (mask, value, expected) => {
  expect(maskValue(mask, value, Buffer.alloc(32))).toBe(expected);
});

test('mask HASH is the same for the same value and key only', () => {
  const [a, b] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  expect(maskValue('HASH', 'x', a)).toBe(maskValue('HASH', 'x', a));
  expect(maskValue('HASH', 'x', a)).not.toBe(maskValue('HASH', 'x', b));
});
