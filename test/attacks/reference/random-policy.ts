import fc from 'fast-check';
import { connections, organizations, people, rolePermissions } from '#test/attacks/reference/people';
import type { PlainCaller, PlainEntry, PlainPolicy, PlainRule } from '#test/attacks/reference/plain-policy';

const paths = [
  ...['email', 'email_verified', 'phone_number', 'name', 'given_name', 'nickname', 'last_ip', 'logins_count'],
  ...['roles', 'organizations', 'identities', 'identities.connection', 'identities.provider', 'identities.*'],
  ...['identities.profile_data', 'identities.profile_data.gender', 'identities.**.secret', 'attributes'],
  ...['attributes.ssn', 'attributes.*', 'user_metadata', 'user_metadata.plan', 'user_metadata.secret'],
  ...[
    'user_metadata.a',
    'user_metadata.a.b',
    'user_metadata.*',
    'user_metadata.**',
    'user_metadata.list.secret',
  ],
  ...['app_metadata', 'app_metadata.level', 'app_metadata.**', '**.secret', '*.secret', '**.b', '*', '**'],
];
const roles = Object.keys(rolePermissions);

const some = <Value>(values: readonly Value[]): fc.Arbitrary<Value[]> =>
  fc.subarray([...values], { minLength: 1, maxLength: 2 });

const subject = fc.record(
  {
    rolesAny: some(roles),
    rolesNone: some(roles),
    permissionsAny: some(['read:users', 'read:users_app_metadata', 'read:organization_members']),
    principals: some(['machine', ...people.slice(0, 5).map(({ id }) => id)]),
    impersonates: fc.boolean(),
  },
  { requiredKeys: [] },
);
const object = fc.record(
  { connections: some(connections), organizations: some(organizations), self: fc.boolean() },
  { requiredKeys: [] },
);
/** Narrow selectors would make most rules speak of nobody, so often there are none. */
const mostlyNone = <Value extends object>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant({} as Value) }, { weight: 1, arbitrary });

const actions = fc.constantFrom(
  ['READ'],
  ['READ'],
  ['FILTER'],
  ['SORT'],
  ['READ', 'FILTER'],
  ['FILTER', 'SORT'],
  ['WRITE'],
  ['READ', 'WRITE', 'EXPORT'],
);

const rule: fc.Arbitrary<PlainRule> = fc
  .record({
    effect: fc.constantFrom<PlainRule['effect']>('DENY', 'DENY', 'MASK', 'ALLOW', 'ALLOW'),
    actions,
    // A pattern for everything hides everything, so it is rare.
    paths: fc.array(
      fc.oneof(
        { weight: 30, arbitrary: fc.constantFrom(...paths.slice(0, -2)) },
        { weight: 1, arbitrary: fc.constantFrom('*', '**') },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    subject: mostlyNone(subject),
    object: mostlyNone(object),
    mask: fc.constantFrom<NonNullable<PlainRule['mask']>>('NULL', 'FIXED', 'LAST4', 'EMAIL_LOCAL', 'HASH'),
  })
  .map((made) => ({
    ...made,
    mask: made.effect === 'MASK' ? made.mask : null,
    actions: made.effect === 'MASK' ? ['READ'] : made.actions,
  }));

const listable = [
  'phone_number',
  'given_name',
  'last_ip',
  'user_metadata.secret',
  'user_metadata.a.b',
  'app_metadata.level',
  'ssn',
  'attributes.locale',
  'roles',
  'identities.profile_data',
  'gender',
];
const entry: fc.Arbitrary<PlainEntry> = fc.oneof(
  fc.constantFrom(...listable).map((name): PlainEntry => ({ scope: 'TENANT', scopeId: '', name })),
  fc
    .tuple(fc.constantFrom(...connections), fc.constantFrom(...listable))
    .map(([scopeId, name]): PlainEntry => ({ scope: 'CONNECTION', scopeId, name })),
  fc
    .tuple(fc.constantFrom(...organizations), fc.constantFrom(...listable))
    .map(([scopeId, name]): PlainEntry => ({ scope: 'ORGANIZATION', scopeId, name })),
);

export const randomPolicy: fc.Arbitrary<PlainPolicy> = fc.record({
  rules: fc.oneof(
    { weight: 3, arbitrary: fc.array(rule, { maxLength: 5 }) },
    { weight: 1, arbitrary: fc.array(rule, { maxLength: 20 }) },
  ),
  blacklist: fc.uniqueArray(entry, { maxLength: 3, selector: (made) => JSON.stringify(made) }),
});

/** A caller, and what its token is made of. */
export interface TokenCaller extends PlainCaller {
  /** The bound that the token sets, or none. */
  readonly bound: readonly string[] | 'all';
}

const permissions = ['read:users', 'read:users_app_metadata', 'read:organization_members', 'read:roles'];

const machine = fc
  .record({ permissions: fc.subarray(permissions), roles: fc.subarray(roles) })
  .map((made): TokenCaller => ({
    kind: 'machine',
    subject: 'machine',
    userId: null,
    organizationId: null,
    bound: made.permissions,
    ...made,
  }));

const user = fc
  .record({
    person: fc.constantFrom(...people),
    organization: fc.nat(3),
    bound: fc.constantFrom<'all' | string[]>('all', 'all', ['read:users']),
    isActedFor: fc.nat(3).map((chance) => chance === 0),
  })
  .map(({ person, organization, bound, isActedFor }): TokenCaller => {
    // Who acts for somebody does so outside of organizations.
    const organizationId = isActedFor ? null : (Object.keys(person.organizations)[organization] ?? null);
    const held = organizationId === null ? person.roles : (person.organizations[organizationId] ?? []);
    const granted = [...new Set(held.flatMap((role) => rolePermissions[role] ?? []))];
    return {
      kind: 'user',
      subject: person.id,
      userId: person.id,
      organizationId,
      roles: held,
      permissions: bound === 'all' ? granted : granted.filter((name) => bound.includes(name)),
      bound,
      isActedFor,
    };
  });

const anonymous: TokenCaller = {
  kind: 'anonymous',
  subject: 'anonymous',
  userId: null,
  organizationId: null,
  permissions: [],
  roles: [],
  bound: [],
};

export const randomCaller: fc.Arbitrary<TokenCaller> = fc.oneof(
  { weight: 5, arbitrary: machine },
  { weight: 5, arbitrary: user },
  { weight: 1, arbitrary: fc.constant(anonymous) },
);
