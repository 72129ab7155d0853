import { minute, type Gateway } from '#test/features/sessions/support/gateway';
import { overHttp, type HttpScene } from '#test/features/sessions/support/http-scene';

overHttp('ending sessions', (scene, { machine, tokenOf, browser }) => {
  let gateway: Gateway;
  let served: HttpScene['served'];
  let userId: string;
  let count: number;
  beforeEach(() => {
    ({ gateway, served, userId, count } = scene());
  });

  describe('revoking', () => {
    const revoke = `mutation ($id: ID!) { revokeSession(input: { id: $id }) { session { id status endReason } } }`;
    const revokeAll = `mutation ($userId: ID!, $except: Boolean) {
      revokeUserSessions(input: { userId: $userId, exceptCurrent: $except }) { revokedCount user { id } } }`;

    it('ends another session of one’s own, which is refused from then on', async () => {
      const first = await browser();
      const second = await browser();
      const { data } = await served.ask(revoke, { variables: { id: second.id }, headers: first.headers });
      expect(data.revokeSession.session).toEqual({
        id: second.id,
        status: 'REVOKED',
        endReason: 'SESSION_REVOKED',
      });
      expect((await served.ask('{ me { id } }', { headers: second.headers })).codes).toEqual([
        'UNAUTHENTICATED',
      ]);
      expect((await served.ask('{ me { id } }', { headers: first.headers })).codes).toEqual([]);
    });

    it('asks for a recent sign-in, except for the session in use', async () => {
      const first = await browser();
      const second = await browser();
      gateway.clock.time += 16 * minute;
      const variables = { id: second.id };
      expect((await served.ask(revoke, { variables, headers: first.headers })).codes).toEqual([
        'REAUTHENTICATION_REQUIRED',
      ]);
      const all = await served.ask(revokeAll, { variables: { userId }, headers: first.headers });
      expect(all.codes).toEqual(['REAUTHENTICATION_REQUIRED']);
      const own = await served.ask(revoke, { variables: { id: first.id }, headers: first.headers });
      expect(own.codes).toEqual([]);
    });

    it('SES-09 answers a foreign session like one that never was', async () => {
      const { id } = await browser();
      const other = await gateway.givenUser(`other${count}@example.com`);
      const headers = await tokenOf(other);
      const foreign = await served.ask(revoke, { variables: { id }, headers });
      const unknown = await served.ask(revoke, { variables: { id: 'ses_doesnotexist00' }, headers });
      expect(foreign.codes).toEqual(['NOT_FOUND']);
      expect(foreign.errors[0].message).toBe(unknown.errors[0].message);
      const rows = await gateway.rows('sessions', 'id status');
      expect(rows).toContainEqual({ id, status: 'ACTIVE' });
    });

    it('is open to who has the permission, and leaves an ended session as it is', async () => {
      const { id, headers } = await browser();
      const administrator = await machine('delete:sessions', 'read:sessions');
      const { data } = await served.ask(revoke, { variables: { id }, headers: administrator });
      expect(data.revokeSession.session.status).toBe('REVOKED');
      expect((await served.ask('{ me { id } }', { headers })).codes).toEqual(['UNAUTHENTICATED']);
      const ended = await browser();
      await served.ask('mutation { signOut { session { id } } }', { headers: ended.headers });
      const again = await served.ask(revoke, { variables: { id: ended.id }, headers: administrator });
      expect(again.data.revokeSession.session).toMatchObject({ status: 'ENDED', endReason: 'LOGOUT' });
    });

    it('ends all sessions of a user, or all but the one in use', async () => {
      const first = await browser();
      const second = await browser();
      const { data } = await served.ask(revokeAll, {
        variables: { userId, except: true },
        headers: first.headers,
      });
      expect(data.revokeUserSessions).toEqual({ revokedCount: 1, user: { id: userId } });
      expect((await served.ask('{ me { id } }', { headers: second.headers })).codes).toEqual([
        'UNAUTHENTICATED',
      ]);
      const all = await served.ask(revokeAll, {
        variables: { userId },
        headers: await machine('delete:sessions', 'read:users'),
      });
      expect(all.data.revokeUserSessions.revokedCount).toBe(1);
      expect((await served.ask('{ me { id } }', { headers: first.headers })).codes).toEqual([
        'UNAUTHENTICATED',
      ]);
    });

    it('refuses the sessions of another user, who may exist or not', async () => {
      const other = await gateway.givenUser(`other${count}@example.com`);
      for (const target of [userId, 'auth0|nobody']) {
        const answer = await served.ask(revokeAll, {
          variables: { userId: target },
          headers: await tokenOf(other),
        });
        expect(answer.codes).toEqual(['FORBIDDEN']);
      }
      const { codes } = await served.ask(revokeAll, {
        variables: { userId: 'auth0|nobody' },
        headers: await machine('delete:sessions'),
      });
      expect(codes).toEqual(['NOT_FOUND']);
    });

    it('is recorded without a value', async () => {
      const { id } = await browser();
      await served.ask(revoke, { variables: { id }, headers: await machine('delete:sessions') });
      const events = await gateway.rows('audit_events', 'action actor_id target_type target_id');
      expect(events.filter((event) => event.target_id === id && event.action === 'session.revoke')).toEqual([
        { action: 'session.revoke', actor_id: 'machine', target_type: 'Session', target_id: id },
      ]);
    });
  });
});
