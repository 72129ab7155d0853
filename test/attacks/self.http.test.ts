import { eachDatabase } from '#test/support/databases';
import { acme, globex, other, target } from '#test/attacks/support/cast';
import { codesOf, Stage } from '#test/attacks/support/stage';
import { usualSecrets, type UsualSecrets } from '#test/attacks/support/usual-secrets';

const phone = 'query ($id: ID!) { user(id: $id) { id phoneNumber } }';

eachDatabase('attacks by being oneself', (database) => {
  let stage: Stage;
  let secrets: UsualSecrets;

  beforeAll(async () => {
    stage = await Stage.open(database);
    secrets = await usualSecrets(stage);
    await secrets.phone.store();
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  const machineNamed = async (subject: string, permissions: readonly string[]): Promise<string> => {
    const { issueToken } = stage.product.app.product;
    const issued = await issueToken({
      ...{ subject, clientId: subject, permissions, roles: [] },
      lifetimeSeconds: 600,
    });
    return issued.token;
  };

  test.each(['target', 'Target', 'cli'])('B36 a machine called %s is nobody’s self', async (name) => {
    const bare = await machineNamed(name, []);
    const denied = await stage.ask(phone, { as: bare, variables: { id: target } });
    expect([codesOf(denied), denied.data]).toEqual([['FORBIDDEN_FIELD'], { user: null }]);
    expect((await stage.ask('{ me { id } }', { as: bare })).data).toEqual({ me: null });

    await stage.rule({ paths: ['phone_number'], effect: 'ALLOW', subject: {}, object: { self: true } });
    const reader = await machineNamed(name, ['read:users']);
    const answer = await stage.indistinguishable(secrets.phone, () =>
      stage.ask(phone, { as: reader, variables: { id: target } }),
    );
    expect(answer.data).toEqual({ user: { id: target, phoneNumber: null } });
    await secrets.phone.store();
  });

  test('B36 what is open to oneself is open to nobody else, whatever they may read', async () => {
    await stage.rule({ paths: ['phone_number'], effect: 'ALLOW', subject: {}, object: { self: true } });
    const own = await stage.product.user(target);
    const answer = await stage.ask(phone, { as: own, variables: { id: target } });
    expect(answer.data).toEqual({ user: { id: target, phoneNumber: '+15551234567' } });
    const { token } = await stage.someone(['read:users']);
    const denied = await stage.ask(phone, { as: token, variables: { id: target } });
    expect(denied.data).toEqual({ user: { id: target, phoneNumber: null } });
    const masked = '{ users(q: "phone_number:\\"+15551234567\\"") { totalCount } }';
    expect(codesOf(await stage.ask(masked, { as: token }))).toEqual(['FIELD_NOT_SEARCHABLE']);
  });

  test('B36 inside one organization a user learns nothing of oneself in another', async () => {
    const inAcme = await stage.product.user(target, acme);
    const query = `query ($id: ID!) {
      me { organizations { totalCount nodes { organization { id } roles { name } } } permissions { nodes { name } } }
      user(id: $id) { organizations { nodes { organization { name } } } }
      viewer { permissions organization { id } } }`;
    const answer = await stage.indistinguishable(secrets.membership, () =>
      stage.ask(query, { as: inAcme, variables: { id: target } }),
    );
    expect(answer.data).toMatchObject({
      me: { organizations: { totalCount: 1, nodes: [{ organization: { id: acme } }] } },
    });
    const there = `query ($id: ID!) { user(id: $id) { permissions(organizationId: "${globex}") { totalCount } } }`;
    const elsewhere = await stage.indistinguishable(secrets.membership, () =>
      stage.ask(there, { as: inAcme, variables: { id: target } }),
    );
    expect(elsewhere.text).not.toContain('"totalCount":1');
  });

  const justSignedIn = async (organizationId?: string): Promise<string> => {
    const { issueToken } = stage.product.app.product;
    const { token } = await issueToken({
      ...{ subject: target, clientId: 'test', permissions: 'all', roles: 'all', lifetimeSeconds: 600 },
      ...{ authenticatedAt: Date.now(), acr: 'aal2', amr: ['pwd', 'otp'] },
      ...(organizationId === undefined ? {} : { organizationId }),
    });
    return token;
  };

  test('B36 inside one organization the export of the own data names no other', async () => {
    await secrets.membership.store();
    const asked = 'mutation { createMyDataExport { content } }';
    const inAcme = await stage.ask(asked, { as: await justSignedIn(acme) });
    expect(inAcme.text).toContain(acme);
    expect(inAcme.text).not.toContain(globex);
    expect((await stage.ask(asked, { as: await justSignedIn() })).text).toContain(globex);
    await secrets.membership.remove();
  });

  test('B15 a rule about the own address holds for changing it by mail, too', async () => {
    const as = await justSignedIn();
    const asked = 'mutation { requestEmailChange(input: { newEmail: "moved@example.com" }) { __typename } }';
    await stage.rule({ paths: ['email'], actions: ['WRITE'], subject: {}, object: { self: true } });
    expect(codesOf(await stage.ask(asked, { as }))).toEqual(['FORBIDDEN_ARGUMENT']);
    await stage.reset();
    expect(codesOf(await stage.ask(asked, { as }))).toEqual([]);
  });

  test('B36 a token for an organization that the user has left gives no right there', async () => {
    await secrets.membership.store();
    const stranger = await stage.product.user(target, globex);
    await secrets.membership.remove();
    const answer = await stage.ask(phone, { as: stranger, variables: { id: other } });
    expect(answer.data?.['user'] ?? null).toBeNull();
    const granted = await stage.ask('{ viewer { permissions } }', { as: stranger });
    expect((granted.data?.['viewer'] as { permissions: string[] } | undefined)?.permissions ?? []).toEqual(
      [],
    );
  });
});
