import type { SessionsConfig } from '#src/config/sessions';
import { eachDatabase } from '#test/support/databases';
import { openGateway, type Gateway } from '#test/features/sessions/support/gateway';

eachDatabase('limits of sessions', (database) => {
  let gateway: Gateway;
  let email: string;
  let userId: string;
  let count = 0;
  const limits = (set: Partial<SessionsConfig>) => Object.assign(gateway.config.sessions, set);

  beforeAll(async () => {
    gateway = await openGateway(database);
  });
  afterAll(() => gateway.close());
  beforeEach(async () => {
    count += 1;
    email = `limit${count}@example.com`;
    userId = await gateway.givenUser(email);
    limits({ maxPerUser: 0, maxPerUserAndClient: 0, denyBeyondLimit: false });
  });
  const active = async () =>
    (await gateway.rows('sessions', 'id user_id status end_reason created_at')).filter(
      (row) => row.user_id === userId && row.status === 'ACTIVE',
    );
  const signIn = async () => {
    gateway.clock.time += 1_000;
    return (await gateway.signIn(email)).session.id;
  };

  it('1.11.9 one session: of two parallel sign-ins exactly one is active', async () => {
    limits({ maxPerUser: 1 });
    await Promise.all([gateway.signIn(email), gateway.signIn(email)]);
    expect(await active()).toHaveLength(1);
  });

  it('1.11.9 denied: the second gets SESSION_LIMIT and the first stays', async () => {
    limits({ maxPerUser: 1, denyBeyondLimit: true });
    const first = await signIn();
    await expect(signIn()).rejects.toMatchObject({ code: 'SESSION_LIMIT' });
    expect((await active()).map(({ id }) => id)).toEqual([first]);
  });

  it('the one used longest ago ends, with its reason; a session past its lifetime does not count', async () => {
    limits({ maxPerUser: 2 });
    const [first, second] = [await signIn(), await signIn()];
    const third = await signIn();
    expect((await active()).map(({ id }) => id).sort()).toEqual([second, third].sort());
    const rows = await gateway.rows('sessions', 'id status end_reason');
    expect(rows).toContainEqual({ id: first, status: 'REVOKED', end_reason: 'limit' });
    limits({ denyBeyondLimit: true });
    gateway.clock.time += 73 * 3_600_000;
    await signIn();
  });

  it('the browser that signs in anew replaces its own session and evicts none', async () => {
    limits({ maxPerUser: 2, denyBeyondLimit: true });
    await signIn();
    const { secret } = await gateway.signIn(email);
    await gateway.signIn(email, { cookie: secret });
    expect(await active()).toHaveLength(2);
  });
});
