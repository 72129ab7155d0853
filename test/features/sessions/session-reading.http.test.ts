import { day, hour, type Gateway } from '#test/features/sessions/support/gateway';
import { overHttp, signIn, type HttpScene } from '#test/features/sessions/support/http-scene';
import { browserHeaders } from '#test/features/sessions/support/served';

overHttp('reading sessions', (scene, { input, machine, tokenOf, browser }) => {
  let gateway: Gateway;
  let served: HttpScene['served'];
  let userId: string;
  let email: string;
  let count: number;
  beforeEach(() => {
    ({ gateway, served, userId, email, count } = scene());
  });

  describe('reading', () => {
    const everything = `id current status createdAt updatedAt authenticatedAt lastInteractedAt idleExpiresAt expiresAt endedAt endReason
      device { initialIp initialUserAgent lastIp lastUserAgent } authenticationMethods { name timestamp connection }
      assurance cookieMode metadata user { id } organization { id }`;

    it('shows a user every part of the own session', async () => {
      const { headers, id } = await browser();
      const at = new Date(gateway.clock.time);
      const later = (ms: number): string => new Date(at.getTime() + ms).toISOString();
      const { data, codes } = await served.ask(`{ currentSession { ${everything} } }`, { headers });
      expect(codes).toEqual([]);
      expect(data.currentSession).toEqual({
        id,
        current: true,
        status: 'ACTIVE',
        createdAt: later(0),
        updatedAt: later(0),
        authenticatedAt: later(0),
        lastInteractedAt: later(0),
        idleExpiresAt: later(72 * hour),
        expiresAt: later(7 * day),
        endedAt: null,
        endReason: null,
        device: {
          initialIp: '127.0.0.1',
          initialUserAgent: 'Browser/1.0',
          lastIp: '127.0.0.1',
          lastUserAgent: 'Browser/1.0',
        },
        authenticationMethods: [{ name: 'pwd', timestamp: later(0), connection: 'main' }],
        assurance: 'AAL1',
        cookieMode: 'PERSISTENT',
        metadata: {},
        user: { id: userId },
        organization: null,
      });
    });

    it('tells from where the session was used last, and from where first', async () => {
      const { secret } = await browser();
      gateway.clock.time += hour;
      const headers = { ...browserHeaders(secret), 'user-agent': 'Browser/2.0' };
      await served.ask('{ me { id } }', { headers });
      // The touch is written beside the answer.
      await gateway.close();
      const { data } = await served.ask(
        '{ currentSession { lastInteractedAt device { initialUserAgent lastUserAgent } } }',
        {
          headers,
        },
      );
      expect(data.currentSession).toEqual({
        lastInteractedAt: new Date(gateway.clock.time).toISOString(),
        device: { initialUserAgent: 'Browser/1.0', lastUserAgent: 'Browser/2.0' },
      });
      gateway.clock.time += hour;
      const from = { ip: '198.51.100.9', userAgent: null };
      await gateway.recognise({ sessionCookie: secret, from });
      await gateway.close();
      const later = await served.ask('{ currentSession { device { initialIp lastIp lastUserAgent } } }', {
        headers,
      });
      expect(later.data.currentSession.device).toEqual({
        ...{ initialIp: '127.0.0.1', lastIp: '198.51.100.9', lastUserAgent: null },
      });
    });

    it('has no field for the secret or its hash', () => {
      const [, session = ''] = /^type Session [^{]*\{(.*?)^\}/ms.exec(served.schema.sdl) ?? [];
      expect(session).toMatch(/^ {2}status\b/m);
      expect(session).not.toMatch(/^ {2}\w*(secret|hash)/im);
    });

    it('1.11.1 marks which one is this device, and no id opens anything', async () => {
      const first = await browser();
      const second = await browser();
      expect(new Set([first.id, second.id, first.secret, second.secret]).size).toBe(4);
      for (const { id } of [first, second])
        expect((await served.ask('{ me { id } }', { headers: browserHeaders(id) })).codes).toEqual([
          'UNAUTHENTICATED',
        ]);
      const { data } = await served.ask('{ me { sessions { totalCount nodes { id current } } } }', {
        headers: first.headers,
      });
      expect(data.me.sessions.totalCount).toBe(2);
      expect(data.me.sessions.nodes).toHaveLength(2);
      expect(data.me.sessions.nodes).toEqual(
        expect.arrayContaining([
          { id: first.id, current: true },
          { id: second.id, current: false },
        ]),
      );
    });

    it('1.10 shows the refresh tokens that were given in it, and no others', async () => {
      const { application } = await gateway.applications.applications.create(gateway.call(), {
        ...{ name: `Pages ${count}`, type: 'SINGLE_PAGE' },
      });
      const clientId = application.id;
      const given = async () => {
        const asked = { variables: input({ clientId, tokens: 'OFFLINE' }) };
        return (await served.ask(signIn, asked)).data.signIn.session.id as string;
      };
      const [first, second] = [await given(), await given()];
      const { headers, id: bare } = await browser();
      const list = `query ($first: ID!, $second: ID!, $clientId: ID) { a: session(id: $first) { ...tokens } b: session(id: $second) { ...tokens }
        c: currentSession { ...tokens } } fragment tokens on Session { id refreshTokens(first: 5, clientId: $clientId) { totalCount nodes { sessionId clientId } } }`;
      const asked = { variables: { first, second, clientId }, headers };
      const { data, codes } = await served.ask(list, asked);
      const holding = (sessionId: string) => ({ totalCount: 1, nodes: [{ sessionId, clientId }] });
      expect([codes, data]).toEqual([
        [],
        {
          a: { id: first, refreshTokens: holding(first) },
          b: { id: second, refreshTokens: holding(second) },
          c: { id: bare, refreshTokens: { totalCount: 0, nodes: [] } },
        },
      ]);
      const other = await served.ask(list, { ...asked, variables: { first, second, clientId: 'app_none' } });
      expect(other.data.a.refreshTokens).toEqual({ totalCount: 0, nodes: [] });
      await gateway.sessions.revoke(gateway.call(), first);
      expect((await served.ask(list, asked)).data.a.refreshTokens.totalCount).toBe(0);
    });

    it('SES-09 answers a foreign session, an unknown one and a text that is no id alike', async () => {
      const { id } = await browser();
      const other = await gateway.givenUser(`other${count}@example.com`);
      const headers = await tokenOf(other);
      for (const asked of [id, 'ses_doesnotexist00', 'x']) {
        const { data, codes } = await served.ask(
          'query ($id: ID!) { session(id: $id) { id } node(id: $id) { id } }',
          {
            variables: { id: asked },
            headers,
          },
        );
        expect([data, codes]).toEqual([{ session: null, node: null }, []]);
      }
    });

    it('is open to who has the permission, by every door', async () => {
      const { id } = await browser();
      const { data, codes } = await served.ask(
        `query ($id: ID!, $representations: [_Any!]!) {
          session(id: $id) { id status current } node(id: $id) { id ... on Session { status } }
          _entities(representations: $representations) { ... on Session { id status } } }`,
        {
          variables: { id, representations: [{ __typename: 'Session', id }] },
          headers: await machine('read:sessions'),
        },
      );
      expect(codes).toEqual([]);
      expect(data).toEqual({
        session: { id, status: 'ACTIVE', current: false },
        node: { id, status: 'ACTIVE' },
        _entities: [{ id, status: 'ACTIVE' }],
      });
    });

    it('is closed to who reads users but not sessions', async () => {
      await browser();
      const { data, codes } = await served.ask(
        `query ($id: ID!) { user(id: $id) { id sessions { nodes { id } } } }`,
        {
          variables: { id: userId },
          headers: await machine('read:users'),
        },
      );
      expect([data.user, codes]).toEqual([{ id: userId, sessions: null }, ['FORBIDDEN_FIELD']]);
    });

    it('is closed to anonymous callers', async () => {
      const { id } = await browser();
      const { data, codes } = await served.ask(
        'query ($id: ID!) { session(id: $id) { id } currentSession { id } }',
        {
          variables: { id },
        },
      );
      expect(data).toEqual({ session: null, currentSession: null });
      expect(codes).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    });

    it('pages newest first, whatever the number of users in one statement', async () => {
      const headers = await machine('read:users', 'read:sessions');
      const ids: string[] = [];
      for (let index = 0; index < 4; index += 1) {
        gateway.clock.time += 1_000;
        ids.unshift((await gateway.signIn(email)).session.id);
      }
      const ask = (after: string | null) =>
        served.ask(
          `query ($id: ID!, $after: String) { user(id: $id) { sessions(first: 3, after: $after) {
            nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`,
          { variables: { id: userId, after }, headers },
        );
      const first = (await ask(null)).data.user.sessions;
      expect(first.nodes.map((row: { id: string }) => row.id)).toEqual(ids.slice(0, 3));
      expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
      const second = (await ask(first.pageInfo.endCursor)).data.user.sessions;
      expect(second.nodes.map((row: { id: string }) => row.id)).toEqual(ids.slice(3));
      expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
      expect((await ask('nonsense')).codes).toEqual(['INVALID_PAGING']);

      const other = await gateway.givenUser(`other${count}@example.com`);
      const { id: newest } = (await gateway.signIn(`other${count}@example.com`)).session;
      const { data } = await served.ask(
        `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on User { id sessions(first: 1) { nodes { id } } } } }`,
        { variables: { ids: [userId, other] }, headers },
      );
      expect(data.nodes).toEqual([
        { id: userId, sessions: { nodes: [{ id: ids[0] }] } },
        { id: other, sessions: { nodes: [{ id: newest }] } },
      ]);
      expect(served.statements()).toBe(2);
    });

    it('sorts by how sessions stand now, before any sweep', async () => {
      await gateway.signIn(email);
      const { headers } = await browser();
      gateway.clock.time += 73 * hour;
      const fresh = await gateway.signIn(email);
      await gateway.sessions.revoke(gateway.call(), (await gateway.signIn(email)).session.id);
      const { data } = await served.ask(
        `query ($id: ID!) { user(id: $id) {
          active: sessions { totalCount nodes { id } } all: sessions(status: null) { totalCount }
          expired: sessions(status: EXPIRED) { totalCount nodes { status } } revoked: sessions(status: REVOKED) { totalCount } } }`,
        { variables: { id: userId }, headers: await machine('read:users', 'read:sessions') },
      );
      expect(data.user).toEqual({
        active: { totalCount: 1, nodes: [{ id: fresh.session.id }] },
        all: { totalCount: 4 },
        expired: { totalCount: 2, nodes: [{ status: 'EXPIRED' }, { status: 'EXPIRED' }] },
        revoked: { totalCount: 1 },
      });
      expect((await served.ask('{ me { id } }', { headers })).codes).toEqual(['UNAUTHENTICATED']);
    });

    it('keeps whoever is bound to an organization to sessions of its members', async () => {
      const { id } = await browser();
      const { id: organizationId } = await gateway.organizations.create(gateway.call(), {
        name: `acme-${count}`,
      });
      const { token } = await gateway.feature.issueToken({
        subject: 'machine',
        clientId: 'machine',
        permissions: ['read:sessions', 'delete:sessions'],
        roles: [],
        lifetimeSeconds: 900,
        organizationId,
      });
      const headers = { authorization: `Bearer ${token}` };
      const ask = () =>
        served.ask('query ($id: ID!) { session(id: $id) { id } }', { variables: { id }, headers });
      const revoke = () =>
        served.ask('mutation ($id: ID!) { revokeSession(input: { id: $id }) { session { id } } }', {
          variables: { id },
          headers,
        });
      expect((await ask()).data).toEqual({ session: null });
      expect((await revoke()).codes).toEqual(['NOT_FOUND']);
      await gateway.memberships.add(gateway.call(), { id: organizationId, userIds: [userId] });
      expect((await ask()).data).toEqual({ session: { id } });
      expect((await revoke()).codes).toEqual([]);
    });
  });
});
