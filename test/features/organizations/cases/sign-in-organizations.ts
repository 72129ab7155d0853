import { DomainEntity } from '#src/features/organizations/domains/domain.entity';
import type { Answer, TestApp } from '#test/support/app';

type Json = ReturnType<typeof JSON.parse>;

export interface OrganizationScene {
  readonly product: TestApp;
  readonly administrator: string;
  readonly organizationId: string;
  readonly password: string;
  readonly grant: string;
  readonly revoke: string;
  readonly ok: (query: string, variables: Record<string, unknown>) => Promise<Json>;
  readonly codes: (answer: Answer) => unknown[];
  readonly enter: (i: Record<string, unknown>) => Promise<Answer>;
  readonly givenOrganization: (name: string) => Promise<string>;
  readonly givenApplication: (more?: Record<string, unknown>) => Promise<string>;
}

/** Organizations that a sign-in is for, machines inside them, and searches among their members; the scene is there when tests run. */
export function organizationCases(sceneOf: () => OrganizationScene): void {
  let scene: OrganizationScene;
  beforeAll(() => {
    scene = sceneOf();
  });

  describe('1.6 choosing the organization', () => {
    const enterResult = `mutation($i: SignInInput!) { signIn(input: $i) { session { organization { id } } result {
      __typename ... on OrganizationChoice { choiceToken isOptional organizations { id name displayName } } } } }`;
    const choose = `mutation($i: ChooseOrganizationInput!) { chooseOrganization(input: $i) {
      session { organization { id } clients { organizationId } } result { __typename } } }`;
    const prompted = (usage: string, more: Record<string, unknown> = {}): Promise<string> =>
      scene.givenApplication({
        ...{ organizationUsage: usage, organizationRequireBehavior: 'POST_LOGIN_PROMPT', ...more },
      });
    const entered = async (clientId: string, identifier = 'member@example.com'): Promise<Json> => {
      const answer = await scene.product.ask(enterResult, {
        variables: { i: { identifier, password: scene.password, clientId } },
      });
      return answer.data?.['signIn'] ?? answer.errors[0]?.extensions;
    };
    const chosen = async (choiceToken: string, id: string | null): Promise<Json> => {
      const i = { choiceToken, organizationId: id };
      const answer = await scene.product.ask(choose, { variables: { i } });
      return answer.data?.['chooseOrganization'] ?? answer.errors[0]?.extensions;
    };

    it('1.6 after the sign-in those that connection and application open are offered, and one of them is entered once', async () => {
      const [second, closed] = [
        await scene.givenOrganization('second'),
        await scene.givenOrganization('closed'),
      ];
      await scene.ok(
        'mutation($i: UpdateOrganizationInput!) { updateOrganization(input: $i) { organization { id } } }',
        { i: { id: closed, appEntitlementActive: true } },
      );
      const clientId = await prompted('REQUIRE');
      const { session, result } = await entered(clientId);
      expect([session, result.__typename, result.isOptional]).toEqual([null, 'OrganizationChoice', false]);
      const offered = result.organizations.map(({ id }: Json) => id);
      expect(offered.slice(0, 2)).toEqual([scene.organizationId, expect.any(String)]);
      expect(offered).toContain(second);
      expect(offered).not.toContain(closed);
      expect(await chosen(result.choiceToken, null)).toMatchObject({ code: 'FORBIDDEN' });
      const done = await chosen(result.choiceToken, second);
      expect(done).toMatchObject({
        session: { organization: { id: second }, clients: [{ organizationId: second }] },
        result: { __typename: 'LoggedIn' },
      });
      expect(await chosen(result.choiceToken, second)).toMatchObject({ code: 'MFA_TOKEN_INVALID' });
    });

    it('1.6 an organization that was not offered is refused and ends the sign-in, and so is another token', async () => {
      const { result } = await entered(await prompted('REQUIRE'));
      expect(await chosen(result.choiceToken, 'org_0000000000000000')).toMatchObject({ code: 'FORBIDDEN' });
      expect(await chosen(`mfa_${'x'.repeat(43)}`, scene.organizationId)).toMatchObject({
        code: 'MFA_TOKEN_INVALID',
      });
    });

    it('1.6 a single organization is taken without asking, and without any the sign-in is refused', async () => {
      const only = await scene.product.givenUser({ email: 'only@example.com', password: scene.password });
      await scene.product.givenUser({ email: 'nowhere@example.com', password: scene.password });
      const add =
        'mutation($i: AddOrganizationMembersInput!) { addOrganizationMembers(input: $i) { organization { id } } }';
      await scene.ok(add, { i: { id: scene.organizationId, userIds: [only] } });
      const clientId = await prompted('REQUIRE');
      expect(await entered(clientId, 'only@example.com')).toMatchObject({
        session: { organization: { id: scene.organizationId } },
        result: { __typename: 'LoggedIn' },
      });
      expect(await entered(clientId, 'nowhere@example.com')).toMatchObject({ code: 'FORBIDDEN' });
    });

    it('1.6 where organizations are allowed, none may be chosen and who has none is not asked', async () => {
      const clientId = await prompted('ALLOW');
      const { result } = await entered(clientId);
      expect(result.isOptional).toBe(true);
      expect(await chosen(result.choiceToken, null)).toMatchObject({ session: { organization: null } });
      expect(await entered(clientId, 'nowhere@example.com')).toMatchObject({
        session: { organization: null },
        result: { __typename: 'LoggedIn' },
      });
    });

    it('1.6 before the sign-in an organization is found by its proven domain or its exact name, as the application says', async () => {
      const now = Date.now();
      const domain = {
        id: 'dom_1',
        organizationId: scene.organizationId,
        domain: 'acme.example',
        status: 'VERIFIED',
      };
      await scene.product.app.storage.open().transaction((store) =>
        store.insert(DomainEntity, {
          ...{ ...domain, useForOrganizationDiscovery: true, verificationTxt: 'x' },
          ...{ createdAt: now, updatedAt: now, lastCheckedAt: now, verifiedAt: now },
        }),
      );
      const first = { organizationUsage: 'REQUIRE', organizationRequireBehavior: 'PRE_LOGIN_PROMPT' };
      const byMail = await scene.givenApplication(first);
      const byBoth = await scene.givenApplication({
        ...first,
        organizationDiscoveryMethods: ['ORGANIZATION_NAME', 'EMAIL'],
      });
      const find = async (clientId: string, clue: string): Promise<Json> => {
        const query = `{ found: signInOrganizations(clientId: "${clientId}", ${clue}) { id name } }`;
        const answer = await scene.product.ask(query);
        return answer.data?.['found'] ?? answer.errors[0]?.extensions;
      };
      const acme = [{ id: scene.organizationId, name: 'acme' }];
      expect(await find(byMail, 'email: "jo@ACME.example"')).toEqual(acme);
      expect(await find(byMail, 'email: "jo@sub.acme.example"')).toEqual([]);
      expect(await find(byBoth, 'name: "acme"')).toEqual(acme);
      expect(await find(byBoth, 'name: "acm"')).toEqual([]);
      expect(await find(byMail, 'name: "acme"')).toMatchObject({ code: 'BAD_USER_INPUT', field: 'name' });
      expect(await find(byBoth, 'name: "acme", email: "a@b.io"')).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect(await find(await scene.givenApplication(), 'name: "acme"')).toEqual([]);
      expect(await find('app_none', 'name: "acme"')).toEqual([]);
      expect((await scene.enter({ clientId: byMail })).errors[0]?.extensions).toMatchObject({
        ...{ code: 'FORBIDDEN', field: 'organizationId', prompt: 'PRE_LOGIN_PROMPT' },
      });
      expect(
        scene.codes(await scene.enter({ clientId: byMail, organizationId: scene.organizationId })),
      ).toEqual([]);
    });

    it('1.6 a prompt before the sign-in needs that the organization is required', async () => {
      const create =
        'mutation($i: CreateApplicationInput!) { createApplication(input: $i) { application { id } } }';
      const i = { name: 'Asks first', type: 'SINGLE_PAGE', organizationRequireBehavior: 'PRE_LOGIN_PROMPT' };
      const answer = await scene.product.ask(create, { token: scene.administrator, variables: { i } });
      expect(answer.errors[0]?.extensions).toMatchObject({
        ...{ code: 'BAD_USER_INPUT', field: 'organizationRequireBehavior' },
      });
    });
  });

  it('1.6 1.8-15 a machine gets tokens for organizations that were granted it, as its setting says', async () => {
    const create =
      'mutation($i: CreateApplicationInput!) { createApplication(input: $i) { application { id } clientSecret } }';
    const given = async (name: string, more: Record<string, unknown>): Promise<Json> => {
      const i = { name, type: 'MACHINE', ...more };
      const { application, clientSecret } = (await scene.ok(create, { i })).createApplication;
      return { clientId: application.id, clientSecret };
    };
    const exchange =
      'mutation($i: ExchangeClientCredentialsInput!) { exchangeClientCredentials(input: $i) { accessToken } }';
    const tokenFor = async (machine: Json, inside?: string): Promise<Json> => {
      const i = { ...machine, ...(inside === undefined ? {} : { organizationId: inside }) };
      const answer = await scene.product.ask(exchange, { variables: { i } });
      const token = (answer.data?.['exchangeClientCredentials'] as Json)?.accessToken as string | undefined;
      if (token === undefined) return answer.errors[0]?.extensions.code;
      return JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()).org_id ?? 'none';
    };
    const [other, unknown] = [await scene.givenOrganization('machines'), 'org_0000000000000000'];
    const plain = await given('Plain', {});
    const allowed = await given('Allowed', { organizationUsage: 'ALLOW' });
    const required = await given('Required', {
      ...{ organizationUsage: 'REQUIRE', defaultOrganizationId: other },
    });
    const anywhere = await given('Anywhere', { organizationUsage: 'ALLOW', allowAnyOrganization: true });
    await scene.ok(scene.grant, {
      i: { organizationId: other, applicationIds: [allowed.clientId, required.clientId] },
    });
    expect([await tokenFor(plain), await tokenFor(plain, other)]).toEqual(['none', 'FORBIDDEN']);
    expect([await tokenFor(allowed), await tokenFor(allowed, other)]).toEqual(['none', other]);
    expect([await tokenFor(allowed, scene.organizationId), await tokenFor(allowed, unknown)]).toEqual([
      ...['FORBIDDEN', 'FORBIDDEN'],
    ]);
    expect([await tokenFor(required), await tokenFor(required, scene.organizationId)]).toEqual([
      ...[other, 'FORBIDDEN'],
    ]);
    expect([await tokenFor(anywhere, scene.organizationId), await tokenFor(anywhere, unknown)]).toEqual([
      ...[scene.organizationId, 'FORBIDDEN'],
    ]);
    await scene.ok(scene.revoke, { i: { organizationId: other, applicationIds: [required.clientId] } });
    expect(await tokenFor(required)).toBe('FORBIDDEN');
    for (const wrong of [
      { type: 'SINGLE_PAGE', defaultOrganizationId: other },
      { type: 'MACHINE', isFirstParty: false, allowAnyOrganization: true },
    ]) {
      const i = { name: 'Wrong', ...wrong };
      expect(
        scene.codes(await scene.product.ask(create, { token: scene.administrator, variables: { i } })),
      ).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('1.3 among the members of an organization a query finds some, under the rights of who asks', async () => {
    const id = await scene.givenOrganization('searched');
    const found = await scene.product.givenUser({
      email: 'found@example.com',
      name: 'Found',
      password: scene.password,
    });
    const add =
      'mutation($i: AddOrganizationMembersInput!) { addOrganizationMembers(input: $i) { organization { id } } }';
    await scene.ok(add, { i: { id, userIds: [found] } });
    await scene.product.givenUser({
      email: 'found-elsewhere@example.com',
      name: 'Found',
      password: scene.password,
    });
    const query =
      'query($id: ID!, $q: String) { organization(id: $id) { members(q: $q) { totalCount nodes { user { email } } } } }';
    const members = async (q: string, token = scene.administrator): Promise<Json> => {
      const answer = await scene.product.ask(query, { token, variables: { id, q } });
      const list = (answer.data?.['organization'] as Json)?.members;
      return list ?? answer.errors[0]?.extensions.code;
    };
    const one = { totalCount: 1, nodes: [{ user: { email: 'found@example.com' } }] };
    expect(await members('name:found')).toEqual(one);
    expect(await members('email:found@example.com')).toEqual(one);
    expect(await members('email:found-elsewhere@example.com')).toEqual({ totalCount: 0, nodes: [] });
    expect(await members('NOT email:member* AND email.domain:example.com')).toEqual(one);
    expect(await members('')).toMatchObject({ totalCount: 2 });
    expect(await members('name:')).toBe('INVALID_QUERY_STRING');
    expect(await members('shoe:1')).toBe('UNKNOWN_FIELD');
    // Page by page, looked up by an index and member by member: each once.
    const more: string[] = [];
    for (let at = 0; at < 5; at += 1)
      more.push(await scene.product.givenUser({ email: `more${at}@example.com`, name: `Found ${at}` }));
    for (const userId of more) await scene.ok(add, { i: { id, userIds: [userId] } });
    const page = `query($id: ID!, $q: String, $after: String) { organization(id: $id) {
      members(q: $q, first: 2, after: $after) { nodes { user { id } } pageInfo { endCursor hasNextPage } } } }`;
    for (const q of ['email:more*', 'NOT name:found AND NOT email:member*']) {
      const met: string[] = [];
      let after: string | null = null;
      do {
        const { organization } = await scene.ok(page, { id, q, after });
        met.push(...organization.members.nodes.map(({ user }: Json) => user.id));
        const { hasNextPage, endCursor } = organization.members.pageInfo;
        after = hasNextPage ? endCursor : null;
      } while (after !== null);
      expect(met).toEqual(more);
    }
    const machine = await scene.product.machine(['read:organizations', 'read:organization_members']);
    expect(await members('name:found', machine)).toBe('FIELD_NOT_SEARCHABLE');
  });
}
