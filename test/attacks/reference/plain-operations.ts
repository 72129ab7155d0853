import fc from 'fast-check';
import { connections, organizations, people } from '#test/attacks/reference/people';

/** A selected field, in the form that both the printer and the reference understand. */
export interface PlainField {
  readonly key: string;
  readonly name: string;
  readonly path?: string;
  readonly names?: readonly string[];
  readonly fields?: readonly PlainField[];
  /** How it is written; means nothing. */
  readonly wrap: 'none' | 'untyped' | 'inline' | 'named';
}

export type Leaf =
  | { readonly on: 'column'; readonly field: string; readonly eq: string | number }
  | { readonly on: 'column'; readonly field: string; readonly exists: boolean }
  | { readonly on: 'link'; readonly field: 'role' | 'organizationId' | 'connection'; readonly eq: string }
  | {
      readonly on: 'metadata';
      readonly store: 'USER' | 'APP';
      readonly path: string;
      readonly eq: string | number;
    }
  | {
      readonly on: 'metadata';
      readonly store: 'USER' | 'APP';
      readonly path: string;
      readonly exists: boolean;
    };

/** Only a query names what linked identities keep: no typed filter does. */
export type ProfileLeaf =
  | { readonly on: 'profile'; readonly path: string; readonly eq: string }
  | { readonly on: 'profile'; readonly path: string; readonly exists: boolean };

export type Condition =
  | Leaf
  | { readonly on: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly on: 'not'; readonly of: Condition };

export type PlainOperation =
  | {
      readonly kind: 'user' | 'node' | 'entity' | 'userBy';
      readonly ids: readonly [string];
      readonly fields: readonly PlainField[];
    }
  | {
      readonly kind: 'nodes' | 'entities';
      readonly ids: readonly string[];
      readonly fields: readonly PlainField[];
    }
  | { readonly kind: 'me'; readonly fields: readonly PlainField[] }
  | {
      readonly kind: 'list';
      readonly filter: Condition | null;
      readonly sort: string | null;
      readonly fields: readonly PlainField[];
    }
  | {
      readonly kind: 'query';
      readonly leaf: Leaf | ProfileLeaf;
      readonly negated: boolean;
      readonly fields: readonly PlainField[];
    }
  | { readonly kind: 'term'; readonly text: string; readonly fields: readonly PlainField[] };

const wrap = fc.constantFrom<PlainField['wrap']>('none', 'none', 'untyped', 'inline', 'named');
type Shape = Omit<PlainField, 'key' | 'wrap'>;

const paths = ['plan', 'secret', 'a', 'a.b', 'list', 'level', 'none'];
const metadataShape: fc.Arbitrary<Shape> = fc.record(
  { name: fc.constantFrom('user', 'app'), path: fc.constantFrom(...paths) },
  { requiredKeys: ['name'] },
);
const identityShape: fc.Arbitrary<Shape> = fc.record({
  name: fc.constantFrom('connection', 'provider', 'userId', 'isSocial', 'isPrimary', 'profileData'),
});
const scalarNames = [
  ...['id', 'email', 'emailVerified', 'phoneNumber', 'name', 'givenName', 'familyName', 'nickname'],
  ...['lastIp', 'loginsCount', 'blocked'],
];

/** Response keys: the name where it is free, else an alias. */
function keyed(shapes: readonly [Shape, PlainField['wrap']][]): PlainField[] {
  const used = new Set<string>();
  return shapes.map(([shape, how], index) => {
    const isFree = !used.has(shape.name) && shape.path === undefined && shape.names === undefined;
    const key = isFree && index % 3 !== 2 ? shape.name : `x${index}`;
    used.add(key);
    return { ...shape, key, wrap: how };
  });
}

const below = (shape: fc.Arbitrary<Shape>): fc.Arbitrary<PlainField[]> =>
  fc.array(fc.tuple(shape, wrap), { minLength: 1, maxLength: 4 }).map(keyed);

const userShape: fc.Arbitrary<Shape> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constantFrom(...scalarNames) }) },
  {
    weight: 1,
    arbitrary: fc.record(
      { name: fc.constant('attributes'), names: fc.subarray(['ssn', 'locale', 'phoneNumber']) },
      { requiredKeys: ['name'] },
    ),
  },
  { weight: 3, arbitrary: fc.record({ name: fc.constant('metadata'), fields: below(metadataShape) }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('identities'), fields: below(identityShape) }) },
  { weight: 1, arbitrary: fc.constant<Shape>({ name: 'roles' }) },
  { weight: 1, arbitrary: fc.constant<Shape>({ name: 'organizations' }) },
);
const userFields = fc.array(fc.tuple(userShape, wrap), { minLength: 1, maxLength: 6 }).map(keyed);

const someone = fc.constantFrom(...people.map(({ id }) => id), 'auth0|nobody');
const column = fc.constantFrom(
  'email',
  'phoneNumber',
  'name',
  'givenName',
  'nickname',
  'lastIp',
  'loginsCount',
);
const valueOf = (field: string): fc.Arbitrary<string | number> =>
  fc.constantFrom(...people.map((person) => person[field as 'email']).filter((value) => value !== null));

const columnLeaf: fc.Arbitrary<Leaf> = column.chain((field) =>
  fc.oneof(
    valueOf(field).map((eq): Leaf => ({ on: 'column', field, eq })),
    fc.boolean().map((exists): Leaf => ({ on: 'column', field, exists })),
  ),
);
const linkLeaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.constantFrom('Support', 'Sales').map((eq): Leaf => ({ on: 'link', field: 'role', eq })),
  fc.constantFrom(...organizations).map((eq): Leaf => ({ on: 'link', field: 'organizationId', eq })),
  fc.constantFrom(...connections).map((eq): Leaf => ({ on: 'link', field: 'connection', eq })),
);
const metadataLeaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({
    on: fc.constant('metadata' as const),
    store: fc.constantFrom('USER', 'APP'),
    path: fc.constantFrom('plan', 'secret', 'a.b', 'level', 'list.secret'),
    exists: fc.boolean(),
  }),
  fc.record({
    on: fc.constant('metadata' as const),
    store: fc.constantFrom('USER', 'APP'),
    path: fc.constantFrom('plan', 'secret', 'level', 'list.secret'),
    eq: fc.constantFrom('gold', 'free', 'secret1', 'app', 2, 'in a list'),
  }),
);
const profilePath = fc.constantFrom('gender', 'email', 'secret', 'none');
const profileLeaf: fc.Arbitrary<ProfileLeaf> = fc.oneof(
  fc.record({ on: fc.constant('profile' as const), path: profilePath, exists: fc.boolean() }),
  fc.record({
    on: fc.constant('profile' as const),
    path: profilePath,
    eq: fc.constantFrom('f', 'm', 'copy1@example.com', 's4'),
  }),
);
const leaf = fc.oneof(
  { weight: 4, arbitrary: columnLeaf },
  { weight: 2, arbitrary: linkLeaf },
  { weight: 2, arbitrary: metadataLeaf },
);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    leaf,
    fc.record({
      on: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ on: fc.constant('not' as const), of: tie('condition') }),
  ),
}));

export const sortable: Readonly<Record<string, string>> = {
  EMAIL: 'email',
  PHONE_NUMBER: 'phoneNumber',
  NAME: 'name',
  NICKNAME: 'nickname',
  GIVEN_NAME: 'givenName',
  LOGINS_COUNT: 'loginsCount',
};

export const randomOperation: fc.Arbitrary<PlainOperation> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('user', 'node', 'entity', 'userBy'),
    ids: fc.tuple(someone),
    fields: userFields,
  }) as fc.Arbitrary<PlainOperation>,
  fc.record({
    kind: fc.constantFrom('nodes', 'entities'),
    ids: fc.array(someone, { minLength: 1, maxLength: 4 }),
    fields: userFields,
  }) as fc.Arbitrary<PlainOperation>,
  fc.record({ kind: fc.constant('me' as const), fields: userFields }),
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('list' as const),
      filter: fc.option(condition),
      sort: fc.option(fc.constantFrom(...Object.keys(sortable)), { freq: 2 }),
      fields: userFields,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('query' as const),
      leaf: fc.oneof({ weight: 4, arbitrary: leaf }, { weight: 1, arbitrary: profileLeaf }),
      negated: fc.boolean(),
      fields: userFields,
    }),
  },
  fc.record({
    kind: fc.constant('term' as const),
    text: fc.constantFrom('Person 1', 'nick2', 'given1', 'family', 'person3@example.com', '+15550001004'),
    fields: userFields,
  }),
);
