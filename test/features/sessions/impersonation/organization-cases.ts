import { otp, redeem, type ImpersonationDesk } from '#test/features/sessions/impersonation/cases';
import { password, type Json } from '#test/features/sessions/support/gateway';
import { signIn } from '#test/features/sessions/support/http-scene';
import { browserHeaders, cookieIn } from '#test/features/sessions/support/served';

type Headers = Record<string, string>;

/** Somebody whose right to act for others comes from a role inside one organization. */
export function organizationCases({
  scene,
  ask,
  request,
}: Pick<ImpersonationDesk, 'scene' | 'ask' | 'request'>): void {
  let organizationId: string;
  let applicationId: string;
  let helper: { readonly id: string; readonly headers: Headers; readonly roleIds: string[] };

  beforeEach(async () => {
    const { gateway, count, userId } = scene();
    ({ id: organizationId } = await gateway.organizations.create(gateway.call(), { name: `help${count}` }));
    const connections = await gateway.rows('connections', 'id name');
    const connectionId = connections.find(({ name }) => name === 'main').id as string;
    await gateway.organizationConnections.link(gateway.call(), { organizationId, connectionId });
    const id = await gateway.givenUser(`helper${count}@example.com`);
    await gateway.memberships.add(gateway.call(), { id: organizationId, userIds: [id, userId] });
    const roleIds = [
      await gateway.givenRole(`member helper ${count}`, ['impersonate:users', 'read:users', 'read:sessions']),
    ];
    await gateway.memberRoles.add(gateway.call(), { organizationId, userId: id, roleIds });
    const { application } = await gateway.applications.applications.create(gateway.call(), {
      ...{
        name: `Desk ${count}`,
        type: 'SINGLE_PAGE',
        allowDelegatedAccess: true,
        organizationUsage: 'ALLOW',
      },
    });
    applicationId = application.id;
    const entered = await scene().served.ask(signIn, {
      headers: browserHeaders(),
      variables: { input: { identifier: `helper${count}@example.com`, password, organizationId } },
    });
    expect(entered.errors).toEqual([]);
    const sessionId = entered.data.signIn.session.id as string;
    const call = gateway.call({ kind: 'user', userId: id, subject: id, sessionId });
    await call.store.transaction((store) =>
      gateway.sessions.addAuthenticationMethod(store, call, sessionId, otp),
    );
    helper = { id, roleIds, headers: browserHeaders(cookieIn(entered.cookies)) };
  });

  const start = (more: Json = {}) => request({ clientId: applicationId, ...more }, helper.headers);
  const granted = async (): Promise<string> => (await start()).data.startImpersonation.token;
  const redeemed = (token: string, tokens = false) =>
    ask(redeem, helper.headers, { input: { token, tokens } });
  const invalid = ['IMPERSONATION_TOKEN_INVALID'];

  it('5.4 acts inside it, with what its roles give, until one of them is taken', async () => {
    const { cookies, codes } = await redeemed(await granted());
    expect(codes).toEqual([]);
    const headers = browserHeaders(cookieIn(cookies));
    const { data } = await ask('{ me { id } currentSession { organization { id } } }', headers);
    expect(data).toEqual({
      me: { id: scene().userId },
      currentSession: { organization: { id: organizationId } },
    });
    const { gateway } = scene();
    await gateway.memberRoles.remove(gateway.call(), {
      ...{ organizationId, userId: helper.id, roleIds: helper.roleIds },
    });
    expect((await ask('{ me { id } }', headers)).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('5.4 the token names the organization, and nobody outside of it is reached', async () => {
    const { data } = await redeemed(await granted(), true);
    const { accessToken } = data.redeemImpersonation.tokens;
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({
      ...{ sub: scene().userId, org_id: organizationId, act: { sub: helper.id }, permissions: [] },
    });
    const bearer = { authorization: `Bearer ${accessToken}` };
    expect((await ask('{ me { id } }', bearer)).data.me).toEqual({ id: scene().userId });
    const outside = await scene().gateway.givenUser(`outside${scene().count}@example.com`);
    expect((await start({ userId: outside })).codes).toEqual(['NOT_FOUND']);
  });

  it('5.4 nobody inside it acts for an administrator of all, nor where the organization has no application', async () => {
    const { gateway, count, userId } = scene();
    const { application } = await gateway.applications.applications.create(gateway.call(), {
      ...{ name: `Alone ${count}`, type: 'SINGLE_PAGE', allowDelegatedAccess: true },
    });
    expect((await start({ clientId: application.id })).codes).toEqual(['FORBIDDEN']);
    const roleIds = [await gateway.givenRole(`over all ${count}`, ['read:users'])];
    await gateway.assignments.addRoles(gateway.call(), { id: userId, roleIds });
    expect((await start()).codes).toEqual(['FORBIDDEN']);
  });

  it('5.4 what a token was granted on is asked again when it is used', async () => {
    const { gateway, userId } = scene();
    const token = await granted();
    await gateway.applications.applications.update(gateway.call(), {
      ...{ id: applicationId, allowDelegatedAccess: false },
    });
    expect((await redeemed(token)).codes).toEqual(invalid);
    await gateway.applications.applications.update(gateway.call(), {
      ...{ id: applicationId, allowDelegatedAccess: true },
    });
    await gateway.memberships.remove(gateway.call(), { id: organizationId, userIds: [userId] });
    expect((await redeemed(token, true)).codes).toEqual(invalid);
  });
}
