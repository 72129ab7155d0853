import { filterFields } from '#src/features/search/filter-tree';
import { lookUpField } from '#src/features/search/searchable-fields';
import { sortFields } from '#src/features/search/user-sort';
import { insertUsers } from '#test/features/search/support/insert-users';
import { fixture } from '#test/features/search/support/population';
import { furtherQueries, queryTable, refusedQueries } from '#test/features/search/support/query-table';
import { startTestApp, type Answer, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

const list = `query ($q: String, $filter: UserFilter, $sort: [UserSort!], $first: Int, $after: String, $last: Int, $before: String) {
  users(q: $q, filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { name } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
const numbered = `query ($page: Int!, $perPage: Int!, $sort: String) {
  usersPage(page: $page, perPage: $perPage, includeTotals: true, sort: $sort) {
    start limit length total totalIsCapped users { name } } }`;
const explain = 'query ($q: String!) { explainUserQuery(q: $q) { normalized tree fields warnings cost } }';
/** Many at a time: over HTTP each costs little but its round trip. */
const inTurns = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> => {
  for (let at = 0; at < items.length; at += 10) await Promise.all(items.slice(at, at + 10).map(work));
};

interface Refused {
  readonly title: string;
  readonly variables: Record<string, unknown>;
  readonly code: string;
}

eachDatabase('users over HTTP', (database) => {
  let product: TestApp;
  let reader: string;
  beforeAll(async () => {
    product = await startTestApp(database);
    reader = await product.machine(['read:users', 'read:organization_members']);
    await insertUsers(product.app.storage, Object.values(fixture));
  });
  afterAll(() => product.close());

  const ask = (variables: Record<string, unknown>, token = reader): Promise<Answer> =>
    product.ask(list, { variables, token });
  const names = ({ data }: Answer): string[] =>
    ((data as { users: { nodes: { name: string }[] } }).users.nodes ?? []).map(({ name }) => name);
  const byName = [{ field: 'NAME', direction: 'ASC' }];

  test('a query, a filter and an order find a page and its count', async () => {
    const filter = { loginsCount: { gte: 99 }, metadata: [{ store: 'APP', path: 'level', exists: true }] };
    const first = await ask({ q: 'name:j*', filter, sort: byName, first: 1 });
    expect(first).toMatchObject({
      errors: [],
      data: { users: { totalCount: 2, pageInfo: { hasNextPage: true, hasPreviousPage: false } } },
    });
    expect(names(first)).toEqual(['Jane Smith']);
    const { pageInfo } = (first.data as { users: { pageInfo: { endCursor: string } } }).users;
    const second = await ask({ q: 'name:j*', filter, sort: byName, first: 1, after: pageInfo.endCursor });
    expect(names(second)).toEqual(["Johnny O'Neil"]);
    expect(second).toMatchObject({
      data: { users: { pageInfo: { hasNextPage: false, hasPreviousPage: true } } },
    });
  });

  test('S12 every row of the table finds the same over HTTP, and is refused the same', async () => {
    const everything = await product.machine(['read:users', 'read:organization_members', 'read:roles']);
    const letters = new Map(Object.entries(fixture).map(([letter, user]) => [user.name, letter]));
    const found = new Map<string, string>();
    await inTurns([...queryTable, ...furtherQueries], async ({ row, query }) => {
      const answer = await ask({ q: query, sort: [{ field: 'CREATED_AT', direction: 'ASC' }] }, everything);
      expect(answer.errors).toEqual([]);
      found.set(
        `${row} ${query}`,
        names(answer)
          .map((name) => letters.get(name))
          .join(''),
      );
    });
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(
        [...queryTable, ...furtherQueries].map(({ row, query, finds }) => [`${row} ${query}`, finds]),
      ),
    );
    await inTurns(refusedQueries, async ({ query, code }) => {
      const { data, errors } = await ask({ q: query }, everything);
      expect([query.slice(0, 80), errors.map(({ extensions }) => extensions.code), data]).toEqual([
        query.slice(0, 80),
        [code],
        { users: null },
      ]);
    });
  });

  test('S1 S3 S4 pages by number', async () => {
    const page = (variables: Record<string, unknown>): Promise<Answer> =>
      product.ask(numbered, { variables: { page: 0, perPage: 50, ...variables }, token: reader });
    const namesOf = ({ data }: Answer): string[] =>
      (data as { usersPage: { users: { name: string }[] } }).usersPage.users.map(({ name }) => name);
    expect(namesOf(await page({ sort: 'created_at:1' }))).toEqual(
      Object.values(fixture).map(({ name }) => name),
    );
    const second = await page({ sort: 'created_at:1', perPage: 2, page: 1 });
    expect(namesOf(second)).toEqual([fixture.C.name, fixture.D.name]);
    expect(second).toMatchObject({
      data: { usersPage: { start: 2, limit: 2, length: 2, total: 6, totalIsCapped: false } },
    });
    expect(await page({ perPage: 100, page: 9 })).toMatchObject({ errors: [], data: { usersPage: {} } });
    for (const wrong of [{ perPage: 101 }, { page: -1 }, { perPage: 100, page: 10 }])
      expect((await page(wrong)).errors).toMatchObject([{ extensions: { code: 'INVALID_PAGING' } }]);
    for (const sort of ['user_metadata.age:1', 'name:2'])
      expect((await page({ sort })).errors).toMatchObject([{ extensions: { code: 'INVALID_SORT' } }]);
  });

  test('a refusal says where, what and how to mend it, and names the nearest fields', async () => {
    const [half] = (await ask({ q: 'name:jane AND name:j?ne' })).errors;
    expect(half?.extensions).toMatchObject({
      position: 20,
      token: expect.any(String) as string,
      hint: expect.any(String) as string,
    });
    const [unknown] = (await ask({ q: 'emial:x' })).errors;
    expect(unknown?.extensions).toMatchObject({
      code: 'UNKNOWN_FIELD',
      suggestions: expect.arrayContaining(['email']) as string[],
    });
  });

  test('every searchable field is open to a caller who may read it', async () => {
    const q = [
      'email_verified:true AND email.domain:"exampleco.com" AND identities.connection:main AND role:editor',
      'AND organization_id:org_acme AND permission:"read:posts" AND app_metadata.level:5 AND last_login:2017',
    ].join(' ');
    const answer = await ask({ q });
    expect(answer.errors).toEqual([]);
    expect(names(answer)).toEqual(['Jane Smith']);
  });

  test.each(Object.entries(filterFields))(
    'the filter %s and the query field ask for the same attribute',
    (name, { path }) => {
      const lookup = lookUpField(path);
      const attributes = lookup.found === 'field' ? lookup.field.attributes : [];
      const rule = product.app.schema.rules.inputs.get(`UserFilter.${name}`)?.attribute;
      expect(rule === undefined ? [] : [rule]).toEqual(attributes);
    },
  );

  test.each(Object.entries(sortFields))('the order %s asks for its attribute', (name, { attribute }) => {
    const rule = product.app.schema.rules.inputs.get(`UserSortField.${name}`)?.attribute;
    expect(rule ?? null).toBe(attribute);
  });

  test('an explanation', async () => {
    const answer = await product.ask(explain, { variables: { q: '(jane)  name:*abc*' }, token: reader });
    expect(answer).toMatchObject({
      errors: [],
      data: {
        explainUserQuery: {
          normalized: 'jane OR name:*abc*',
          tree: {
            or: [
              { field: null, equals: 'jane', quoted: false },
              { field: 'name', pattern: ['', 'abc', ''] },
            ],
          },
          cost: 'RANGE',
        },
      },
    });
  });

  test('without read:users the list and the explanation are null', async () => {
    const token = await product.machine(['read:roles']);
    for (const answer of [
      await ask({ q: 'shoe:1' }, token),
      await product.ask(explain, { variables: { q: '((' }, token }),
    ]) {
      expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN_FIELD' } }]);
      expect(Object.values(answer.data ?? {})).toEqual([null]);
    }
  });

  test('without a token nobody is told whether a query is right', async () => {
    for (const q of ['name:jane', 'shoe:1']) {
      const { data, errors } = await product.ask(list, { variables: { q } });
      expect([data, errors.map(({ extensions }) => extensions.code)]).toEqual([
        { users: null },
        ['UNAUTHENTICATED'],
      ]);
    }
  });

  test('a field behind another permission is closed without it', async () => {
    const token = await product.machine(['read:users']);
    const inQuery = await ask({ q: 'organization_id:org_acme' }, token);
    const never = await ask({ q: 'password:org_acme' }, token);
    expect(inQuery.errors).toMatchObject([
      { extensions: { code: 'FIELD_NOT_SEARCHABLE', field: 'organization_id' } },
    ]);
    expect(JSON.stringify(inQuery).replaceAll('organization_id', 'password')).toBe(JSON.stringify(never));
    const inFilter = await ask({ filter: { organizationId: 'org_acme' } }, token);
    expect(inFilter.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN_ARGUMENT' } }]);
  });

  test('S2 metadata and unknown fields are no sort fields', async () => {
    for (const sort of [
      [{ field: 'user_metadata.age', direction: 'ASC' }],
      [{ field: 'NAME', direction: '2' }],
      [{ field: 'PICTURE', direction: 'ASC' }],
    ]) {
      expect((await ask({ sort })).errors.length).toBeGreaterThan(0);
    }
    const twice = [...byName, ...byName];
    expect((await ask({ sort: twice })).errors).toMatchObject([{ extensions: { code: 'INVALID_SORT' } }]);
  });

  test.each(
    [
      ['a half query', { q: 'name:jane AND' }, 'INVALID_QUERY_STRING'],
      ['a NUL', { q: 'name:a\0b' }, 'INVALID_QUERY_STRING'],
      ['half a surrogate pair', { q: 'name:"\ud800"' }, 'INVALID_QUERY_STRING'],
      ['a long query', { q: 'x'.repeat(5000) }, 'QUERY_TOO_LONG'],
      ['deep brackets', { q: `${'('.repeat(200)}x${')'.repeat(200)}` }, 'QUERY_TOO_LONG'],
      ['an unknown field', { q: 'shoe:1' }, 'UNKNOWN_FIELD'],
      ['a closed field', { q: 'picture:1' }, 'FIELD_NOT_SEARCHABLE'],
      ['null as a condition', { filter: { email: null } }, 'VALIDATION_FAILED'],
      [
        'an object as a value',
        { filter: { metadata: [{ store: 'APP', path: 'a', eq: { b: 1 } }] } },
        'VALIDATION_FAILED',
      ],
      [
        'a range on user_metadata',
        { filter: { metadata: [{ store: 'USER', path: 'a', gt: 1 }] } },
        'VALIDATION_FAILED',
      ],
      [
        'a range of texts between 255 and more characters',
        { filter: { metadata: [{ store: 'APP', path: 'a', startsWith: 'x'.repeat(256) }] } },
        'VALIDATION_FAILED',
      ],
      ['101 conditions', { filter: { email: { in: Array(101).fill('x') } } }, 'QUERY_TOO_LONG'],
      ['a text of 4,097 characters', { filter: { email: { eq: 'x'.repeat(4097) } } }, 'QUERY_TOO_LONG'],
      [
        'a path of 1,001 characters',
        { filter: { metadata: [{ store: 'APP', path: 'a'.repeat(1001), eq: 1 }] } },
        'VALIDATION_FAILED',
      ],
      ['a large page', { first: 101 }, 'INVALID_PAGING'],
      ['a made-up cursor', { after: 'bm90IGEgY3Vyc29y' }, 'INVALID_PAGING'],
    ].map(([title, variables, code]) => ({ title, variables, code }) as Refused),
  )('$title is refused with $code', async ({ variables, code }) => {
    const answer = await ask(variables);
    expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(JSON.stringify(answer.errors)).not.toMatch(/select|sqlite|postgres|stack/i);
  });

  test('as much as the limits allow is answered', async () => {
    for (const filter of [
      { email: { in: Array<string>(100).fill('x') } },
      { email: { eq: 'x'.repeat(4096) } },
      { metadata: [{ store: 'APP', path: 'a'.repeat(250), eq: 1 }] },
    ])
      expect(await ask({ filter })).toMatchObject({ errors: [], data: { users: { totalCount: 0 } } });
  });

  test('conditions nested below the limit are answered, and deeper ones refused', async () => {
    const nested = (levels: number): object =>
      levels === 0 ? { blocked: true } : { not: nested(levels - 1) };
    expect(names(await ask({ filter: nested(16) }))).toEqual(["Johnny O'Neil"]);
    expect((await ask({ filter: nested(17) })).errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_LONG' } },
    ]);
  });
});
