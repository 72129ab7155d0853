import { Executor } from '#src/graphql/executor';
import { startTestApp, type TestApp } from '#test/support/app';
import { sqliteDatabase } from '#test/support/databases';

/** With what has to be escaped, and with the mark that `json-text.ts` writes. */
const stored = {
  color: 'green',
  'quoted "name"': '\u0007 ✓',
  mark: 'a stored text stands here',
  deep: { list: [1, null] },
};
const save =
  'mutation ($input: SaveAttributeRuleInput!) { saveAttributeRule(input: $input) { attributeRule { id } } }';
const deny = { name: 'deny', effect: 'DENY', actions: ['READ'], paths: ['user_metadata.color'] };

sqliteDatabase('a query that was validated before', (database) => {
  let product: TestApp;
  let id: string;

  beforeAll(async () => {
    product = await startTestApp(database);
    id = await product.givenUser({ email: 'a@example.com', roleIds: [await product.givenRole('Reader')] });
    await product.ask(
      `mutation ($patch: JSON!) { updateUserMetadata(input: { userId: "${id}", patch: $patch }) { user { id } } }`,
      {
        token: await product.administrator(),
        variables: { patch: stored },
      },
    );
  });
  afterAll(() => product.close());

  async function send(body: unknown, headers: Record<string, string>): Promise<Record<string, unknown>> {
    const response = await fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const {
      'x-request-id': _id,
      date: _date,
      'content-length': _length,
      ...kept
    } = Object.fromEntries(response.headers);
    const text = (await response.text()).replace(/"errorId":"[^"]*"|error id [\w-]+/g, '');
    return { status: response.status, headers: kept, body: text };
  }

  const cases: [string, string, Record<string, unknown>][] = [
    ['plain data', '{ users { nodes { id email roles { name } } totalCount } }', {}],
    ['variables', 'query ($first: Int) { users(first: $first) { nodes { id } } }', { first: 1 }],
    [
      'a variable that does not fit',
      'query ($first: Int) { users(first: $first) { nodes { id } } }',
      { first: 'x' },
    ],
    ['a refused argument', '{ users(first: 1000) { nodes { id } } }', {}],
    ['a search error', '{ users(q: "name:") { nodes { id } } }', {}],
    ['data beside an error', '{ viewer { kind } users(q: "name:") { nodes { id } } }', {}],
    ['too many aliases', `{ ${Array.from({ length: 51 }, (_, n) => `a${n}: __typename`).join(' ')} }`, {}],
    [
      'stored metadata',
      '{ users { nodes { id metadata { user app again: user part: user(path: "deep.list") version } } } }',
      {},
    ],
    ['introspection', '{ __schema { queryType { name } } __type(name: "User") { name } }', {}],
  ];

  test.each(cases)(
    '%s: the short way answers what the whole way answers',
    async (_title, query, variables) => {
      for (const token of [await product.administrator(), await product.machine([]), undefined]) {
        const headers: Record<string, string> =
          token === undefined ? {} : { authorization: `Bearer ${token}` };
        // The first answer comes by the whole way, as does every answer to a caller that negotiates the media type.
        const whole = await send({ query: `${query} # ${token ?? ''}`, variables }, headers);
        const short = await send({ query: `${query} # ${token ?? ''}`, variables }, headers);
        expect(short).toEqual(whole);
      }
    },
  );

  test('an operation without data is executed once, by the way that words its answer', async () => {
    const execute = jest.spyOn(Executor.prototype, 'execute');
    const headers = { authorization: `Bearer ${await product.administrator()}` };
    const ids = Array.from({ length: 101 }, (_, n) => `auth0|${n}`);
    const bodies = [
      { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids } },
      { query: `{ ${Array.from({ length: 51 }, (_, n) => `b${n}: __typename`).join(' ')} }` },
    ];
    for (const body of bodies) {
      const whole = await send(body, headers);
      execute.mockClear();
      expect(await send(body, headers)).toEqual(whole);
      expect(whole['body']).not.toContain('"data":{');
      expect(execute).toHaveBeenCalledTimes(1);
    }
  });

  test('metadata with a member that is denied is answered without it, and as it is stored when it is allowed again', async () => {
    const token = await product.administrator();
    const reader = await product.machine(['read:users', 'read:user_metadata']);
    const ask = () =>
      product.ask(`{ user(id: "${id}") { metadata { user color: user(path: "color") } } }`, {
        token: reader,
      });
    const before = [await ask(), await ask()];
    const { data } = await product.ask(save, { token, variables: { input: deny } });
    const denied = [await ask(), await ask()];
    const { id: ruleId } = (data as { saveAttributeRule: { attributeRule: { id: string } } })
      .saveAttributeRule.attributeRule;
    await product.ask(`mutation { deleteAttributeRule(input: { id: "${ruleId}" }) { deletedId } }`, {
      token,
    });
    const { color: _color, ...rest } = stored;
    const whole = { user: { metadata: { user: stored, color: 'green' } } };
    const pruned = { user: { metadata: { user: rest, color: null } } };
    expect([...before, ...denied, await ask()].map((answer) => answer.data)).toEqual([
      whole,
      whole,
      pruned,
      pruned,
      whole,
    ]);
  });

  test('one’s own user comes with the caller, and each caller gets what it may see, at every turn', async () => {
    const someone = async (name: string, roles: { roleIds?: string[] }): Promise<string> =>
      product.user(
        await product.givenUser({ email: `${name}@own.example`, userMetadata: { color: name }, ...roles }),
      );
    const reader = await someone('reader', {
      roleIds: [await product.givenRole('Own reader', ['read:roles'])],
    });
    const plain = await someone('plain', {});
    const query = '{ me { email metadata { user } roles { name } } }';
    const answers = async (): Promise<unknown[]> => {
      const found: unknown[] = [];
      for (const token of [reader, plain, reader, reader, plain, plain, reader]) {
        const short = await send({ query }, { authorization: `Bearer ${token}` });
        const whole = await send(
          { query },
          { authorization: `Bearer ${token}`, accept: 'application/json, text/plain' },
        );
        expect(short['body']).toBe(whole['body']);
        found.push(JSON.parse(short['body'] as string));
      }
      return found;
    };
    const mine = (name: string, user: object, roles: object[]) => ({
      data: { me: { email: `${name}@own.example`, metadata: { user }, roles } },
    });
    const read = mine('reader', { color: 'reader' }, [{ name: 'Own reader' }]);
    const own = mine('plain', { color: 'plain' }, []);
    expect(await answers()).toEqual([read, own, read, read, own, own, read]);
    const subject = { rolesAny: ['Own reader'] };
    const token = await product.administrator();
    const { data } = await product.ask(save, {
      token,
      variables: { input: { ...deny, name: 'deny own', subject } },
    });
    const pruned = mine('reader', {}, [{ name: 'Own reader' }]);
    expect(await answers()).toEqual([pruned, own, pruned, pruned, own, own, pruned]);
    const { id: ruleId } = (data as { saveAttributeRule: { attributeRule: { id: string } } })
      .saveAttributeRule.attributeRule;
    await product.ask(`mutation { deleteAttributeRule(input: { id: "${ruleId}" }) { deletedId } }`, {
      token,
    });
  });

  test('another media type, another operation name and a GET take the whole way', async () => {
    const headers = { authorization: `Bearer ${await product.administrator()}` };
    const query = 'query One { users(first: 1) { nodes { id } } }';
    await send({ query }, headers);
    const negotiated = await send({ query }, { ...headers, accept: 'application/graphql-response+json' });
    expect(negotiated['headers']).toMatchObject({
      'content-type': 'application/graphql-response+json; charset=utf-8',
    });
    expect(await send({ query, operationName: 'Two' }, headers)).toMatchObject({ status: 400 });
    expect(await send({ query, variables: [] }, headers)).toMatchObject({ status: 400 });
    expect(await send({ query, operationName: 'One' }, headers)).toMatchObject({ status: 200 });
  });

  test('a mutation is executed once, each time it is sent', async () => {
    const token = await product.administrator();
    const query = `mutation { updateUserMetadata(input: { userId: "${id}", patch: { n: 1 }, mode: REPLACE }) { user { metadata { version } } } }`;
    const clear = `mutation { clearMetadata(input: { userId: "${id}", store: USER }) { user { metadata { version } } } }`;
    const versions: unknown[] = [];
    for (const operation of [query, clear, query, clear, query]) {
      const answer = await product.ask(operation, { token });
      expect(answer.errors).toEqual([]);
      versions.push(Object.values(answer.data ?? {})[0]);
    }
    const numbers = versions.map(
      (one) => (one as { user: { metadata: { version: number } } }).user.metadata.version,
    );
    expect(numbers.map((number, index) => number - index)).toEqual(numbers.map(() => numbers[0]));
  });
});
