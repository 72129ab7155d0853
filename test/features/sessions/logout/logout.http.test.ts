import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { purgeExpiredSessions } from '#src/features/sessions/endings/purge-sessions';
import { createJobs, type Jobs } from '#src/jobs/jobs';
import { randomIds } from '#src/shared/ids';
import { silentLogger } from '#src/shared/logger';
import { overHttp } from '#test/features/sessions/support/http-scene';
import { minute, policy, type Json } from '#test/features/sessions/support/gateway';
import { browserHeaders } from '#test/features/sessions/support/served';

const signOut = `mutation ($input: SignOutInput) { signOut(input: $input) { session { id status endReason } logoutUrl } }`;

overHttp('signing out', (scene, { input, browser, machine }) => {
  let clientId: string;
  let receiver: Server;
  let received: Json[];
  let answers: number[];
  let jobs: Jobs;

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const token = new URLSearchParams(body).get('logout_token') ?? '';
        const [header, claims] = token
          .split('.')
          .slice(0, 2)
          .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString() || 'null'));
        received.push({ ...claims, header });
        response.writeHead(answers.shift() ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => receiver.close());
  beforeEach(async () => {
    const { gateway, count } = scene();
    received = [];
    answers = [];
    const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    if (!jobs || count === 1) {
      Object.assign(gateway.config.sessions, { backchannelHosts: [host] });
      jobs = createJobs({
        ...{ storage: gateway.storage, clock: gateway.clock, ids: randomIds, logger: silentLogger },
        policies: { current: () => policy, refresh: () => Promise.resolve() },
        config: gateway.config.jobs,
      });
      jobs.register(gateway.feature.jobs ?? []);
    }
    // What earlier tests have queued must not take the answers of this one.
    await jobs.runUntilIdle();
    received = [];
    const made = await gateway.applications.applications.create(gateway.call(), {
      name: `App ${count}`,
      type: 'REGULAR_WEB',
      allowedLogoutUrls: ['https://app.example.com/bye?from=gate'],
    });
    clientId = made.application.id;
    const wanted = await scene().served.ask(
      `mutation ($input: UpdateApplicationSessionSettingsInput!) {
        updateApplicationSessionSettings(input: $input) { application { sessionSettings { backchannelLogoutUri backchannelInitiators includeSessionMetadata } } } }`,
      {
        headers: await machine('update:applications', 'read:applications'),
        variables: {
          input: {
            ...{ applicationId: clientId, backchannelLogoutUri: `http://${host}/logout` },
            ...{ backchannelInitiators: ['SESSION_EXPIRED', 'ACCOUNT_DELETED'] },
          },
        },
      },
    );
    expect(wanted.errors).toEqual([]);
  });
  /** What the application of this test was told. */
  const told = () => received.filter(({ aud }) => aud === clientId);
  const signedIn = async () => {
    const { data, cookies } = await scene().served.ask(
      `mutation ($input: SignInInput!) { signIn(input: $input) { session { id } } }`,
      { variables: input({ clientId }), headers: browserHeaders() },
    );
    const cookie = /gid_session=([^;]*)/.exec(cookies[0] ?? '')?.[1];
    return { id: data.signIn.session.id as string, headers: browserHeaders(cookie) };
  };

  it.each([
    [{ returnTo: 'https://app.example.com/bye?from=gate' }, 'https://app.example.com/bye?from=gate'],
    [{}, 'https://app.example.com/bye?from=gate'],
    [{ returnTo: 'https://app.example.com/bye' }, null],
    [{ returnTo: 'https://app.example.com.evil.example/bye?from=gate' }, null],
    [{ returnTo: 'javascript:alert(1)' }, null],
  ])(
    '1.11.10 WEB-01 %j leads to a listed address or nowhere, and the session ends in any case',
    async (asked, logoutUrl) => {
      const { headers, id } = await signedIn();
      const { data } = await scene().served.ask(signOut, {
        headers,
        variables: { input: { clientId, ...asked } },
      });
      expect(data.signOut).toEqual({ session: { id, status: 'ENDED', endReason: 'LOGOUT' }, logoutUrl });
    },
  );

  it('without an application only addresses of the deployment count', async () => {
    const { headers } = await browser();
    const { data } = await scene().served.ask(signOut, {
      headers,
      variables: { input: { returnTo: 'https://app.example.com/bye?from=gate', federated: true } },
    });
    expect(data.signOut.logoutUrl).toBeNull();
    const events = await scene().gateway.rows('audit_events', 'action details');
    expect(events.at(-1)).toEqual({ action: 'session.sign_out', details: '{"federated":"unsupported"}' });
  });

  it('1.11.2 SES-07 an idle session is refused, ends when that is noticed, and is told of once', async () => {
    const { gateway, served } = scene();
    const { idleSeconds } = gateway.config.sessions;
    Object.assign(gateway.config.sessions, { idleSeconds: 600 });
    const { headers } = await signedIn();
    const me = async () => {
      const { codes } = await served.ask('{ me { id } }', { headers });
      // The touch is written beside the answer.
      await gateway.close();
      return codes;
    };
    gateway.clock.time += 9 * minute;
    expect(await me()).toEqual([]);
    gateway.clock.time += 9 * minute;
    expect(await me()).toEqual([]);
    gateway.clock.time += 11 * minute;
    expect(await me()).toEqual(['UNAUTHENTICATED']);
    for (let turn = 0; turn < 2; turn += 1) {
      await purgeExpiredSessions(gateway.storage.open(), gateway.call(), 30);
      await jobs.runUntilIdle();
    }
    expect(told()).toHaveLength(1);
    Object.assign(gateway.config.sessions, { idleSeconds });
  });

  it('1.11.3 SES-07 a higher limit leaves running sessions as they are, a lower one cuts them at the next request', async () => {
    const { gateway, served } = scene();
    const { absoluteSeconds } = gateway.config.sessions;
    const isIn = async (headers: Record<string, string>) =>
      (await served.ask('{ me { id } }', { headers })).codes.length === 0;
    const [first, second] = [await signedIn(), await signedIn()];
    Object.assign(gateway.config.sessions, {
      absoluteSeconds: 4 * absoluteSeconds,
      idleSeconds: 30 * 86_400,
    });
    gateway.clock.time += absoluteSeconds * 1_000;
    expect(await isIn(first.headers)).toBe(false);
    const third = await signedIn();
    gateway.clock.time += 2 * 3_600_000;
    expect(await isIn(third.headers)).toBe(true);
    Object.assign(gateway.config.sessions, { absoluteSeconds: 3_600 });
    expect([await isIn(second.headers), await isIn(third.headers)]).toEqual([false, false]);
    Object.assign(gateway.config.sessions, { absoluteSeconds, idleSeconds: 72 * 3_600 });
  });

  it('1.11.12 tells the application, again after 500, with a fresh token each time', async () => {
    const { clock } = scene().gateway;
    const { headers, id } = await signedIn();
    answers = [500, 500, 200];
    await scene().served.ask(signOut, { headers });
    for (const wait of [0, 10_000, 60_000, 600_000]) {
      clock.time += wait;
      await jobs.runUntilIdle();
    }
    expect(told()).toHaveLength(3);
    expect(new Set(told().map(({ jti }) => jti)).size).toBe(3);
    expect(told()[0]).toMatchObject({
      ...{ aud: clientId, sid: id, sub: scene().userId, exp: told()[0].iat + 120 },
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      header: { typ: 'logout+jwt' },
    });
    expect(told()[0]).not.toHaveProperty('nonce');
    expect(told()[0]).not.toHaveProperty('session_metadata');
  });

  it('1.11.12 takes 400 as an answer', async () => {
    const { headers } = await signedIn();
    answers = [400];
    await scene().served.ask(signOut, { headers });
    for (const wait of [0, 10_000, 60_000]) {
      scene().gateway.clock.time += wait;
      await jobs.runUntilIdle();
    }
    expect(told()).toHaveLength(1);
  });

  it('1.11.13 metadata of a session: 255 characters are kept, 256 refused, and told only to who wants them', async () => {
    const { headers, id } = await signedIn();
    const administrator = await machine('update:sessions', 'read:sessions', 'update:applications');
    const update = `mutation ($input: UpdateSessionMetadataInput!) { updateSessionMetadata(input: $input) { session { metadata } } }`;
    const write = (set: unknown, remove: string[] = []) =>
      scene().served.ask(update, {
        headers: administrator,
        variables: { input: { id, set, delete: remove } },
      });
    expect((await write({ cart: 'x'.repeat(256) })).codes).toEqual(['VALIDATION_FAILED']);
    expect((await write({ cart: 1 })).codes).toEqual(['VALIDATION_FAILED']);
    expect((await write({ cart: 'x'.repeat(255), gone: 'y' })).errors).toEqual([]);
    expect((await write({}, ['gone'])).data.updateSessionMetadata.session.metadata).toEqual({
      cart: 'x'.repeat(255),
    });
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`k${index}`, 'v']));
    expect((await write(many)).codes).toEqual(['LIMIT_EXCEEDED']);
    await scene().served.ask(
      `mutation ($id: ID!) { updateApplicationSessionSettings(input: { applicationId: $id, includeSessionMetadata: true }) { application { id } } }`,
      { headers: administrator, variables: { id: clientId } },
    );
    await scene().served.ask(signOut, { headers });
    await jobs.runUntilIdle();
    expect(told()[0].session_metadata).toEqual({ cart: 'x'.repeat(255) });
  });

  it('1.11.14 a deleted user: sessions and tokens are gone, and the notice goes out all the same', async () => {
    const { gateway, served, userId } = scene();
    const { headers } = await signedIn();
    await gateway.users.delete(gateway.call(), userId);
    expect((await served.ask('{ me { id } }', { headers })).codes).toEqual(['UNAUTHENTICATED']);
    await jobs.runUntilIdle();
    expect(told()).toEqual([expect.objectContaining({ sub: userId })]);
  });

  it('is told of nothing that it did not choose', async () => {
    const { gateway, userId } = scene();
    await signedIn();
    await gateway.users.block(gateway.call(), userId);
    await jobs.runUntilIdle();
    expect(told()).toEqual([]);
  });

  it('refuses a private address that is not allowed, when it is called', async () => {
    const { gateway } = scene();
    const { headers } = await signedIn();
    const { backchannelHosts } = gateway.config.sessions;
    Object.assign(gateway.config.sessions, { backchannelHosts: [] });
    await scene().served.ask(signOut, { headers });
    await jobs.runUntilIdle();
    expect(told()).toEqual([]);
    Object.assign(gateway.config.sessions, { backchannelHosts });
  });

  it('ends the other sessions of the caller, after a recent sign-in', async () => {
    const { served, gateway } = scene();
    const own = await signedIn();
    const other = await browser();
    const mutation = 'mutation { revokeMyOtherSessions { revokedCount user { id } } }';
    const { data } = await served.ask(mutation, { headers: own.headers });
    expect(data.revokeMyOtherSessions).toEqual({ revokedCount: 1, user: { id: scene().userId } });
    expect((await served.ask('{ me { id } }', { headers: other.headers })).codes).toEqual([
      'UNAUTHENTICATED',
    ]);
    gateway.clock.time += 16 * 60_000;
    expect((await served.ask(mutation, { headers: own.headers })).codes).toEqual([
      'REAUTHENTICATION_REQUIRED',
    ]);
    const list = 'query ($id: ID!) { userSessions(userId: $id) { totalCount nodes { id current } } }';
    const listed = await served.ask(list, { headers: own.headers, variables: { id: scene().userId } });
    expect(listed.data.userSessions).toEqual({ totalCount: 1, nodes: [{ id: own.id, current: true }] });
    const stranger = await served.ask(list, {
      headers: await machine('read:users'),
      variables: { id: scene().userId },
    });
    expect(stranger.data.userSessions).toBeNull();
  });
});
