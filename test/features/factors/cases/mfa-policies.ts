import { codeAt } from '#test/features/factors/support/code-at';
import {
  password,
  type FactorScene,
  type Json,
  type Person,
} from '#test/features/factors/support/factor-scene';

/** Applications, connections and organizations that ask for a second factor of their own. */
export function mfaPolicyCases(opened: () => FactorScene): void {
  const set = `mutation ($i: SetMfaPolicyInput!) { setMfaPolicy(input: $i) {
    application { mfaPolicy } connection { mfaPolicy } organization { mfaPolicy } } }`;
  const signIn = `mutation ($i: SignInInput!) { signIn(input: $i) { session { organization { id } } result { __typename
    ... on MfaChallenge { mfaToken factors } ... on OrganizationChoice { choiceToken } } } }`;
  const choose = `mutation ($i: ChooseOrganizationInput!) { chooseOrganization(input: $i) { session { id } result { __typename
    ... on MfaChallenge { mfaToken factors } } } }`;
  const startEnrollment = `mutation ($i: StartMfaEnrollmentInput!) { startMfaEnrollment(input: $i) {
    enrollment { ... on TotpEnrollment { authSession manualInputCode } } } }`;
  const completeEnrollment = `mutation ($i: CompleteMfaEnrollmentInput!) { completeMfaEnrollment(input: $i) {
    result { __typename } session { organization { id } } } }`;
  let count = 0;

  const asAdministrator = async (query: string, i: object): Promise<Json> => {
    const { app } = opened();
    const { data, errors } = await app.ask(query, { token: await app.administrator(), variables: { i } });
    expect(errors).toEqual([]);
    return data;
  };
  const givenApplication = async (more: object = {}): Promise<string> => {
    count += 1;
    const made = await asAdministrator(
      'mutation ($i: CreateApplicationInput!) { createApplication(input: $i) { application { id } } }',
      { name: `App ${count}`, type: 'SINGLE_PAGE', ...more },
    );
    return made.createApplication.application.id;
  };
  const mainConnection = async (): Promise<string> => {
    const { app } = opened();
    const asked = '{ connections(first: 100) { nodes { id name } } }';
    const { data } = await app.ask(asked, { token: await app.administrator() });
    const { nodes } = data?.['connections'] as Json;
    return nodes.find((node: Json) => node.name === 'main').id;
  };
  /** An organization of which the person is a member, open to the users of `main`. */
  const givenOrganization = async (person: Person): Promise<string> => {
    count += 1;
    const { createOrganization } = await asAdministrator(
      'mutation ($i: CreateOrganizationInput!) { createOrganization(input: $i) { organization { id } } }',
      { name: `team${count}` },
    );
    const { id } = createOrganization.organization;
    await asAdministrator(
      'mutation ($i: LinkOrganizationConnectionInput!) { linkOrganizationConnection(input: $i) { __typename } }',
      { organizationId: id, connectionId: await mainConnection() },
    );
    await asAdministrator(
      'mutation ($i: AddOrganizationMembersInput!) { addOrganizationMembers(input: $i) { __typename } }',
      { id, userIds: [person.id] },
    );
    return id;
  };
  const entered = async (person: Person, more: object = {}): Promise<Json> => {
    const i = { identifier: person.email, password, ...more };
    const { data, codes } = await person.ask(signIn, { i });
    return data?.signIn ?? codes;
  };
  const enrol = async (person: Person, mfaToken: string): Promise<Json> => {
    const { data } = await person.ask(startEnrollment, { i: { mfaToken, enrollment: { totp: {} } } });
    const { authSession, manualInputCode } = data.startMfaEnrollment.enrollment;
    const otpCode = codeAt(manualInputCode, opened().clock.now());
    const i = { mfaToken, verification: { totp: { authSession, otpCode } } };
    return (await person.ask(completeEnrollment, { i })).data.completeMfaEnrollment;
  };

  it('an application asks those who come through it', async () => {
    const ada = await opened().person('ada');
    const clientId = await givenApplication();
    const { setMfaPolicy } = await asAdministrator(set, { applicationId: clientId, policy: 'ALWAYS' });
    expect(setMfaPolicy).toEqual({
      ...{ application: { mfaPolicy: 'ALWAYS' }, connection: null, organization: null },
    });
    expect((await entered(ada)).result.__typename).toBe('LoggedIn');
    expect((await entered(ada, { clientId })).result).toMatchObject({
      ...{ __typename: 'MfaChallenge', factors: [] },
    });
    await asAdministrator(set, { applicationId: clientId, policy: 'NEVER' });
    expect((await entered(ada, { clientId })).result.__typename).toBe('LoggedIn');
  });

  it('a connection asks all of its users, who then keep a factor', async () => {
    const bob = await opened().person('bob');
    const connectionId = await mainConnection();
    await asAdministrator(set, { connectionId, policy: 'ALWAYS' });
    try {
      const { result } = await entered(bob);
      expect(result.__typename).toBe('MfaChallenge');
      expect((await enrol(bob, result.mfaToken)).result.__typename).toBe('LoggedIn');
      const method = (await bob.methods()).find(({ type }: Json) => type === 'TOTP');
      const remove =
        'mutation ($i: DeleteMyAuthenticationMethodInput!) { deleteMyAuthenticationMethod(input: $i) { deletedId } }';
      expect((await bob.ask(remove, { i: { id: method.id } })).codes).toEqual(['LAST_AUTHENTICATION_METHOD']);
    } finally {
      await asAdministrator(set, { connectionId, policy: 'NEVER' });
    }
  });

  it('an organization asks when it is named, when it is chosen, and when it is the only one', async () => {
    const eve = await opened().person('eve');
    const strict = await givenOrganization(eve);
    await asAdministrator(set, { organizationId: strict, policy: 'ALWAYS' });
    const clientId = await givenApplication({
      ...{ organizationUsage: 'REQUIRE', organizationRequireBehavior: 'POST_LOGIN_PROMPT' },
    });
    const challenged = { __typename: 'MfaChallenge', factors: [] };
    expect((await entered(eve, { clientId, organizationId: strict })).result).toMatchObject(challenged);
    const only = await entered(eve, { clientId });
    expect([only.session, only.result]).toEqual([null, expect.objectContaining(challenged)]);
    const relaxed = await givenOrganization(eve);
    const pick = async (organizationId: string): Promise<Json> => {
      const { choiceToken } = (await entered(eve, { clientId })).result;
      return (await eve.ask(choose, { i: { choiceToken, organizationId } })).data.chooseOrganization;
    };
    expect((await pick(relaxed)).result.__typename).toBe('LoggedIn');
    const chosen = await pick(strict);
    expect([chosen.session, chosen.result]).toEqual([null, expect.objectContaining(challenged)]);
    expect(await enrol(eve, chosen.result.mfaToken)).toEqual({
      ...{ result: { __typename: 'LoggedIn' }, session: { organization: { id: strict } } },
    });
  });

  it('is set for one place within reach, by who may, and is recorded', async () => {
    const ada = await opened().person('ada');
    const { app } = opened();
    const applicationId = await givenApplication();
    const [own, other] = [await givenOrganization(ada), await givenOrganization(ada)];
    const tried = async (token: string, i: object): Promise<readonly string[]> =>
      (await app.ask(set, { token, variables: { i: { policy: 'ALWAYS', ...i } } })).errors.map(
        ({ extensions }) => extensions.code,
      );
    const none = await app.machine(['update:applications', 'update:organizations']);
    expect(await tried(none, { applicationId })).toEqual(['FORBIDDEN']);
    const may = await app.machine(['update:mfa_policies', 'read:applications']);
    expect(await tried(may, {})).toEqual(['BAD_USER_INPUT']);
    expect(await tried(may, { applicationId, organizationId: own })).toEqual(['BAD_USER_INPUT']);
    expect(await tried(may, { connectionId: 'con_none000000000000' })).toEqual(['NOT_FOUND']);
    const { token: within } = await app.app.product.issueToken({
      ...{ subject: 'desk', clientId: 'desk', permissions: ['update:mfa_policies'], roles: [] },
      ...{ lifetimeSeconds: 900, organizationId: own },
    });
    expect(await tried(within, { applicationId })).toEqual(['NOT_FOUND']);
    expect(await tried(within, { organizationId: other })).toEqual(['NOT_FOUND']);
    expect(await tried(within, { organizationId: own })).toEqual([]);
    const { data } = await app.ask(
      'query ($id: ID) { auditEvents(targetId: $id, action: "mfa_policy.set") { nodes { changedPaths details } } }',
      { token: await app.administrator(), variables: { id: own } },
    );
    expect((data?.['auditEvents'] as Json).nodes).toEqual([
      { changedPaths: ['mfaPolicy'], details: { policy: 'ALWAYS' } },
    ]);
    await asAdministrator(
      'mutation ($i: DeleteOrganizationInput!) { deleteOrganization(input: $i) { __typename } }',
      { id: own },
    );
  });
}
