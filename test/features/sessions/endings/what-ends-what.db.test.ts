import { endForEvent } from '#src/features/sessions/endings/end-for-event';
import { endingTable, type EndingEvent, type UserEvent } from '#src/features/sessions/endings/ending-table';
import { RefreshFamilyEntity } from '#src/features/sessions/refresh/refresh-family.entity';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { eachDatabase } from '#test/support/databases';
import { openGateway, type Gateway } from '#test/features/sessions/support/gateway';

/**
 * What is left of a user who has three sessions, the first of which makes the change, the last through `google` alone, and a family of
 * refresh tokens for each, that of the second one in an organization.
 */
interface Left {
  readonly sessions: string;
  readonly families: string;
  readonly epoch: number;
  readonly isRenewed: boolean;
  readonly status?: string;
}

const all = { sessions: '', families: '', epoch: 2, isRenewed: false };
const others = { sessions: 'own', families: 'own', epoch: 2, isRenewed: true };
const untouched = { sessions: 'own other google', families: 'own other google', epoch: 1, isRenewed: false };
const withoutGoogle = { ...untouched, sessions: 'own other', families: 'own other' };

const matrix: Readonly<Record<UserEvent, Left>> = {
  'password-changed': { ...others, status: 'REVOKED security' },
  'password-reset': { ...all, status: 'REVOKED security' },
  'identifier-changed': { ...others, status: 'REVOKED security' },
  'factor-removed': { ...others, status: 'REVOKED security' },
  blocked: { ...all, status: 'REVOKED blocked' },
  deleted: { ...all, status: 'REVOKED security' },
  linked: { ...all, status: 'REVOKED security' },
  reclaimed: { ...all, status: 'REVOKED security' },
  unlinked: { ...withoutGoogle, status: 'REVOKED security' },
  'connection-disabled': { ...withoutGoogle, status: 'REVOKED security' },
  'organization-removed': { ...untouched, families: 'own google' },
  'role-changed': untouched,
};

eachDatabase('what ends what', (database) => {
  let gateway: Gateway;
  let clientId: string;
  let organizationId: string;
  let count = 0;

  beforeAll(async () => {
    gateway = await openGateway(database);
    const application = await gateway.applications.applications.create(gateway.call(), {
      name: 'App',
      type: 'REGULAR_WEB',
    });
    clientId = application.application.id;
    organizationId = (await gateway.organizations.create(gateway.call(), { name: 'acme' })).id;
  });
  afterAll(() => gateway.close());

  const given = async () => {
    count += 1;
    const email = `ends${count}@example.com`;
    const userId = await gateway.givenUser(email);
    const names = ['own', 'other', 'google'] as const;
    const sessions: Record<string, { id: string; secret: string }> = {};
    for (const name of names) {
      const { session, secret } = await gateway.signIn(email);
      sessions[name] = { id: session.id, secret };
      const connection = name === 'google' ? 'google' : 'main';
      const methods = [{ name: 'pwd', timestamp: 1, connection }];
      await gateway.storage.open().transaction(async (store) => {
        await store.update(SessionEntity, { id: session.id }, { authenticationMethods: methods });
        await store.insert(RefreshFamilyEntity, {
          ...{ id: `rtf_${count}_${name}`, userId, sessionId: session.id, clientId, isOnline: false },
          ...{ organizationId: name === 'other' ? organizationId : null, credentialEpoch: 1, methods },
          ...{ assurance: 'AAL1', authenticatedAt: 1, device: {}, createdAt: 1, lastExchangedAt: null },
          ...{ idleExpiresAt: 9e12, expiresAt: 9e12, revokedAt: null, revokeReason: null },
        });
      });
    }
    return { userId, sessions };
  };

  const leftOf = async (userId: string, sessions: Record<string, { id: string }>) => {
    const nameOf = (id: string) => Object.keys(sessions).find((name) => sessions[name]?.id === id);
    const rows = (await gateway.rows('sessions', 'id user_id status end_reason credential_epoch')).filter(
      (row) => row.user_id === userId,
    );
    const families = (
      await gateway.rows('refresh_families', 'id user_id session_id revoked_at credential_epoch')
    ).filter((row) => row.user_id === userId && row.revoked_at === null);
    const [user] = (await gateway.rows('users', 'id credential_epoch')).filter((row) => row.id === userId);
    const order = ['own', 'other', 'google'];
    const list = (ids: readonly string[]) =>
      order.filter((name) => ids.some((id) => nameOf(id) === name)).join(' ');
    return {
      sessions: list(rows.filter((row) => row.status === 'ACTIVE').map((row) => row.id)),
      families: list(families.map((row) => row.session_id)),
      epoch: Number(user.credential_epoch),
      endings: [
        ...new Set(
          rows.filter((row) => row.status !== 'ACTIVE').map((row) => `${row.status} ${row.end_reason}`),
        ),
      ],
      stale: [...rows, ...families].filter(
        (row) =>
          (row.status ?? 'ACTIVE') === 'ACTIVE' &&
          Number(row.credential_epoch) < Number(user.credential_epoch),
      ).length,
    };
  };

  it.each(Object.entries(matrix) as [UserEvent, Left][])('1.5 %s', async (event, expected) => {
    const { userId, sessions } = await given();
    const renewed: string[] = [];
    const call = {
      ...gateway.call({ kind: 'user', userId, subject: userId, sessionId: sessions['own']?.id ?? '' }),
      renewed: ({ secret }: { secret: string }) => void renewed.push(secret),
    };
    const ended = await call.store.transaction((store) =>
      endForEvent(store, call, userId, event, {
        exceptSessionId: sessions['own']?.id ?? null,
        connection: 'google',
        organizationId,
      }),
    );
    const left = await leftOf(userId, sessions);
    expect({ ...left, isRenewed: renewed.length > 0 }).toEqual({
      sessions: expected.sessions,
      families: expected.families,
      epoch: expected.epoch,
      endings: expected.status === undefined ? [] : [expected.status],
      stale: 0,
      isRenewed: expected.isRenewed,
    });
    const counted = (text: string) => 3 - text.split(' ').filter((name) => name !== '').length;
    expect(ended).toEqual({ sessions: counted(expected.sessions), families: counted(expected.families) });
    // The old secret of the session that went on is good for nothing; the new one opens it.
    const cookies = [sessions['own']?.secret, renewed[0]];
    const via = await Promise.all(
      cookies.map(async (sessionCookie) => (await gateway.recognise({ sessionCookie })).via),
    );
    const isOpen = expected.sessions.includes('own');
    expect(via).toEqual([
      isOpen && !expected.isRenewed ? 'cookie' : 'nothing',
      isOpen && expected.isRenewed ? 'cookie' : 'nothing',
    ]);
  });

  it('has a rule for every event and a case for each that is about a user', () => {
    const aboutSessions: readonly EndingEvent[] = [
      'logout',
      'session-revoked',
      'session-expired',
      'organization-deleted',
    ];
    expect(Object.keys(endingTable).sort()).toEqual([...Object.keys(matrix), ...aboutSessions].sort());
  });

  it('keeps no session of somebody else, and all end where no session made the change', async () => {
    const { userId, sessions } = await given();
    const stranger = await given();
    const call = gateway.call();
    await call.store.transaction((store) =>
      endForEvent(store, call, userId, 'password-changed', {
        exceptSessionId: stranger.sessions['own']?.id ?? '',
      }),
    );
    expect((await leftOf(userId, sessions)).sessions).toBe('');
    expect((await leftOf(stranger.userId, stranger.sessions)).sessions).toBe('own other google');
  });
});
