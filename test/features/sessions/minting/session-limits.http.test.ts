import type { SessionsConfig } from '#src/config/sessions';
import { overHttp, signIn } from '#test/features/sessions/support/http-scene';
import { browserHeaders, type Answer } from '#test/features/sessions/support/served';

overHttp('limits of sessions', (scene, { input }) => {
  const limits = (set: Partial<SessionsConfig>) => Object.assign(scene().gateway.config.sessions, set);
  beforeEach(() => limits({ maxPerUser: 0, maxPerUserAndClient: 0, denyBeyondLimit: false }));

  const active = async (): Promise<string[]> =>
    (await scene().gateway.rows('sessions', 'id user_id status'))
      .filter((row) => row.user_id === scene().userId && row.status === 'ACTIVE')
      .map(({ id }) => id as string);
  const enter = (more: object = {}, cookie?: string): Promise<Answer> => {
    scene().gateway.clock.time += 1_000;
    return scene().served.ask(signIn, { variables: input(more), headers: browserHeaders(cookie) });
  };
  const entered = async (more: object = {}): Promise<string> => (await enter(more)).data.signIn.session.id;

  it('1.11.9 one session: of two parallel sign-ins exactly one is active', async () => {
    limits({ maxPerUser: 1 });
    const both = await Promise.all([enter(), enter()]);
    expect(both.flatMap(({ codes }) => codes)).toEqual([]);
    expect(await active()).toHaveLength(1);
  });

  it('1.11.9 denied: the second gets SESSION_LIMIT and no cookie, and the first stays', async () => {
    limits({ maxPerUser: 1, denyBeyondLimit: true });
    const first = await entered();
    const { codes, cookies } = await enter();
    expect([codes, cookies, await active()]).toEqual([['SESSION_LIMIT'], [], [first]]);
  });

  it('1.11.9 denied: of two parallel sign-ins one gets SESSION_LIMIT', async () => {
    limits({ maxPerUser: 1, denyBeyondLimit: true });
    const both = await Promise.all([enter(), enter()]);
    expect(both.map(({ codes }) => codes).sort()).toEqual([[], ['SESSION_LIMIT']]);
    expect(await active()).toHaveLength(1);
  });

  it('the one used longest ago ends, with its reason; a session past its lifetime does not count', async () => {
    limits({ maxPerUser: 2 });
    const [first, second] = [await entered(), await entered()];
    const third = await entered();
    expect((await active()).sort()).toEqual([second, third].sort());
    const rows = await scene().gateway.rows('sessions', 'id status end_reason');
    expect(rows).toContainEqual({ id: first, status: 'REVOKED', end_reason: 'limit' });
    limits({ denyBeyondLimit: true });
    scene().gateway.clock.time += 73 * 3_600_000;
    await entered();
  });

  it('1.7 with both limits one of the same application ends first, though another was used longer ago', async () => {
    const { gateway, count } = scene();
    const made = await gateway.applications.applications.create(gateway.call(), {
      ...{ name: `Limited ${count}`, type: 'SINGLE_PAGE' },
    });
    const clientId = made.application.id;
    limits({ maxPerUser: 3, maxPerUserAndClient: 1 });
    const elsewhere = await entered();
    const first = await entered({ clientId });
    const second = await entered({ clientId });
    expect((await active()).sort()).toEqual([elsewhere, second].sort());
    limits({ maxPerUser: 2 });
    const third = await entered({ clientId });
    expect((await active()).sort()).toEqual([elsewhere, third].sort());
    expect(first).not.toBe(third);
  });

  it('the browser that signs in anew replaces its own session and evicts none', async () => {
    limits({ maxPerUser: 2, denyBeyondLimit: true });
    await entered();
    const { cookies } = await enter();
    const own = /gid_session=([^;]*)/.exec(cookies[0] ?? '')?.[1];
    expect((await enter({}, own)).codes).toEqual([]);
    expect(await active()).toHaveLength(2);
  });
});
