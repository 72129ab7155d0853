import { eachDatabase } from '#test/support/databases';
import { target } from '#test/attacks/support/cast';
import { codesOf, Stage, type Served } from '#test/attacks/support/stage';
import { usualSecrets, type UsualSecrets } from '#test/attacks/support/usual-secrets';

const password = 'correct horse battery';

eachDatabase('attacks by the form of the request', (database) => {
  let stage: Stage;
  let secrets: UsualSecrets;
  let cookie: string;
  let id: string;

  beforeAll(async () => {
    stage = await Stage.open(database);
    secrets = await usualSecrets(stage);
    id = await stage.product.givenUser({ email: 'browser@example.com', password, nickname: 'before' });
    const signed = await stage.ask('mutation ($i: SignInInput!) { signIn(input: $i) { session { id } } }', {
      variables: { i: { identifier: 'browser@example.com', password } },
    });
    cookie = signed.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  const theme = async (): Promise<unknown> => {
    const asked = { as: stage.administrator, variables: { id } };
    const answer = await stage.ask(
      'query ($id: ID!) { user(id: $id) { metadata { user(path: "theme") } } }',
      asked,
    );
    return (answer.data?.['user'] as { metadata: { user: unknown } }).metadata.user;
  };
  const change = (): string =>
    `mutation { updateUserMetadata(input: { userId: "${id}", patch: { theme: "stolen" } }) { warnings } }`;
  const raw = (headers: Record<string, string>, body: string): Promise<Served> =>
    stage.send({ method: 'POST', headers, body });
  const json = { 'content-type': 'application/json' };

  test('B33 GET refuses like POST, and never writes', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const query = 'query ($id: ID!) { user(id: $id) { phoneNumber } }';
    const variables = { id: target };
    const got = await stage.indistinguishable(secrets.phone, () =>
      stage.get(query, { as: stage.support, variables }),
    );
    expect(codesOf(got)).toEqual(['FORBIDDEN_FIELD']);
    await stage.distinguishable(secrets.phone, () => stage.get(query, { as: stage.sales, variables }));
    const filter = '{ users(filter: { phoneNumber: { exists: true } }) { totalCount } }';
    const filtered = await stage.indistinguishable(secrets.phone, () =>
      stage.get(filter, { as: stage.support }),
    );
    expect(codesOf(filtered)).toEqual(['FORBIDDEN_ARGUMENT']);
    for (const as of [stage.administrator, undefined]) {
      const written = await stage.get(change(), { as, headers: as === undefined ? { cookie } : {} });
      expect(written.data ?? null).toBeNull();
    }
    expect(await theme()).toBeNull();
  });

  test('B33 another site cannot act with the cookie of the browser', async () => {
    const body = JSON.stringify({ query: change() });
    for (const headers of [
      { ...json, cookie },
      { ...json, cookie, origin: 'https://evil.example' },
      { ...json, cookie, origin: 'null' },
      { ...json, cookie, 'sec-fetch-site': 'cross-site' },
      { ...json, cookie, 'sec-fetch-site': 'same-site' },
      { ...json, cookie, origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-origin' },
    ]) {
      const answer = await raw(headers, body);
      expect([headers, answer.status, answer.data ?? null]).toEqual([headers, 403, null]);
    }
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await raw({ 'content-type': type, cookie, 'sec-fetch-site': 'same-origin' }, body);
      expect([type, answer.status >= 400, answer.data ?? null]).toEqual([type, true, null]);
    }
    const got = await stage.send(
      { headers: { cookie, 'sec-fetch-site': 'cross-site' } },
      `?query=${encodeURIComponent('{ me { email } }')}`,
    );
    expect([got.status, got.data ?? null]).toEqual([403, null]);
    expect(await theme()).toBeNull();
    const own = await raw(
      { ...json, cookie, 'sec-fetch-site': 'same-origin' },
      JSON.stringify({ query: '{ me { id } }' }),
    );
    expect(own.data).toEqual({ me: { id } });
  });

  test('B33 a file upload cannot place a value into a denied input', async () => {
    const form = new FormData();
    form.set('operations', JSON.stringify({ query: change(), variables: { v: null } }));
    form.set('map', JSON.stringify({ 0: ['variables.v'] }));
    form.set('0', new Blob(['x']), 'x.txt');
    const answer = await stage.send({
      method: 'POST',
      headers: { authorization: `Bearer ${stage.administrator}` },
      body: form,
    });
    expect([answer.status >= 400, answer.data ?? null]).toEqual([true, null]);
    expect(await theme()).toBeNull();
  });

  test('B33 of several operations the one that runs is the one that is checked', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const document = `query Open { users(first: 1) { nodes { id } } }
      query Denied { users(filter: { phoneNumber: { exists: true } }) { totalCount } }
      query Field { users { nodes { phoneNumber } } }
      mutation Write { deleteUser(input: { id: "${id}" }) { deletedId } }`;
    const ask = (operationName?: string): Promise<Served> =>
      stage.ask(document, { as: stage.support, ...(operationName === undefined ? {} : { operationName }) });
    for (const [name, codes] of [
      ['Open', []],
      ['Denied', ['FORBIDDEN_ARGUMENT']],
      ['Field', ['FORBIDDEN_FIELD']],
      ['Write', ['FORBIDDEN']],
    ] as const) {
      expect([name, codesOf(await stage.indistinguishable(secrets.phone, () => ask(name)))]).toEqual([
        name,
        codes,
      ]);
    }
    for (const name of [undefined, 'None', '', 'open', '__proto__', 'constructor']) {
      const answer = await ask(name);
      expect([name, answer.errors.length, answer.data ?? null, answer.statements]).toEqual([
        name,
        1,
        null,
        0,
      ]);
    }
    const twice = await stage.send({
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${stage.support}` },
      body: `{"query":${JSON.stringify(document)},"operationName":"Open","operationName":"Denied"}`,
    });
    expect(twice.errors.length).toBeGreaterThan(0);
  });

  test('B33 the operation of the body is the one that counts, and lists of operations are refused', async () => {
    const body = JSON.stringify({ query: '{ viewer { kind } }' });
    const both = await stage.send(
      { method: 'POST', headers: { ...json, authorization: `Bearer ${stage.administrator}` }, body },
      `?query=${encodeURIComponent(change())}`,
    );
    expect(both.text).toBe('{"data":{"viewer":{"kind":"MACHINE"}}}');
    const list = JSON.stringify([{ query: change() }, { query: change() }]);
    const batched = await raw({ ...json, authorization: `Bearer ${stage.administrator}` }, list);
    expect([batched.status >= 400, batched.data ?? null]).toEqual([true, null]);
    expect(await theme()).toBeNull();
  });

  test('B33 no document of a stronger caller is kept for a weaker one to name', async () => {
    const query = '{ users { nodes { id } } }';
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
    await raw(
      { ...json, authorization: `Bearer ${stage.administrator}` },
      JSON.stringify({ query, extensions }),
    );
    const answer = await raw(
      { ...json, authorization: `Bearer ${stage.support}` },
      JSON.stringify({ extensions }),
    );
    expect([answer.errors.length, answer.data ?? null, answer.statements]).toEqual([1, null, 0]);
  });

  test('B32 B33 aliases of a sign-in are one attempt at most', async () => {
    const attempt = (alias: string): string =>
      `${alias}: signIn(input: { identifier: "browser@example.com", password: "wrong ${alias}" }) { user { id } }`;
    const answer = await stage.ask(
      `mutation { ${attempt('a')} ...f } fragment f on Mutation { ${attempt('b')} }`,
    );
    expect([codesOf(answer), answer.data ?? null, answer.statements]).toEqual([['BAD_USER_INPUT'], null, 0]);
  });

  test.each([
    ['@defer', 'query ($id: ID!) { user(id: $id) { id ... @defer(if: true) { phoneNumber } } }'],
    ['@stream', '{ users { nodes @stream(initialCount: 0) { phoneNumber } } }'],
  ])('B34 there is no %s: nothing is delivered later than the rest', async (_name, query) => {
    for (const accept of ['application/json', 'multipart/mixed; deferSpec=20220824', 'text/event-stream']) {
      const answer = await stage.ask(query, {
        as: stage.administrator,
        variables: query.includes('$id') ? { id: target } : {},
        headers: { accept: `${accept}, application/json;q=0.5` },
      });
      expect([accept, answer.errors.length > 0, answer.data ?? null, answer.statements]).toEqual([
        accept,
        true,
        null,
        0,
      ]);
    }
  });
});
