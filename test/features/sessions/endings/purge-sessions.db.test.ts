import { purgeExpiredSessions } from '#src/features/sessions/endings/purge-sessions';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { eachDatabase } from '#test/support/databases';
import { day, hour, openGateway, type Gateway } from '#test/features/sessions/support/gateway';
import { hashSecret } from '#src/shared/secret-hash';

eachDatabase('purging sessions', (database) => {
  let gateway: Gateway;
  let userId: string;
  const now = 1_700_000_000_000;

  beforeAll(async () => {
    gateway = await openGateway(database);
    userId = await gateway.givenUser('jane@example.com');
  });

  const at = (time: number) => ({ ...gateway.call(), clock: { now: () => time } });
  const given = async (rows: readonly Partial<SessionEntity>[]): Promise<void> => {
    await gateway.storage.open().transaction(async (store) => {
      await store.delete(SessionEntity, { userId });
      await store.insert(
        SessionEntity,
        rows.map((row, index) => ({
          id: `ses_${index}`,
          secretHash: hashSecret(`secret ${index}`),
          userId,
          status: 'ACTIVE',
          createdAt: now - hour,
          updatedAt: now - hour,
          authenticatedAt: now - hour,
          lastInteractedAt: now - hour,
          idleExpiresAt: now + hour,
          expiresAt: now + day,
          device: {},
          clients: [],
          authenticationMethods: [],
          assurance: 'AAL1',
          cookieMode: 'persistent',
          metadata: {},
          organizationId: null,
          credentialEpoch: 1,
          actor: null,
          endedAt: null,
          endReason: null,
          ...row,
        })),
      );
    });
  };
  const statuses = async (): Promise<string[]> =>
    (await gateway.rows('sessions', 'id status end_reason'))
      .map((row) => `${row.id} ${row.status} ${row.end_reason ?? '-'}`)
      .sort();

  it('marks what is past a limit and deletes what ended long ago', async () => {
    await given([
      {},
      { idleExpiresAt: now },
      { idleExpiresAt: now - day, expiresAt: now - day },
      { status: 'REVOKED', endedAt: now - 30 * day - 1, endReason: 'session-revoked' },
      { status: 'ENDED', endedAt: now - 30 * day, endReason: 'logout' },
    ]);
    expect(await purgeExpiredSessions(gateway.storage.open(), at(now), 30)).toEqual({
      expired: 2,
      deleted: 1,
    });
    expect(await statuses()).toEqual([
      'ses_0 ACTIVE -',
      'ses_1 EXPIRED session-expired',
      'ses_2 EXPIRED session-expired',
      'ses_4 ENDED logout',
    ]);
    expect(await purgeExpiredSessions(gateway.storage.open(), at(now), 30)).toEqual({
      expired: 0,
      deleted: 0,
    });
  });

  it('goes on until nothing is left, five hundred at a time', async () => {
    await given(Array.from({ length: 1_203 }, () => ({ idleExpiresAt: now - 1 })));
    const store = gateway.storage.open();
    expect(await purgeExpiredSessions(store, at(now), 30)).toEqual({ expired: 1_203, deleted: 0 });
    expect(await purgeExpiredSessions(store, at(now + 31 * day), 30)).toEqual({ expired: 0, deleted: 1_203 });
    expect(await statuses()).toEqual([]);
  });

  it('runs by itself until it is closed, and keeps no process alive', async () => {
    const other = await openGateway(database, { sessions: { sweepSeconds: 1 } });
    await given([{ idleExpiresAt: now - 1 }]);
    const timers = jest.spyOn(global, 'setInterval');
    await other.start();
    await other.start();
    // The sweep, and the look at the signing keys.
    expect(timers).toHaveBeenCalledTimes(2);
    expect(timers.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([
      false,
      false,
    ]);
    timers.mockRestore();
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    await other.close();
    expect(await statuses()).toEqual(['ses_0 EXPIRED session-expired']);
  });
});
