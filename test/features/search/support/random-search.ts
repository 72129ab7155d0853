import fc from 'fast-check';
import type { QueryTree, QueryValue, RangeBound } from '#src/features/search/lucene/syntax-tree';
import {
  fixture,
  organizationIds,
  rolePermissions,
  type PlainObject,
  type PlainUser,
} from '#test/features/search/support/population';
import { arbitraryTree, arbitraryValue, nowhere } from '#test/features/search/support/trees';

/** Few and alike, so that users share values and queries find some. */
const words = [
  'jane',
  'Jane',
  'JANE',
  'janet',
  'jan',
  'john',
  'john doe',
  "O'Neil",
  'a%b',
  'a_b',
  'axb',
  'a*b',
  'a[b',
  'İ',
  'ß',
  'Σς',
];
const word = fc.constantFrom(...words, '', '😀😀😀', 'é', '\u{e9}t\u{e9}', 'z\u{10ffff}', '5', 'true', '1e1');
const dates = [
  '2016-05-01T00:00:00.000Z',
  '2017-12-31T23:59:59.999Z',
  '2018-01-01T00:00:00.000Z',
  '2018-01-15T23:30:00.000Z',
];
const date = fc.constantFrom(...dates, '2020-02-29T12:00:00.500Z');
const count = fc.constantFrom(0, 1, 99, 100, 150, 200);
const scalar = fc.oneof(
  word,
  fc.constantFrom(0, 1, 5, -5, 10, 23, 1.5, 1e21),
  fc.boolean(),
  fc.constant(null),
);
const key = fc.constantFrom('a', 'b', 'plan', 'first name', 'A');

/** Claims have dots in their names where metadata may not. */
const claim = fc.oneof(key, fc.constantFrom('a.b', 'a\\', 'https://x.io/plan'));

const documentOf = (keys: fc.Arbitrary<string>): fc.Arbitrary<PlainObject> =>
  fc.letrec<{ value: unknown; object: PlainObject }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      { weight: 4, arbitrary: scalar },
      tie('object'),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
    object: fc.dictionary(keys, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  })).object;
const document = documentOf(key);

function optional<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(value, { nil: undefined });
}

const identity = fc.record({
  connection: fc.constantFrom('main', 'sms', 'corp'),
  profileData: optional(documentOf(claim)),
  isSocial: fc.boolean(),
});

/** Users with ids `auth0|u0`, `auth0|u1`, …, of values that tend to meet. */
export function randomUsers(howMany: number, seed: number): readonly PlainUser[] {
  const arbitrary = fc.record({
    email: optional(fc.constantFrom('jane@x.io', 'Jane@X.io', 'john@y.io', 'é@x.io')),
    email_verified: optional(fc.boolean()),
    username: optional(word),
    phone_number: optional(fc.constantFrom('+1', '+12', '+123')),
    phone_verified: optional(fc.boolean()),
    name: optional(word),
    given_name: optional(word),
    family_name: optional(word),
    nickname: optional(word),
    blocked: fc.boolean(),
    created_at: date,
    updated_at: date,
    last_login: optional(date),
    last_ip: optional(fc.constantFrom('10.0.0.1', '10.0.0.12', '::1')),
    logins_count: optional(count),
    identities: fc.array(identity, { minLength: 1, maxLength: 3 }),
    organizations: fc.subarray(organizationIds),
    roles: fc.subarray(Object.keys(rolePermissions)),
    permissions: fc.subarray(['read:posts', 'write:posts']),
    user_metadata: document,
    app_metadata: document,
  });
  return fc.sample(arbitrary, { numRuns: howMany, seed }).map(({ identities, ...user }, index) => {
    const id = `u${index}`;
    return JSON.parse(
      JSON.stringify({
        ...user,
        user_id: `auth0|${id}`,
        identities: identities.map((one, place) => ({
          ...one,
          provider: one.connection,
          user_id: `${id}.${place}`,
        })),
      }),
    ) as PlainUser;
  });
}

/** The fixture and random users: the population that random queries are asked of. */
export const population: readonly PlainUser[] = [...Object.values(fixture), ...randomUsers(60, 20_260_101)];

const folded = ['email', 'email.domain', 'name', 'given_name', 'family_name', 'nickname'];
const exact = ['user_id', 'username', 'phone_number', 'identities.connection', 'identities.provider'];
const sets = ['identities.user_id', 'organization_id', 'role', 'role_id', 'permission'];
const textNames = [...folded, ...exact, ...sets];
const known = fc.constantFrom(
  ...['jane@x.io', 'x.io', 'exampleco.com', 'auth0|u1', 'auth0|', 'main', 'sms', 'u1.0', '+12'],
  ...['org_acme', 'editor', 'rol_viewer', 'read:posts'],
);
const queryText = fc.oneof(word, known);
const literal = (text: fc.Arbitrary<string>): fc.Arbitrary<RangeBound['value']> =>
  arbitraryValue(text).filter((value): value is RangeBound['value'] => value.kind !== 'pattern');

const path = (name: string): readonly string[] => name.split('.');
const match = (at: readonly string[] | null, value: QueryValue): QueryTree => ({
  kind: 'match',
  path: at,
  value,
  at: nowhere,
});

function range(
  at: fc.Arbitrary<readonly string[]>,
  value: fc.Arbitrary<RangeBound['value']>,
): fc.Arbitrary<QueryTree> {
  const bound = fc.option(fc.record({ value, inclusive: fc.boolean() }), { nil: null, freq: 3 });
  return fc
    .tuple(at, bound, bound)
    .map(([names, lower, upper]): QueryTree => ({ kind: 'range', path: names, lower, upper, at: nowhere }));
}

function equal(
  at: fc.Arbitrary<readonly string[]>,
  value: fc.Arbitrary<QueryValue>,
): fc.Arbitrary<QueryTree> {
  return fc.tuple(at, value).map(([names, of]) => match(names, of));
}

const star: QueryValue = { kind: 'pattern', parts: ['', ''] };
const texts = fc.constantFrom(...textNames).map(path);
const booleans = fc
  .constantFrom('email_verified', 'phone_verified', 'blocked', 'identities.isSocial')
  .map(path);
const instants = fc.constantFrom('created_at', 'updated_at', 'last_login').map(path);
const counts = fc.constant(['logins_count']);
const numerals = fc.constantFrom('0', '1', '99', '100', '150', '99.5', '-5', '1e2', '1e300', '-1e300');
const dateTexts = fc.constantFrom(
  ...['2016', '2017', '2018', '2017-12', '2018-01', '2020-02', '2017-12-31', '2018-01-01', '2020-02-29'],
  ...[
    '2018-01-15T23:30',
    '2018-01-15T23:30Z',
    '2017-12-31T23:59:59',
    '2020-02-29T12:00:00.500Z',
    '2020-02-29T12:00:00Z',
  ],
);
const below = fc.array(key, { minLength: 1, maxLength: 3 });
const userData = below.map((names) => ['user_metadata', ...names]);
const appData = fc.oneof(
  below.map((names) => ['app_metadata', ...names]),
  fc.constant(['app_metadata', 'subscription', 'plan']),
);
const profileData = fc
  .array(claim, { minLength: 1, maxLength: 2 })
  .map((names) => ['identities', 'profileData', ...names]);
const metadataText = fc.oneof(
  word,
  numerals,
  fc.constantFrom('true', 'false', '23', '1.5', '1e21', 'gold', '5'),
);

const leaf: fc.Arbitrary<QueryTree> = fc.oneof(
  fc.constant<QueryTree>({ kind: 'all' }),
  fc
    .oneof(
      texts,
      booleans,
      instants,
      counts,
      userData,
      appData,
      profileData,
      fc.constantFrom(['user_metadata'], ['app_metadata']),
    )
    .map((names): QueryTree => ({ kind: 'exists', path: names, at: nowhere })),
  arbitraryValue(queryText)
    .filter((value) => value.kind !== 'pattern' || value.parts.join('') !== '')
    .map((value) => match(null, value)),
  { weight: 3, arbitrary: equal(texts, arbitraryValue(queryText)) },
  { weight: 2, arbitrary: range(texts, literal(queryText)) },
  equal(booleans, fc.oneof(literal(fc.constantFrom('true', 'false')), fc.constant(star))),
  equal(counts, fc.oneof(literal(numerals), fc.constant(star))),
  range(counts, literal(numerals)),
  equal(instants, fc.oneof(literal(dateTexts), fc.constant(star))),
  range(instants, literal(dateTexts)),
  { weight: 2, arbitrary: equal(userData, literal(metadataText)) },
  { weight: 2, arbitrary: equal(appData, fc.oneof(arbitraryValue(metadataText), fc.constant(star))) },
  range(appData, literal(metadataText)),
  { weight: 2, arbitrary: equal(profileData, fc.oneof(arbitraryValue(metadataText), fc.constant(star))) },
  range(profileData, literal(metadataText)),
);

/** Queries that the planner accepts, over every field and every kind of value. */
export const randomQuery: fc.Arbitrary<QueryTree> = arbitraryTree(leaf);
