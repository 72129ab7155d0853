import { SessionEntity } from '#src/features/sessions/session.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { eachDatabase } from '#test/support/databases';
import { day, hour, minute, openGateway, type Gateway } from '#test/features/sessions/support/gateway';
import { sceneOf } from '#test/features/sessions/support/scene';

const secretOfNobody = 'A'.repeat(43);

eachDatabase('recognising callers by cookie', (database) => {
  const scene = sceneOf(database);
  let gateway: Gateway;
  let userId: string;
  let email: string;
  let secret: string;
  let sessionId: string;
  let roleId: string;
  beforeEach(() => {
    ({ gateway, userId, email, secret, sessionId, roleId } = scene());
  });

  it('finds nobody without credentials, and asks the database nothing', async () => {
    const { principal, via, statements } = await gateway.recognise({});
    expect([principal.kind, via, statements]).toEqual(['anonymous', 'nothing', 0]);
  });

  describe('by cookie', () => {
    it('knows the user with everything in force, in one statement where the rights of the roles are in memory', async () => {
      await gateway.recognise({ sessionCookie: secret });
      const { principal, via, statements } = await gateway.recognise({ sessionCookie: secret });
      expect([via, statements]).toEqual(['cookie', 1]);
      expect(principal).toMatchObject({
        kind: 'user',
        userId,
        subject: userId,
        sessionId,
        organizationId: null,
        acr: 'aal1',
        authenticatedAt: gateway.clock.time,
      });
      expect([...principal.permissions]).toEqual(['read:sessions', 'read:users']);
      expect([...principal.roles]).toEqual(['support']);
    });

    it.each([['a session id'], ['x'], [''], [`${secretOfNobody}A`]])(
      'takes %j for no cookie, without a statement',
      async (sessionCookie) => {
        const { via, statements } = await gateway.recognise({ sessionCookie });
        expect([via, statements]).toEqual(['nothing', 0]);
      },
    );

    it('takes a secret that opens nothing for no cookie', async () => {
      const { principal, via } = await gateway.recognise({ sessionCookie: secretOfNobody });
      expect([principal.kind, via]).toEqual(['anonymous', 'nothing']);
    });

    it('does not take the id of a session for its secret', async () => {
      expect((await gateway.recognise({ sessionCookie: sessionId.padEnd(43, 'A') })).via).toBe('nothing');
    });

    it('lets an ended session in no more', async () => {
      await gateway.sessions.revoke(gateway.call(), sessionId);
      expect((await gateway.recognise({ sessionCookie: secret })).via).toBe('nothing');
    });

    it('acts on a permission that was taken away at the next request', async () => {
      await gateway.assignments.removeRoles(gateway.call(), { id: userId, roleIds: [roleId] });
      const { principal } = await gateway.recognise({ sessionCookie: secret });
      expect([principal.permissions.size, principal.roles.size]).toEqual([0, 0]);
    });

    it('ends with a raised credential epoch, although the row is still active', async () => {
      await gateway.storage.open().transaction(async (store) => {
        await store.update(UserEntity, { id: userId }, { credentialEpoch: 2 });
      });
      expect((await gateway.recognise({ sessionCookie: secret })).via).toBe('nothing');
    });
  });

  it('ends with its organization at once, although the row is still active', async () => {
    await gateway.storage.open().transaction(async (store) => {
      await store.update(SessionEntity, { id: sessionId }, { organizationId: 'org_gone' });
    });
    expect(await gateway.rows('sessions', 'id status')).toContainEqual({ id: sessionId, status: 'ACTIVE' });
    const { principal, via } = await gateway.recognise({ sessionCookie: secret });
    expect([principal.kind, via]).toEqual(['anonymous', 'nothing']);
  });

  describe('time', () => {
    it('ends an idle session, and each use begins the idle time anew', async () => {
      const other = await openGateway(database, { sessions: { idleSeconds: 600 } });
      const { secret: cookie } = await other.signIn(email);
      const isIn = async (): Promise<boolean> => {
        const { via } = await other.recognise({ sessionCookie: cookie });
        await other.close();
        return via === 'cookie';
      };
      other.clock.time += 9 * minute;
      expect(await isIn()).toBe(true);
      other.clock.time += 9 * minute;
      expect(await isIn()).toBe(true);
      other.clock.time += 11 * minute;
      expect(await isIn()).toBe(false);
    });

    it('ends every session at its absolute limit', async () => {
      const start = gateway.clock.time;
      for (let days = 2; days < 7; days += 2) {
        gateway.clock.time = start + days * day;
        expect((await gateway.recognise({ sessionCookie: secret })).via).toBe('cookie');
        await gateway.close();
      }
      gateway.clock.time = start + 7 * day;
      expect((await gateway.recognise({ sessionCookie: secret })).via).toBe('nothing');
    });

    it('stores interactions at most once per granule and outside the request', async () => {
      const seen = async (): Promise<number> => {
        await gateway.close();
        const rows = await gateway.rows('sessions', 'id last_interacted_at');
        return Number(rows.find((row) => row.id === sessionId).last_interacted_at);
      };
      const start = gateway.clock.time;
      gateway.clock.time = start + 43 * minute;
      await gateway.recognise({ sessionCookie: secret });
      expect(await seen()).toBe(start);
      gateway.clock.time = start + 44 * minute;
      const { statements } = await gateway.recognise({ sessionCookie: secret });
      expect(statements).toBe(1);
      expect(await seen()).toBe(start + 44 * minute);
      gateway.clock.time = start + 60 * minute;
      await gateway.recognise({ sessionCookie: secret });
      expect(await seen()).toBe(start + 44 * minute);
    });

    it('writes a burst of interactions once', async () => {
      gateway.clock.time += hour;
      const open = jest.spyOn(gateway.storage, 'open');
      await Promise.all(Array.from({ length: 5 }, () => gateway.recognise({ sessionCookie: secret })));
      await gateway.close();
      // Five requests, one write.
      expect(open).toHaveBeenCalledTimes(6);
      open.mockRestore();
    });

    it('lets a request pass when its interaction cannot be stored, and logs that', async () => {
      const warnings: string[] = [];
      const logger = { ...silent, warn: (_: object, message?: string) => void warnings.push(message ?? '') };
      let isBroken = false;
      const other = await openGateway(database, {
        logger,
        storage: (storage) => ({
          ...storage,
          open: () => {
            const store = storage.open();
            if (isBroken) store.transaction = () => Promise.reject(new Error('locked'));
            return store;
          },
        }),
      });
      const { secret: cookie } = await other.signIn(email);
      other.clock.time += hour;
      isBroken = true;
      expect((await other.recognise({ sessionCookie: cookie })).via).toBe('cookie');
      await other.close();
      expect(warnings).toEqual(['the last interaction of a session was not stored']);
    });
  });
});

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent as never,
};
