import { startTestApp, type TestApp } from '#test/support/app';
import { sqliteDatabase } from '#test/support/databases';

sqliteDatabase('jobProgress over server-sent events', (database) => {
  let test: TestApp;
  let token: string;
  beforeAll(async () => {
    test = await startTestApp(database);
    token = await test.administrator();
  });
  afterAll(() => test.close());

  const subscribe = async (query: string, headers: Record<string, string> = {}) =>
    fetch(`${test.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify({ query }),
    });
  /** The data of the events `next`, until the stream ends. */
  const eventsOf = async (
    response: Response,
    onFirst: () => unknown = () => undefined,
  ): Promise<Record<string, unknown>[]> => {
    let text = '';
    let isFirst = true;
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (isFirst && text.includes('event: next')) void onFirst();
      if (text.includes('event: next')) isFirst = false;
    }
    return [...text.matchAll(/event: next\ndata: (.*)/g)].map(
      ([, data]) => JSON.parse(data as string) as Record<string, unknown>,
    );
  };
  const waiting = async (): Promise<string> => {
    const response = await fetch(`${test.url}/imports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify([{ email: `s${Math.random()}@example.com` }]),
    });
    return ((await response.json()) as { id: string }).id;
  };
  const progress = (id: string) =>
    `subscription { jobProgress(id: "${id}") { id status counts { processed } } }`;

  it('1.10: tells the state at once, changes as they come, and ends with the job', async () => {
    const id = await waiting();
    const response = await subscribe(progress(id), { authorization: `Bearer ${token}` });
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    const events = await eventsOf(response, () => test.app.jobs.runUntilIdle());
    expect(events).toEqual([
      { data: { jobProgress: { id, status: 'PENDING', counts: { processed: 0 } } } },
      { data: { jobProgress: { id, status: 'COMPLETED', counts: { processed: 1 } } } },
    ]);
  });

  it('B18: a subscription is gated like a query, and its rights are asked again for each event', async () => {
    const id = await waiting();
    const anonymous = await eventsOf(await subscribe(progress(id)));
    expect(anonymous).toMatchObject([{ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]);
    const other = await test.user(await test.givenUser({ email: 'other@example.com' }));
    expect(await eventsOf(await subscribe(progress(id), { authorization: `Bearer ${other}` }))).toEqual([
      { data: { jobProgress: null } },
    ]);
    const userId = await test.givenUser({
      email: 'gone@example.com',
      roleIds: [await test.givenRole('Reader of jobs', ['read:jobs'])],
    });
    const response = await subscribe(progress(id), { authorization: `Bearer ${await test.user(userId)}` });
    await test.ask('mutation ($id: ID!) { blockUser(input: { id: $id }) { __typename } }', {
      token,
      variables: { id: userId },
    });
    const events = await eventsOf(response);
    expect(events.length).toBeLessThanOrEqual(2);
    expect(events[events.length - 1]).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    await test.app.jobs.runUntilIdle();
  });

  it('refuses what is no subscription, and subscriptions anywhere else', async () => {
    const bearer = { authorization: `Bearer ${token}` };
    const codes = async (query: string) => {
      const [event] = await eventsOf(await subscribe(query, bearer));
      return (event?.['errors'] as { extensions: { code: string } }[] | undefined)?.map(
        ({ extensions }) => extensions.code,
      );
    };
    expect(await codes('{ viewer { kind } }')).toEqual(['BAD_USER_INPUT']);
    expect(await codes('subscription { jobProgress(id: 5) { shoeSize } }')).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    expect(await codes('subscription {')).toEqual(['GRAPHQL_PARSE_FAILED']);
    const elsewhere = await test.ask(progress('job_0'), { token });
    expect(elsewhere.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const foreign = await subscribe(progress('job_0'), {
      cookie: 'gid_session=x',
      origin: 'https://evil.example',
    });
    expect(foreign.status).toBe(200);
  });
});
