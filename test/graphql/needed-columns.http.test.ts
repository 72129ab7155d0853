import { getNamedType, isLeafType, isRequiredArgument, type GraphQLObjectType } from 'graphql';
import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

/** Where rows of a type are read by the columns that the operation selects. */
const places: readonly {
  readonly type: string;
  readonly place: string;
  readonly wrap: (fields: string) => string;
}[] = [
  { type: 'User', place: 'users(first:)', wrap: (fields) => `{ users(first: 5) { nodes { ${fields} } } }` },
  {
    type: 'User',
    place: 'nodes(ids:)',
    wrap: (fields) => `{ usersByIds: nodes(ids: $ids) { ... on User { ${fields} } } }`,
  },
  {
    type: 'Identity',
    place: 'edges of users',
    wrap: (fields) => `{ users(first: 5) { nodes { identities { ${fields} } } } }`,
  },
  {
    type: 'Role',
    place: 'edges of users',
    wrap: (fields) => `{ users(first: 5) { nodes { roles { ${fields} } } } }`,
  },
  {
    type: 'Permission',
    place: 'edges of users',
    wrap: (fields) => `{ users(first: 5) { nodes { roles { permissions { ${fields} } } } } }`,
  },
];

eachDatabase('Reading only the columns that an operation selects', (database) => {
  let product: TestApp;
  let token: string;
  let ids: string[];

  beforeAll(async () => {
    product = await startTestApp(database);
    token = await product.administrator();
    const roleIds = [await product.givenRole('Reader', ['read:users', 'read:roles'])];
    ids = [
      await product.givenUser({ email: 'ada@example.com', givenName: 'Ada', familyName: 'Byron', roleIds }),
      await product.givenUser({ email: 'plain@example.com', roleIds }),
    ];
  });
  afterAll(() => product.close());

  async function ask(place: string): Promise<unknown> {
    const query = place.includes('$ids') ? `query ($ids: [ID!]!) ${place}` : place;
    const { data, errors } = await product.ask(query, { token, variables: { ids } });
    expect(errors).toEqual([]);
    return data;
  }

  test.each(places)('each field of $type alone is what it is among all ($place)', async ({ type, wrap }) => {
    const { open } = product.app.schema;
    const names = Object.values((open.getType(type) as GraphQLObjectType).getFields())
      .filter((field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument))
      .map((field) => field.name);
    expect(names.length).toBeGreaterThan(2);
    const all = await ask(wrap(names.join(' ')));
    for (const name of names) expect(await ask(wrap(name))).toEqual(only(all, new Set([name])));
  });

  /** The answer with this one leaf at the innermost objects. */
  function only(value: unknown, names: ReadonlySet<string>): unknown {
    if (Array.isArray(value)) return value.map((item) => only(item, names));
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value);
    const kept = entries.filter(([key]) => names.has(key));
    if (kept.length > 0) return Object.fromEntries(kept);
    return Object.fromEntries(entries.map(([key, item]) => [key, only(item, names)]));
  }
});
