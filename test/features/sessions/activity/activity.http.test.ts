import { purgeExpiredSessions } from '#src/features/sessions/endings/purge-sessions';
import { hour, minute, policy, type Json } from '#test/features/sessions/support/gateway';
import { overHttp } from '#test/features/sessions/support/http-scene';
import { browserHeaders, cookieIn } from '#test/features/sessions/support/served';

const record = `mutation ($input: RecordInteractionsInput!) {
  recordInteractions(input: $input) { session { id } recordedCount strippedNames }
}`;
const start = `mutation ($input: StartAnonymousSessionInput!) {
  startAnonymousSession(input: $input) {
    anonymousSession { id metadata idleExpiresAt expiresAt } sessionToken accessToken expiresIn
  }
}`;
const signIn = `mutation ($input: SignInInput!) {
  signIn(input: $input) { session { id metadata interactions { nodes { type name data } } } result { __typename } }
}`;
const read = `query ($id: ID!, $type: InteractionType, $first: Int, $after: String) {
  session(id: $id) { idleExpiresAt interactions(type: $type, first: $first, after: $after) {
    nodes { type name occurredAt data } pageInfo { endCursor hasNextPage } totalCount
  } }
}`;
const view = { type: 'PAGE_VIEW', name: 'front page' };
const settings = `mutation ($input: UpdateApplicationSessionSettingsInput!) {
  updateApplicationSessionSettings(input: $input) {
    application { sessionSettings { allowAnonymousSessions anonymousPermissions } }
  }
}`;

overHttp(
  '1.11.16 what happens in a session, and before it',
  (scene, { input, browser, machine, tokenOf }) => {
    const ask = (query: string, headers: Record<string, string>, variables: Json) =>
      scene().served.ask(query, { headers, variables });
    const recording = (headers: Record<string, string>, interactions: readonly Json[], more: Json = {}) =>
      ask(record, headers, { input: { interactions, ...more } });
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

    describe('interactions', () => {
      it('are kept with the session of the caller, newest first, 50 in a call and not 51', async () => {
        const { headers, id } = await browser();
        const fifty = Array.from({ length: 50 }, (_, index) => ({ ...view, name: `page ${index}` }));
        expect((await recording(headers, [...fifty, view])).codes).toEqual(['VALIDATION_FAILED']);
        expect((await recording(headers, [])).codes).toEqual(['VALIDATION_FAILED']);
        const at = new Date(scene().gateway.clock.now() - hour).toISOString();
        const bought = { type: 'TRANSACTION', name: 'order', occurredAt: at, data: { total: 12 } };
        const { data } = await recording(headers, [bought, view]);
        expect(data.recordInteractions).toEqual({ session: { id }, recordedCount: 2, strippedNames: [] });
        const all = (await ask(read, headers, { id })).data.session.interactions;
        expect(all.nodes.map(({ name }: Json) => name)).toEqual(['front page', 'order']);
        expect(all.nodes[1]).toEqual(bought);
        const page = (await ask(read, headers, { id, first: 1 })).data.session.interactions;
        const after = page.pageInfo.endCursor as string;
        const next = (await ask(read, headers, { id, first: 1, after })).data.session.interactions;
        expect([page.totalCount, page.pageInfo.hasNextPage, next.nodes]).toEqual([2, true, [bought]]);
        const only = (await ask(read, headers, { id, type: 'TRANSACTION' })).data.session.interactions;
        expect(only.nodes).toEqual([bought]);
        expect((await recording(headers, fifty)).data.recordInteractions.recordedCount).toBe(50);
      });

      it.each([
        ['name', { name: 'x'.repeat(100) }, { name: 'x'.repeat(101) }],
        ['name', { name: 'x' }, { name: '' }],
        ['data', { data: { a: 'x'.repeat(2_040) } }, { data: { a: 'x'.repeat(2_041) } }],
        ['data', { data: null }, { data: ['no object'] }],
      ])('have limits: %s', async (field, allowed, beyond) => {
        const { headers } = await browser();
        const { codes, errors } = await recording(headers, [view, { ...view, ...beyond }]);
        expect([codes, errors[0].extensions.field]).toEqual([
          ['VALIDATION_FAILED'],
          `interactions.1.${field}`,
        ]);
        expect((await recording(headers, [{ ...view, ...allowed }])).codes).toEqual([]);
      });

      it('do not lie in the future, but for clocks that are a minute off', async () => {
        const { headers } = await browser();
        const at = (ms: number) => new Date(scene().gateway.clock.now() + ms).toISOString();
        expect((await recording(headers, [{ ...view, occurredAt: at(minute + 1) }])).codes).toHaveLength(1);
        expect((await recording(headers, [{ ...view, occurredAt: at(minute) }])).codes).toEqual([]);
      });

      it('are at most so many: the oldest go', async () => {
        const { headers, id } = await browser();
        const named = (from: number) =>
          Array.from({ length: 40 }, (_, index) => ({
            ...view,
            name: `page ${from + index}`,
            occurredAt: new Date(scene().gateway.clock.now() - hour + from + index).toISOString(),
          }));
        await recording(headers, named(0));
        await recording(headers, named(40));
        const { interactions } = (await ask(read, headers, { id, first: 60 })).data.session;
        expect([interactions.totalCount, interactions.nodes.at(-1).name]).toEqual([60, 'page 20']);
      });

      it('keep nothing that is on the blacklist', async () => {
        const { headers } = await browser();
        const entry = { scope: 'TENANT', scopeId: '', name: 'email' };
        const blacklist = policy.blacklist as unknown as object[];
        blacklist.push(entry);
        const data = { email: 'jane@example.com', cart: { items: 3 } };
        const answer = await recording(headers, [{ ...view, data }]).finally(() => blacklist.pop());
        expect(answer.data.recordInteractions.strippedNames).toEqual(['email']);
        const rows = await scene().gateway.rows('session_interactions', 'data');
        expect(rows.map((row) => row.data)).toContain(JSON.stringify({ cart: { items: 3 } }));
        expect(JSON.stringify(rows)).not.toContain('jane@example.com');
      });

      it('are no use of the session unless they say so', async () => {
        const { headers, id } = await browser();
        const { gateway } = scene();
        const idle = async () => {
          await gateway.close();
          const rows = await gateway.rows('sessions', 'id idle_expires_at');
          return Number(rows.find((row) => row.id === id)?.idle_expires_at);
        };
        const before = await idle();
        gateway.clock.time += 2 * hour;
        await recording(headers, [view]);
        expect(await idle()).toBe(before);
        await recording(headers, [view], { countsAsActivity: true });
        expect(await idle()).toBe(before + 2 * hour);
        gateway.clock.time += 2 * hour;
        await ask('{ me { id } }', headers, {});
        expect(await idle()).toBe(before + 4 * hour);
      });

      it('need a session, of a token too, and never one that is named', async () => {
        const { id } = await browser();
        const own = await tokenOf(scene().userId, id);
        expect((await recording(own, [view])).data.recordInteractions.session).toEqual({ id });
        expect((await recording(browserHeaders(), [view])).codes).toEqual(['UNAUTHENTICATED']);
        expect((await recording(await machine('read:sessions'), [view])).codes).toEqual(['UNAUTHENTICATED']);
        expect((await recording(await tokenOf(scene().userId), [view])).codes).toEqual(['UNAUTHENTICATED']);
        expect((await recording(own, [view], { sessionId: id })).codes).toEqual(['BAD_USER_INPUT']);
      });

      it('are shown to the user and to who may read sessions', async () => {
        const { headers, id } = await browser();
        await recording(headers, [view]);
        const other = await scene().gateway.givenUser(`other${scene().count}@example.com`);
        expect((await ask(read, await tokenOf(other), { id })).data.session).toBeNull();
        const { data } = await ask(read, await machine('read:sessions'), { id });
        expect(data.session.interactions.totalCount).toBe(1);
      });
    });

    describe('visitors', () => {
      let clientId: string;
      const visit = (more: Json = {}) => ask(start, browserHeaders(), { input: { clientId, ...more } });
      const started = async (more: Json = {}) => (await visit(more)).data.startAnonymousSession;
      const set = async (more: Json, permissions: readonly string[] = []) =>
        ask(settings, await machine('update:applications', 'read:applications', ...permissions), {
          input: { applicationId: clientId, ...more },
        });

      beforeEach(async () => {
        const { gateway, count } = scene();
        const made = await gateway.applications.applications.create(gateway.call(), {
          name: `Shop ${count}`,
          type: 'SINGLE_PAGE',
        });
        clientId = made.application.id;
        await set({ allowAnonymousSessions: true });
      });

      it('exist only where the application takes them', async () => {
        const { anonymousSession, sessionToken, accessToken } = await started();
        expect(anonymousSession.id).toMatch(/^ans_/);
        const claims = JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url').toString());
        expect(claims).toMatchObject({ sub: `anon|${anonymousSession.id}`, permissions: [], roles: [] });
        const rows = await scene().gateway.rows('anonymous_sessions', 'id token_hash');
        expect(JSON.stringify(rows)).not.toContain(sessionToken);
        await set({ allowAnonymousSessions: false });
        expect((await visit()).codes).toEqual(['FORBIDDEN']);
        expect((await visit({ clientId: 'app_none' })).codes).toEqual(['FORBIDDEN']);
        // A token from before is refused at once.
        expect((await ask('{ viewer { kind } }', bearer(accessToken), {})).codes).toEqual([
          'UNAUTHENTICATED',
        ]);
      });

      it('hold what the application gives to visitors, of what the giver holds, and nothing else', async () => {
        const give = { anonymousPermissions: ['read:sessions'] };
        expect((await set(give)).codes).toEqual(['FORBIDDEN']);
        expect(
          (await set({ anonymousPermissions: ['read:me:sessions'] }, ['read:me:sessions'])).codes,
        ).toEqual(['FORBIDDEN']);
        const { id } = await browser();
        const before = await started();
        const reading = (token: string) => ask(read, bearer(token), { id });
        expect((await reading(before.accessToken)).data).toEqual({ session: null });
        expect((await set(give, ['read:sessions'])).codes).toEqual([]);
        // The token from before names no permission; one from now does, for as long as visitors have it.
        expect((await reading(before.accessToken)).data).toEqual({ session: null });
        const { accessToken } = await started({ sessionToken: before.sessionToken });
        // What asks for anybody who signed in stays closed to visitors; a permission opens what it names.
        expect((await reading(accessToken)).codes).toEqual(['UNAUTHENTICATED']);
        const sessions = 'query ($id: ID!) { userSessions(userId: $id) { totalCount } }';
        const asUser = { id: scene().userId };
        const may = await ask(sessions, bearer(accessToken), asUser);
        expect(may.codes).toEqual([]);
        await set({ anonymousPermissions: [] });
        expect((await ask(sessions, bearer(accessToken), asUser)).codes).toEqual(['UNAUTHENTICATED']);
      });

      it('go on with their session: 24 hours unused, 30 days at most', async () => {
        const { gateway } = scene();
        const first = await started({ metadata: { cart: 'a' } });
        gateway.clock.time += 23 * hour;
        const second = await started({ sessionToken: first.sessionToken, metadata: { coupon: 'b' } });
        expect(second.anonymousSession).toMatchObject({
          id: first.anonymousSession.id,
          metadata: { cart: 'a', coupon: 'b' },
          expiresAt: first.anonymousSession.expiresAt,
        });
        expect(second.sessionToken).toBe(first.sessionToken);
        gateway.clock.time += 24 * hour;
        expect((await visit({ sessionToken: first.sessionToken })).codes).toEqual([
          'ANONYMOUS_SESSION_INVALID',
        ]);
        expect((await recording(bearer(second.accessToken), [view])).codes).toEqual(['UNAUTHENTICATED']);
        for (const wrong of ['', 'ans_x', `ans_${'x'.repeat(43)}`])
          expect((await visit({ sessionToken: wrong })).codes).toEqual(['ANONYMOUS_SESSION_INVALID']);
        await purgeExpiredSessions(gateway.storage.open(), gateway.call(), 30);
        const ids = (await gateway.rows('anonymous_sessions', 'id')).map((row) => row.id);
        expect(ids).not.toContain(first.anonymousSession.id);
      });

      it('say what sessions may keep: 25 keys, 255 characters', async () => {
        expect((await visit({ metadata: { a: 'x'.repeat(256) } })).codes).toEqual(['VALIDATION_FAILED']);
        const keys = (from: number, to: number) =>
          Object.fromEntries(Array.from({ length: to - from }, (_, index) => [`k${from + index}`, 'v']));
        expect((await visit({ metadata: keys(0, 26) })).codes).toEqual(['VALIDATION_FAILED']);
        const { sessionToken } = await started({ metadata: keys(0, 25) });
        expect((await visit({ sessionToken, metadata: keys(25, 26) })).codes).toEqual(['LIMIT_EXCEEDED']);
      });

      it('take what they said and did along when they sign in, and the anonymous token is dead', async () => {
        const { sessionToken, accessToken, anonymousSession } = await started({ metadata: { cart: 'book' } });
        const visited = { ...view, data: { page: 7 } };
        const { data } = await recording(bearer(accessToken), [visited]);
        expect(data.recordInteractions).toMatchObject({ session: null, recordedCount: 1 });
        const signed = await ask(signIn, browserHeaders(), input({ anonymousSession: sessionToken }));
        expect(signed.data.signIn.session).toMatchObject({
          metadata: { cart: 'book' },
          interactions: { nodes: [visited] },
        });
        expect(cookieIn(signed.cookies)).not.toBe(sessionToken);
        expect((await visit({ sessionToken })).codes).toEqual(['ANONYMOUS_SESSION_INVALID']);
        expect((await recording(bearer(accessToken), [view])).codes).toEqual(['UNAUTHENTICATED']);
        // A second sign-in finds nothing to take, and is not kept from signing in.
        const again = await ask(signIn, browserHeaders(), input({ anonymousSession: sessionToken }));
        expect(again.data.signIn.session).toMatchObject({ metadata: {}, interactions: { nodes: [] } });
        expect(anonymousSession.id).not.toBe(signed.data.signIn.session.id);
      });

      it('are taken along by one of two sign-ins at the same time', async () => {
        const { sessionToken } = await started({ metadata: { cart: 'once' } });
        const both = await Promise.all(
          [1, 2].map(() => ask(signIn, browserHeaders(), input({ anonymousSession: sessionToken }))),
        );
        const carts = both.map(({ data }) => data.signIn.session.metadata.cart).filter(Boolean);
        expect(carts).toEqual(['once']);
      });

      it('take it along through a second factor as well', async () => {
        const { gateway } = scene();
        const { sessionToken } = await started({ metadata: { cart: 'pen' } });
        const { afterFirstFactor } = gateway.sessions.hooks;
        afterFirstFactor.push(() => Promise.resolve({ kind: 'mfa', factors: ['otp'] }));
        const asked = await ask(
          signIn.replace('__typename', '__typename ... on MfaChallenge { mfaToken }'),
          browserHeaders(),
          input({ anonymousSession: sessionToken }),
        ).finally(() => afterFirstFactor.pop());
        const device = { ip: null, userAgent: null, sessionCookie: undefined };
        const { mfaToken } = asked.data.signIn.result;
        const otp = { name: 'otp', connection: null };
        expect(await gateway.sessions.completeSignIn(gateway.call(), mfaToken, otp, device)).toMatchObject({
          session: { metadata: { cart: 'pen' } },
        });
      });

      it('of one application are none of another', async () => {
        const { sessionToken } = await started({ metadata: { cart: 'x' } });
        const { gateway } = scene();
        const other = await gateway.applications.applications.create(gateway.call(), {
          name: 'Other',
          type: 'SINGLE_PAGE',
        });
        const elsewhere = input({ anonymousSession: sessionToken, clientId: other.application.id });
        const { data } = await ask(signIn, browserHeaders(), elsewhere);
        expect(data.signIn.session.metadata).toEqual({});
        expect((await visit({ sessionToken })).codes).toEqual([]);
      });
    });
  },
  { sessions: { interactionsPerSession: 60 } },
);
