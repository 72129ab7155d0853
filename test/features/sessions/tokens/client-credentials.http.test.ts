import { eachDatabase } from '#test/support/databases';
import { minute, openGateway, type Gateway } from '#test/features/sessions/support/gateway';
import { serveGateway, type Answer } from '#test/features/sessions/support/served';

const exchange = `mutation ($input: ExchangeClientCredentialsInput!) {
  exchangeClientCredentials(input: $input) { accessToken tokenType expiresIn permissions }
}`;

eachDatabase('tokens for the credentials of an application', (database) => {
  let gateway: Gateway;
  let served: Awaited<ReturnType<typeof serveGateway>>;
  let clientId: string;
  let clientSecret: string;
  let count = 0;

  beforeAll(async () => {
    gateway = await openGateway(database);
    served = await serveGateway(gateway);
  });
  afterAll(async () => {
    await served.close();
    await gateway.close();
  });
  beforeEach(async () => {
    ({ clientId, clientSecret } = await givenApplication('MACHINE'));
    const permissionIds = await gateway.permissionIds(['read:users', 'read:sessions']);
    await gateway.applications.grants.add(gateway.call(), { id: clientId, permissionIds });
  });

  const givenApplication = async (type: string): Promise<{ clientId: string; clientSecret: string }> => {
    count += 1;
    const { application, secret } = await gateway.applications.applications.create(gateway.call(), {
      name: `Robot ${count}`,
      type,
    });
    return { clientId: application.id, clientSecret: secret?.value ?? '' };
  };
  const ask = (more: Record<string, unknown> = {}): Promise<Answer> =>
    served.ask(exchange, { variables: { input: { clientId, clientSecret, ...more } } });
  const bearer = async (more?: Record<string, unknown>): Promise<string> =>
    `Bearer ${(await ask(more)).data.exchangeClientCredentials.accessToken}`;
  const permissionsOf = async (authorization: string): Promise<readonly string[]> => [
    ...(await gateway.recognise({ authorization })).principal.permissions,
  ];

  it('answers a token of 15 minutes for all that the application holds, which costs one statement at each request', async () => {
    const { data, cookies } = await ask();
    const { accessToken, ...rest } = data.exchangeClientCredentials;
    expect(rest).toEqual({
      tokenType: 'Bearer',
      expiresIn: 900,
      permissions: ['read:sessions', 'read:users'],
    });
    expect(cookies).toEqual([]);
    const authorization = `Bearer ${accessToken}`;
    const { principal, statements } = await gateway.recognise({ authorization });
    expect(statements).toBe(1);
    expect(principal).toMatchObject({ kind: 'machine', userId: null, subject: clientId, clientId });
    expect([...principal.permissions]).toEqual(['read:sessions', 'read:users']);
    gateway.clock.time += 15 * minute;
    await expect(gateway.recognise({ authorization })).rejects.toMatchObject({
      extensions: { reason: 'TOKEN_EXPIRED' },
    });
    const events = await gateway.rows('audit_events', 'action actor_id target_id');
    expect(events).toContainEqual({
      action: 'application.exchange_credentials',
      actor_id: clientId,
      target_id: clientId,
    });
    expect(JSON.stringify(await gateway.rows('audit_events', 'details'))).not.toContain(clientSecret);
  });

  it('cuts what is asked for to what the application holds', async () => {
    const { data } = await ask({ permissions: ['read:users', 'delete:users'] });
    expect(data.exchangeClientCredentials.permissions).toEqual(['read:users']);
    expect((await ask({ permissions: [] })).data.exchangeClientCredentials.permissions).toEqual([]);
    const narrow = await bearer({ permissions: ['read:users'] });
    expect(await permissionsOf(narrow)).toEqual(['read:users']);
  });

  it('acts on a permission that was taken or given at the next request, and never beyond the token', async () => {
    const [wide, narrow] = [await bearer(), await bearer({ permissions: ['read:users'] })];
    const change = { id: clientId, permissionIds: await gateway.permissionIds(['read:users']) };
    await gateway.applications.grants.remove(gateway.call(), change);
    expect([await permissionsOf(wide), await permissionsOf(narrow)]).toEqual([['read:sessions'], []]);
    const more = { id: clientId, permissionIds: await gateway.permissionIds(['read:users', 'delete:users']) };
    await gateway.applications.grants.add(gateway.call(), more);
    expect(await permissionsOf(wide)).toEqual(['read:sessions', 'read:users']);
  });

  it('refuses the token of a disabled and of a deleted application at the next request', async () => {
    const authorization = await bearer();
    const revoked = { code: 'UNAUTHENTICATED', extensions: { reason: 'TOKEN_REVOKED' } };
    const { applications } = gateway.applications;
    await applications.update(gateway.call(), { id: clientId, isEnabled: false });
    await expect(gateway.recognise({ authorization })).rejects.toMatchObject(revoked);
    await applications.update(gateway.call(), { id: clientId, isEnabled: true });
    expect((await permissionsOf(authorization)).length).toBe(2);
    await applications.delete(gateway.call(), clientId);
    await expect(gateway.recognise({ authorization })).rejects.toMatchObject(revoked);
  });

  it('answers a wrong id, a wrong secret, a disabled application and one that is no machine alike, for the same statements', async () => {
    const disabled = await givenApplication('MACHINE');
    await gateway.applications.applications.update(gateway.call(), {
      id: disabled.clientId,
      isEnabled: false,
    });
    const { clientSecret: foreign } = await givenApplication('MACHINE');
    const attempts = [
      { clientId: 'app_0000000000000000' },
      { clientId: 'no id of ours' },
      { clientSecret: 'wrong' },
      { clientSecret: foreign },
      disabled,
      await givenApplication('REGULAR_WEB'),
    ];
    const answers = [];
    for (const each of attempts) {
      const { status, errors, data } = await ask(each);
      const [{ message, extensions }] = errors;
      answers.push({ status, data, message, code: extensions.code, statements: served.statements() });
    }
    expect(answers[0]).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('is locked after ten failures for this application from this network, the right secret too', async () => {
    for (let index = 0; index < 10; index += 1) await ask({ clientSecret: `wrong ${index}` });
    const { errors } = await ask();
    expect(errors[0].extensions).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', retryAfter: 900 });
    gateway.clock.time += 15 * minute;
    expect((await ask()).codes).toEqual([]);
  });

  it.each([
    [2, 'BAD_USER_INPUT'],
    [50, 'TOO_MANY_ALIASES'],
  ])('refuses %i aliases of it before any secret is looked at', async (aliases, code) => {
    const input = `{ clientId: "${clientId}", clientSecret: "${clientSecret}" }`;
    const fields = Array.from(
      { length: aliases },
      (_, index) => `a${index}: exchangeClientCredentials(input: ${input}) { accessToken }`,
    );
    const answer = await served.ask(`mutation { ${fields.join(' ')} }`);
    expect([answer.data ?? null, answer.codes, served.statements()]).toEqual([null, [code], 0]);
  });

  it('is one of the fields that take credentials, of which a document holds one: sign-in and invitations are others', async () => {
    const machine = 'exchangeClientCredentials(input: { clientId: "a", clientSecret: "b" }) { accessToken }';
    const person = 'signIn(input: { identifier: "a", password: "correct horse" }) { session { id } }';
    const ticket = (alias: string): string =>
      `${alias}: acceptInvitation(input: { ticket: "${alias}" }) { isNewUser }`;
    for (const fields of [
      `${machine} ${person}`,
      `${ticket('a')} ${ticket('b')}`,
      `${machine} ${ticket('a')}`,
    ]) {
      expect((await served.ask(`mutation { ${fields} }`)).codes).toEqual(['BAD_USER_INPUT']);
    }
    expect((await served.ask(`mutation { ${ticket('a')} }`)).codes).toEqual(['EXPIRED']);
  });
});
