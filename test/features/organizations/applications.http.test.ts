import { apiTokenCases } from '#test/features/organizations/cases/api-tokens';
import { organizationCases } from '#test/features/organizations/cases/sign-in-organizations';
import { sql } from '#src/storage/sql';
import { startTestApp, type Answer, type AnswerError, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

type Json = ReturnType<typeof JSON.parse>;

const password = 'a long enough password';
const signIn = `mutation($i: SignInInput!) { signIn(input: $i) { session {
  organization { id } clients { clientId firstSeenAt lastSeenAt organizationId } } } }`;
const grant = `mutation($i: GrantApplicationAccessInput!) { grantApplicationAccess(input: $i) { organization { applications { id name } } } }`;
const revoke = `mutation($i: RevokeApplicationAccessInput!) { revokeApplicationAccess(input: $i) { organization { applications { id } } } }`;

eachDatabase('applications and organizations', (database) => {
  let product: TestApp;
  let administrator: string;
  let userId: string;
  let organizationId: string;
  let count = 0;

  beforeAll(async () => {
    product = await startTestApp(database, {
      environment: { GATEHOUSE_ORGANIZATIONS_MAX_APPLICATIONS: '2' },
    });
    administrator = await product.administrator();
    userId = await product.givenUser({ email: 'member@example.com', password });
    organizationId = await givenOrganization('acme');
  });
  afterAll(() => product.close());

  const ok = async (query: string, variables: Record<string, unknown>): Promise<Json> => {
    const { data, errors } = await product.ask(query, { token: administrator, variables });
    expect(errors).toEqual([]);
    return data;
  };
  const givenOrganization = async (name: string): Promise<string> => {
    const create =
      'mutation($i: CreateOrganizationInput!) { createOrganization(input: $i) { organization { id } } }';
    const { id } = (await ok(create, { i: { name } })).createOrganization.organization as { id: string };
    const add =
      'mutation($i: AddOrganizationMembersInput!) { addOrganizationMembers(input: $i) { organization { id } } }';
    await ok(add, { i: { id, userIds: [userId] } });
    const connections = await ok('{ connections { nodes { id name } } }', {});
    const connectionId = connections.connections.nodes.find((node: Json) => node.name === 'main').id;
    const link =
      'mutation($i: LinkOrganizationConnectionInput!) { linkOrganizationConnection(input: $i) { connectionLink { isEnabled } } }';
    await ok(link, { i: { organizationId: id, connectionId } });
    return id;
  };
  const givenApplication = async (more: Record<string, unknown> = {}): Promise<string> => {
    count += 1;
    const i = { name: `Application ${count}`, type: 'SINGLE_PAGE', organizationUsage: 'ALLOW', ...more };
    const create =
      'mutation($i: CreateApplicationInput!) { createApplication(input: $i) { application { id } } }';
    return (await ok(create, { i })).createApplication.application.id as string;
  };
  const enter = (i: Record<string, unknown>): Promise<Answer> =>
    product.ask(signIn, { variables: { i: { identifier: 'member@example.com', password, ...i } } });
  const codes = ({ errors }: Answer): unknown[] => errors.map(({ extensions }) => extensions.code);
  const setOrganization = (i: Record<string, unknown>): Promise<Json> =>
    ok('mutation($i: UpdateOrganizationInput!) { updateOrganization(input: $i) { organization { id } } }', {
      i: { id: organizationId, ...i },
    });

  it('1.8-14 an application that denies organizations is refused one, one that requires them is refused without, one that allows them takes both', async () => {
    const clients = {
      DENY: await givenApplication({ organizationUsage: 'DENY' }),
      ALLOW: await givenApplication(),
      REQUIRE: await givenApplication({ organizationUsage: 'REQUIRE' }),
    };
    const with_ = { organizationId };
    const refused = [
      await enter({ clientId: clients.DENY, ...with_ }),
      await enter({ clientId: clients.REQUIRE }),
    ];
    for (const answer of refused) {
      expect(answer.errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', field: 'organizationId' });
    }
    expect(codes(await enter({ clientId: clients.DENY }))).toEqual([]);
    expect(codes(await enter({ clientId: clients.ALLOW }))).toEqual([]);
    expect(codes(await enter({ clientId: clients.ALLOW, ...with_ }))).toEqual([]);
    expect(codes(await enter({ clientId: clients.REQUIRE, ...with_ }))).toEqual([]);
  });

  it('1.8-14 the session remembers the application and the organization', async () => {
    const clientId = await givenApplication();
    const { session } = (await enter({ clientId, organizationId })).data?.['signIn'] as Json;
    expect(session.organization).toEqual({ id: organizationId });
    const [client] = session.clients;
    expect(session.clients).toHaveLength(1);
    expect(client).toMatchObject({ clientId, organizationId });
    expect(client.firstSeenAt).toBe(client.lastSeenAt);
    expect(((await enter({})).data?.['signIn'] as Json).session.clients).toEqual([]);
  });

  it('1.8-14 an unknown and a disabled application, and a machine, are refused alike before the password is looked at', async () => {
    const clients = [
      'app_0000000000000000',
      await givenApplication({ isEnabled: false }),
      await givenApplication({ type: 'MACHINE' }),
    ];
    const answers = [];
    for (const clientId of clients) {
      for (const more of [{}, { password: 'quite another password' }, { organizationId }]) {
        const { errors, data, status } = await enter({ clientId, ...more });
        const { message, extensions } = errors[0] as AnswerError;
        answers.push({ data, status, message, code: extensions.code, field: extensions['field'] });
      }
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ code: 'FORBIDDEN', field: 'clientId' });
  });

  it('1.8-15 with the entitlement on an application that was not granted is refused, off restores it, and prepared grants take effect', async () => {
    const [granted, other] = [await givenApplication(), await givenApplication()];
    const inside = (clientId?: string): Promise<Answer> =>
      enter({ organizationId, ...(clientId === undefined ? {} : { clientId }) });
    const prepared = await ok(grant, { i: { organizationId, applicationIds: [granted, granted] } });
    expect(prepared.grantApplicationAccess.organization.applications).toMatchObject([{ id: granted }]);
    expect([codes(await inside(granted)), codes(await inside(other)), codes(await inside())]).toEqual([
      [],
      [],
      [],
    ]);
    await setOrganization({ appEntitlementActive: true });
    expect(codes(await inside(granted))).toEqual([]);
    // Leaving the application out is no way around.
    expect([codes(await inside(other)), codes(await inside())]).toEqual([['FORBIDDEN'], ['FORBIDDEN']]);
    expect(codes(await enter({ clientId: other }))).toEqual([]);
    await ok(revoke, { i: { organizationId, applicationIds: [granted] } });
    expect(codes(await inside(granted))).toEqual(['FORBIDDEN']);
    await setOrganization({ appEntitlementActive: false });
    expect([codes(await inside(granted)), codes(await inside(other))]).toEqual([[], []]);
  });

  it('1.8-15 an application of others needs thirdPartyClientAccess', async () => {
    const clientId = await givenApplication({ isFirstParty: false });
    expect(codes(await enter({ clientId }))).toEqual([]);
    expect(codes(await enter({ clientId, organizationId }))).toEqual(['FORBIDDEN']);
    await setOrganization({ thirdPartyClientAccess: 'ALLOW' });
    expect(codes(await enter({ clientId, organizationId }))).toEqual([]);
    await setOrganization({ thirdPartyClientAccess: 'DENY' });
  });

  it('1.8-15 grants are counted, unknown applications refuse the whole list, and what was done is recorded', async () => {
    const id = await givenOrganization('limits');
    const [a, b, c] = [await givenApplication(), await givenApplication(), await givenApplication()];
    const give = (applicationIds: unknown[]): Promise<Answer> =>
      product.ask(grant, {
        token: administrator,
        variables: { i: { organizationId: id, applicationIds } },
      });
    const unknown = await give([a, 'app_none']);
    expect(unknown.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', unknown: ['app_none'] });
    expect(codes(await give([]))).toEqual(['BAD_USER_INPUT']);
    expect(codes(await give([a, b]))).toEqual([]);
    expect((await give([c])).errors[0]?.extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit: 2,
      current: 3,
    });
    const query = 'query($id: ID!) { organization(id: $id) { applications { id } } }';
    const read = async (): Promise<Json> => (await ok(query, { id })).organization.applications;
    expect((await read()).map((each: Json) => each.id)).toEqual([a, b]);
    await ok('mutation($i: DeleteApplicationInput!) { deleteApplication(input: $i) { deletedId } }', {
      i: { id: a },
    });
    expect(await read()).toEqual([{ id: b }]);
    const events = await ok(
      'query($id: ID!) { auditEvents(targetType: "Organization", targetId: $id) { nodes { action changedPaths } } }',
      { id },
    );
    expect(events.auditEvents.nodes).toContainEqual({
      action: 'organization.grant_applications',
      changedPaths: ['applications'],
    });
  });

  it('1.8-15 who acts inside the organization neither grants applications to it nor lifts the entitlement', async () => {
    const applicationId = await givenApplication();
    const names = [...product.app.product.permissions.keys()];
    const { token } = await product.app.product.issueToken({
      ...{ subject: 'robot', clientId: 'robot', permissions: names, roles: [] },
      ...{ lifetimeSeconds: 60, organizationId },
    });
    const i = { organizationId, applicationIds: [applicationId] };
    expect(codes(await product.ask(grant, { token, variables: { i } }))).toEqual(['FORBIDDEN']);
    const update =
      'mutation($i: UpdateOrganizationInput!) { updateOrganization(input: $i) { organization { id } } }';
    const change = (more: Record<string, unknown>): Promise<Answer> =>
      product.ask(update, { token, variables: { i: { id: organizationId, ...more } } });
    expect(codes(await change({ appEntitlementActive: true }))).toEqual(['FORBIDDEN']);
    expect(codes(await change({ thirdPartyClientAccess: 'ALLOW' }))).toEqual(['FORBIDDEN']);
    expect(codes(await change({ tokenQuota: null }))).toEqual([]);
    expect(codes(await change({ tokenQuota: { perHour: 1 } }))).toEqual(['FORBIDDEN']);
    expect(codes(await change({ displayName: 'Acme' }))).toEqual([]);
  });

  it('2.3 a permission over the account that the application lost is not in force at the next request, whatever the token lists', async () => {
    const clientId = await givenApplication();
    const [found] = await product.app.storage
      .open()
      .query<{ id: string }>(sql`SELECT id FROM permissions WHERE name = 'read:me:sessions'`, { id: 'text' });
    const change = (word: 'Add' | 'Remove'): Promise<Json> =>
      ok(
        `mutation($i: ${word}ApplicationPermissionsInput!) { ${word.toLowerCase()}ApplicationPermissions(input: $i) { application { id } } }`,
        { i: { id: clientId, permissionIds: [found?.id] } },
      );
    await change('Add');
    const { data } = await product.ask(
      `mutation($i: SignInInput!) { signIn(input: $i) { result { ... on LoggedIn { tokens { accessToken } } } } }`,
      { variables: { i: { identifier: 'member@example.com', password, clientId, tokens: 'ACCESS' } } },
    );
    const token = (data?.['signIn'] as Json).result.tokens.accessToken;
    const read = (): Promise<Answer> => product.ask('{ myAccount { sessions { nodes { id } } } }', { token });
    expect((await read()).errors).toEqual([]);
    await change('Remove');
    const refused = await read();
    expect([refused.data, codes(refused)]).toEqual([{ myAccount: { sessions: null } }, ['FORBIDDEN_FIELD']]);
    await change('Add');
    expect((await read()).errors).toEqual([]);
  });

  const scene = () => ({
    ...{ product, administrator, organizationId, userId, password, grant, revoke },
    ...{ ok, codes, enter, givenOrganization, givenApplication },
  });
  organizationCases(scene);
  apiTokenCases(scene);
});
