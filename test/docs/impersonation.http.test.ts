import { docPage, operation } from '#test/docs/pages';
import { codeAt } from '#test/features/factors/support/code-at';
import { startTestApp, type Answer, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

type Json = ReturnType<typeof JSON.parse>;
const page = docPage('docs/impersonation.md');

eachDatabase('the walk of docs/impersonation.md', (database) => {
  let product: TestApp;
  const cookies = new Map<string, string>();
  beforeAll(async () => {
    product = await startTestApp(database);
    await product.app.loadDemoData();
  });
  afterAll(() => product.close());

  /** As the browser that shows GraphiQL. */
  const ask = async (
    name: string,
    variables: Record<string, unknown> = {},
  ): Promise<Answer & { data: Json }> => {
    const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const headers = { 'sec-fetch-site': 'same-origin', ...(cookie === '' ? {} : { cookie }) };
    const answer = await product.ask(operation(page, name), { variables, headers });
    for (const header of answer.headers.getSetCookie()) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
      if (value === '') cookies.delete(key);
      else cookies.set(key, value);
    }
    return answer;
  };
  const run = async (name: string, variables: Record<string, unknown> = {}): Promise<Json> => {
    const { data, errors } = await ask(name, variables);
    expect([name, errors]).toEqual([name, []]);
    return data;
  };

  test('5.5-4, 5.5-9, 5.5-10 Ada acts for Ben as it is printed: records name both, and not everything is allowed', async () => {
    expect((await run('BecomeAda')).signIn.result.__typename).toBe('LoggedIn');
    const { authSession, manualInputCode } = (await run('AddApp')).startEnrollment.enrollment;
    const otpCode = codeAt(manualInputCode, Date.now());
    const proved = await run('ConfirmApp', { authSession, otpCode });
    expect(proved.verifyEnrollment.result.__typename).toBe('EnrollmentVerified');
    const own = cookies.get('gid_session');
    const [library] = (await run('Library')).applications.nodes;
    expect(library).toMatchObject({ name: 'Library', allowDelegatedAccess: true });
    const { token } = (await run('AskToAct', { clientId: library.id })).startImpersonation;
    await run('Act', { token });
    expect(cookies.get('gid_session')).not.toBe(own);
    expect(await run('WhoAmINow')).toEqual({
      me: { name: 'Ben Okafor' },
      impersonation: { actorId: 'auth0|ada', reason: 'Ticket 7: cannot find a book' },
    });
    expect((await run('Mend')).updateMyMetadata.metadata).toEqual({ user: 'red' });
    const refused = await ask('NotThis');
    expect(refused.errors.map(({ extensions }) => extensions.code)).toEqual(['DELEGATED_SESSION_FORBIDDEN']);
    expect((await run('Stop')).stopImpersonation).toEqual({ isRestored: true });
    expect(cookies.get('gid_session')).toBe(own);
    expect((await run('WhoAmINow')).me).toEqual({ name: 'Ada Novák' });
    const { nodes } = (await run('WhatHappened')).auditEvents;
    const of = (action: string): Json => nodes.find((node: Json) => node.action === action);
    expect(nodes.every((node: Json) => node.actorId === 'auth0|ada')).toBe(true);
    expect(of('user_metadata.update')).toMatchObject({ details: { onBehalfOf: 'auth0|ben' } });
    expect(of('impersonation.stop')).toMatchObject({ details: { onBehalfOf: 'auth0|ben' } });
    for (const action of ['impersonation.request', 'impersonation.start']) expect(of(action)).toBeDefined();
  });
});
