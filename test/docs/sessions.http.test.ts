import * as jose from 'jose';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { docPage, operation } from '#test/docs/pages';
import { password, type Json } from '#test/features/sessions/support/gateway';
import { browserHeaders } from '#test/features/sessions/support/served';
import { overHttp } from '#test/features/sessions/support/http-scene';

const page = docPage('docs/sessions.md');

overHttp('the examples of docs/sessions.md', (scene, { browser, machine }) => {
  const run = async (name: string, variables: Json, headers: Record<string, string> = {}): Promise<Json> => {
    const { data, errors } = await scene().served.ask(operation(page, name), { variables, headers });
    expect(errors).toEqual([]);
    return data;
  };

  it('work as they are printed', async () => {
    const { gateway, email, userId } = scene();
    const made = await gateway.applications.applications.create(gateway.call(), {
      name: 'Docs',
      type: 'SINGLE_PAGE',
      allowDelegatedAccess: true,
      allowedLogoutUrls: ['https://app.example.com/bye'],
    });
    const clientId = made.application.id;
    const signedIn = await run('SignIn', { identifier: email, password });
    expect(signedIn.signIn.result).toMatchObject({ __typename: 'LoggedIn', session: { assurance: 'AAL1' } });
    const { signIn } = await run('SignInForTokens', { identifier: email, password, clientId });
    const { refreshToken } = signIn.result.tokens;
    const next = await run('Refresh', { refreshToken, clientId });
    expect(next.exchangeRefreshToken.expiresIn).toBe(900);
    const identifier = 'https://invoices.example';
    const server = { id: 'api_docs', identifier, name: 'Invoices', createdAt: 1, updatedAt: 1 };
    const rules = { enforcePolicies: false, tokenDialect: 'ACCESS_TOKEN', isSystem: false };
    await gateway
      .call()
      .store.transaction((store) => store.insert(ResourceServerEntity, { ...server, ...rules }));
    const lent = { refreshToken: next.exchangeRefreshToken.refreshToken, clientId };
    const { exchangeRefreshToken: forInvoices } = await run('TokenForInvoices', lent);
    expect(jose.decodeJwt(forInvoices.accessToken)).toMatchObject({ aud: identifier, scope: '' });
    const { headers } = await browser();
    const devices = await run('Devices', {}, headers);
    expect(devices.me.sessions.nodes.filter((session: Json) => session.current)).toHaveLength(1);
    expect(devices.me.refreshTokens.nodes).toEqual([expect.objectContaining({ clientId })]);
    const told = await run(
      'TellApplication',
      { clientId, address: 'https://app.example.com/logout' },
      await machine('update:applications', 'read:applications'),
    );
    expect(told.updateApplicationSessionSettings.application.sessionSettings.backchannelLogoutUri).toBe(
      'https://app.example.com/logout',
    );
    const recorded = await run('Record', {}, headers);
    expect(recorded.recordInteractions).toMatchObject({
      recordedCount: 2,
      session: { interactions: { nodes: [{ name: 'order', data: { total: 12 } }] } },
    });
    const settings = { applicationId: clientId, allowAnonymousSessions: true };
    const allow = await scene().served.ask(
      'mutation ($input: UpdateApplicationSessionSettingsInput!) { updateApplicationSessionSettings(input: $input) { application { id } } }',
      {
        headers: await machine('update:applications', 'read:applications'),
        variables: { input: settings },
      },
    );
    expect(allow.errors).toEqual([]);
    const visit = await run('Visit', { clientId, metadata: { cart: '3' } });
    expect(visit.startAnonymousSession.anonymousSession.id).toMatch(/^ans_/);
    const keeper = await machine('update:signing_keys', 'read:signing_keys');
    const { signingKey: key } = (await run('Rotate', {}, keeper)).rotateSigningKey;
    expect(key.state).toBe('NEXT');
    const revoked = await run('Revoke', { kid: key.id }, keeper);
    expect(revoked.revokeSigningKey).toEqual({ signingKey: { id: key.id, state: 'REVOKED' } });
    const left = await run('SignOut', { clientId, returnTo: 'https://app.example.com/bye' }, headers);
    expect(left.signOut).toEqual({ session: { status: 'ENDED' }, logoutUrl: 'https://app.example.com/bye' });

    const helper = await gateway.givenUser(`helper${scene().count}@example.com`);
    const roleIds = [
      await gateway.givenRole(`docs helper${scene().count}`, ['impersonate:users', 'read:users']),
    ];
    await gateway.assignments.addRoles(gateway.call(), { id: helper, roleIds });
    const { session, secret } = await gateway.signIn(`helper${scene().count}@example.com`);
    const call = gateway.call({ kind: 'user', userId: helper, subject: helper, sessionId: session.id });
    await call.store.transaction((store) =>
      gateway.sessions.addAuthenticationMethod(store, call, session.id, { name: 'otp', connection: null }),
    );
    const granted = await run('StartImpersonation', { userId, clientId }, browserHeaders(secret));
    expect(granted.startImpersonation.token).toMatch(/^imp_/);
    const listed = await run('WhoActed', { userId }, await machine('read:impersonations'));
    expect(listed.impersonations.nodes).toMatchObject([{ startedAt: null, endedAt: null }]);
  });
});
