import type { OrganizationScene } from '#test/features/organizations/cases/sign-in-organizations';
import type { Answer } from '#test/support/app';

type Json = ReturnType<typeof JSON.parse>;

const dialects = ['ACCESS_TOKEN', 'RFC9068_PROFILE', 'ACCESS_TOKEN_AUTHZ', 'RFC9068_PROFILE_AUTHZ'] as const;
const invoices = 'https://invoices.example';
const orders = 'https://orders.example';
/** One that is held, one that is not, one of another API, a standard scope, and one of them twice. */
const requested = ['read', 'pay', 'ship', 'openid', 'read'];

/** Access tokens for other APIs than the gateway, by whoever signed in; the scene is there when tests run. */
export function apiTokenCases(sceneOf: () => OrganizationScene & { readonly userId: string }): void {
  let scene: ReturnType<typeof sceneOf>;
  let servers: Readonly<Record<string, string>>;
  let clientId: string;
  let tenantRole: string;
  let refreshToken: string;

  const givenServer = async (identifier: string, names: string[]): Promise<Json> => {
    const create = `mutation($i: CreateResourceServerInput!) { createResourceServer(input: $i) { resourceServer {
      id permissions { nodes { id name } } } } }`;
    const permissions = names.map((name) => ({ name }));
    return (await scene.ok(create, { i: { identifier, permissions } })).createResourceServer.resourceServer;
  };
  const givenRole = async (name: string, permissionIds: string[]): Promise<string> => {
    const create =
      'mutation($i: CreateRoleInput!) { createRole(input: $i) { role { id permissions { name } } } }';
    return (await scene.ok(create, { i: { name, permissionIds } })).createRole.role.id as string;
  };
  const setServer = (i: Record<string, unknown>): Promise<Json> =>
    scene.ok(
      'mutation($i: UpdateResourceServerInput!) { updateResourceServer(input: $i) { resourceServer { id } } }',
      { i: { id: servers[invoices], ...i } },
    );
  const signedIn = async (more: Record<string, unknown> = {}): Promise<string> => {
    const signIn = `mutation($i: SignInInput!) { signIn(input: $i) { result {
      ... on LoggedIn { tokens { refreshToken } } } } }`;
    const i = { identifier: 'member@example.com', password: scene.password, clientId, tokens: 'OFFLINE' };
    const { data } = await scene.product.ask(signIn, { variables: { i: { ...i, ...more } } });
    return (data?.['signIn'] as Json).result.tokens.refreshToken as string;
  };
  const exchange = (i: Record<string, unknown>): Promise<Answer> =>
    scene.product.ask(
      'mutation($i: ExchangeRefreshTokenInput!) { exchangeRefreshToken(input: $i) { accessToken refreshToken } }',
      { variables: { i: { refreshToken, clientId, ...i } } },
    );
  /** The claims of the next token; the refresh token that came with it is kept for the one after. */
  const claims = async (i: Record<string, unknown>): Promise<{ said: Json; accessToken: string }> => {
    const { data, errors } = await exchange(i);
    expect(errors).toEqual([]);
    const { accessToken, refreshToken: next } = data?.['exchangeRefreshToken'] as Record<string, string>;
    refreshToken = next as string;
    const [, payload = ''] = (accessToken as string).split('.');
    return {
      accessToken: accessToken as string,
      said: JSON.parse(Buffer.from(payload, 'base64url').toString()),
    };
  };

  describe('2.3 access tokens for other APIs', () => {
    beforeAll(async () => {
      scene = sceneOf();
      const first = await givenServer(invoices, ['pay', 'read', 'refund', 'send']);
      const second = await givenServer(orders, ['ship', 'read']);
      servers = { [invoices]: first.id, [orders]: second.id };
      const idOf = ({ permissions }: Json, wanted: string): string =>
        permissions.nodes.find(({ name }: Json) => name === wanted).id;
      tenantRole = await givenRole('Clerk of both APIs', [
        ...['send', 'read'].map((name) => idOf(first, name)),
        idOf(second, 'ship'),
      ]);
      const inside = await givenRole('Payer', [idOf(first, 'pay')]);
      await scene.ok('mutation($i: AddUserRolesInput!) { addUserRoles(input: $i) { user { id } } }', {
        i: { id: scene.userId, roleIds: [tenantRole] },
      });
      await scene.ok(
        'mutation($i: AddMemberRolesInput!) { addMemberRoles(input: $i) { membership { roles { name } } } }',
        { i: { organizationId: scene.organizationId, userId: scene.userId, roleIds: [inside] } },
      );
      clientId = await scene.givenApplication({ type: 'SINGLE_PAGE' });
      refreshToken = await signedIn();
    });

    it.each([false, true].flatMap((on) => dialects.map((dialect) => [on ? 'on' : 'off', dialect] as const)))(
      '2.6-2 with policies %s a token of %s says what the table says',
      async (word, tokenDialect) => {
        const enforcePolicies = word === 'on';
        await setServer({ enforcePolicies, tokenDialect });
        const { said } = await claims({ audience: invoices, scope: requested });
        expect(said).toMatchObject({ aud: invoices, sub: scene.userId, client_id: clientId });
        expect(said.scope).toBe(enforcePolicies ? 'read' : 'read pay');
        const listed = enforcePolicies && tokenDialect.endsWith('_AUTHZ');
        expect(said.permissions).toEqual(listed ? ['read', 'send'] : undefined);
        for (const name of ['roles', 'permissions_omitted', 'own_permissions', 'roles_omitted'])
          expect(said).not.toHaveProperty(name);
      },
    );

    it('2.6-5 a role mixes permissions of two APIs, and a token for one of them shows that one’s alone', async () => {
      await setServer({ enforcePolicies: true, tokenDialect: 'ACCESS_TOKEN_AUTHZ' });
      await setServer({ id: servers[orders], enforcePolicies: true, tokenDialect: 'ACCESS_TOKEN_AUTHZ' });
      const everything = ['pay', 'read', 'refund', 'send', 'ship'];
      const first = (await claims({ audience: invoices, scope: everything })).said;
      expect([first.aud, first.scope, first.permissions]).toEqual([invoices, 'read send', ['read', 'send']]);
      const second = (await claims({ audience: orders, scope: everything })).said;
      expect([second.aud, second.scope, second.permissions]).toEqual([orders, 'ship', ['ship']]);
    });

    it('2.2 JWT-05 inside an organization a token says what the membership brings, and nothing tenant-wide', async () => {
      const outside = refreshToken;
      refreshToken = await signedIn({ organizationId: scene.organizationId });
      const { said } = await claims({ audience: invoices, scope: ['read', 'pay'] });
      expect([said.org_id, said.scope, said.permissions]).toEqual([scene.organizationId, 'pay', ['pay']]);
      refreshToken = outside;
    });

    it('B27 a token for another API is none for the gateway, whatever its permissions are called', async () => {
      await givenServer('https://twin.example', ['read:users', 'grant:any']);
      const { said, accessToken } = await claims({
        audience: 'https://twin.example',
        scope: ['read:users', 'grant:any'],
      });
      expect(said.scope).toBe('read:users grant:any');
      const { errors } = await scene.product.ask('{ viewer { kind } }', { token: accessToken });
      expect(scene.codes({ errors } as Answer)).toEqual(['UNAUTHENTICATED']);
    });

    it('the gateway’s own audience, an unknown one and a scope without one are refused, and the refresh token stays good', async () => {
      const own = scene.product.app.platform.config.sessions.audience;
      const given = refreshToken;
      for (const i of [
        { audience: own, scope: ['read:users'] },
        { audience: 'urn:gatehouse:api' },
        { audience: 'https://nowhere.example' },
        { scope: ['read'] },
      ]) {
        expect(scene.codes(await exchange(i))).toEqual(['VALIDATION_FAILED']);
      }
      refreshToken = given;
      expect((await claims({})).said.aud).toBe(own);
    });

    it('100 scopes may be asked for and not 101; what would not fit into a token is refused', async () => {
      const scope = Array.from({ length: 101 }, (_, n) => `do:${n}${'x'.repeat(60)}`);
      await givenServer('https://wide.example', scope);
      const wide = { audience: 'https://wide.example' };
      expect(scene.codes(await exchange({ ...wide, scope }))).toEqual(['LIMIT_EXCEEDED']);
      expect(scene.codes(await exchange({ ...wide, scope: scope.slice(0, 100) }))).toEqual([
        'VALIDATION_FAILED',
      ]);
      const most = Array.from({ length: 100 }, (_, n) => `unknown:${n}`);
      expect((await claims({ ...wide, scope: most })).said.scope).toBe('');
    });

    it('2.6-3 a role that is taken away is missing in the next token', async () => {
      await scene.ok('mutation($i: RemoveUserRolesInput!) { removeUserRoles(input: $i) { user { id } } }', {
        i: { id: scene.userId, roleIds: [tenantRole] },
      });
      const { said } = await claims({ audience: invoices, scope: ['read'] });
      expect([said.scope, said.permissions]).toEqual(['', []]);
    });
  });

  describe('1.6, 2.3 tokens of machines for other APIs, and the quota of an organization', () => {
    const billing = 'https://billing.example';
    let machine: { id: string; secret: string };
    const claimsOf = (token: string): Json =>
      JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const ask = (i: Record<string, unknown> = {}): Promise<Answer> =>
      scene.product.ask(
        'mutation($i: ExchangeClientCredentialsInput!) { exchangeClientCredentials(input: $i) { accessToken permissions } }',
        { variables: { i: { clientId: machine.id, clientSecret: machine.secret, ...i } } },
      );
    const said = async (i: Record<string, unknown>): Promise<Json> => {
      const { data, errors } = await ask(i);
      expect(errors).toEqual([]);
      return claimsOf((data?.['exchangeClientCredentials'] as Json).accessToken);
    };
    const setQuota = (tokenQuota: object | null): Promise<Json> =>
      scene.ok(
        'mutation($i: UpdateOrganizationInput!) { updateOrganization(input: $i) { organization { tokenQuota { perHour perDay enforce } } } }',
        { i: { id: scene.organizationId, tokenQuota } },
      );
    let billingId: string;

    beforeAll(async () => {
      const server = await givenServer(billing, ['bill', 'read', 'void']);
      billingId = server.id;
      const made = await scene.ok(
        'mutation($i: CreateApplicationInput!) { createApplication(input: $i) { application { id } clientSecret } }',
        {
          i: {
            name: 'Billing robot',
            type: 'MACHINE',
            organizationUsage: 'ALLOW',
            allowAnyOrganization: true,
          },
        },
      );
      machine = {
        id: made.createApplication.application.id,
        secret: made.createApplication.clientSecret,
      };
      const permissionIds = server.permissions.nodes
        .filter(({ name }: Json) => name !== 'void')
        .map(({ id }: Json) => id);
      await scene.ok(
        'mutation($i: AddApplicationPermissionsInput!) { addApplicationPermissions(input: $i) { application { id } } }',
        { i: { id: machine.id, permissionIds } },
      );
    });

    it.each([false, true].flatMap((on) => dialects.map((dialect) => [on ? 'on' : 'off', dialect] as const)))(
      '2.6-2 with policies %s a machine’s token of %s says what it was granted, and never more',
      async (word, tokenDialect) => {
        const enforcePolicies = word === 'on';
        await setServer({ id: billingId, enforcePolicies, tokenDialect });
        const narrow = await said({ audience: billing, scope: ['read', 'void', 'ship', 'openid', 'read'] });
        expect(narrow).toMatchObject({ aud: billing, sub: machine.id, client_id: machine.id, scope: 'read' });
        const listed = enforcePolicies && tokenDialect.endsWith('_AUTHZ');
        expect(narrow.permissions).toEqual(listed ? ['bill', 'read'] : undefined);
        expect(narrow).not.toHaveProperty('org_id');
        expect((await said({ audience: billing })).scope).toBe('bill read');
      },
    );

    it('1.6 carries the organization; one that the machine may not act for is refused', async () => {
      const inside = await said({ audience: billing, organizationId: scene.organizationId });
      expect([inside.org_id, inside.aud]).toEqual([scene.organizationId, billing]);
      const unknown = await ask({ audience: billing, organizationId: 'org_0000000000000000' });
      expect(scene.codes(unknown)).toEqual(['FORBIDDEN']);
    });

    it('B27 such a token is none for the gateway, and an API without a grant is answered like one that does not exist', async () => {
      const { data } = await ask({ audience: billing });
      const token = (data?.['exchangeClientCredentials'] as Json).accessToken;
      const gateway = await scene.product.ask('{ viewer { kind } }', { token });
      expect(scene.codes(gateway)).toEqual(['UNAUTHENTICATED']);
      const refused = [await ask({ audience: invoices }), await ask({ audience: 'https://nowhere.example' })];
      expect(scene.codes(refused[0] as Answer)).toEqual(['FORBIDDEN']);
      expect(refused[0]?.errors).toEqual(refused[1]?.errors);
      const own = scene.product.app.platform.config.sessions.audience;
      for (const i of [{ audience: own }, { scope: ['read'] }])
        expect(scene.codes(await ask(i))).toEqual(['VALIDATION_FAILED']);
      const scope = Array.from({ length: 101 }, (_, n) => `s:${n}`);
      expect(scene.codes(await ask({ audience: billing, scope }))).toEqual(['LIMIT_EXCEEDED']);
      expect(scene.codes(await ask({ audience: billing, scope: scope.slice(1) }))).toEqual([]);
    });

    it('1.1 the token within the quota of the organization is given, the next is refused, in parallel as well', async () => {
      const { organizationId } = scene;
      await setQuota({ perDay: 3 });
      const some = await Promise.all(Array.from({ length: 5 }, () => ask({ organizationId })));
      const codes = some.flatMap((answer) => scene.codes(answer));
      expect(codes).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
      const refused = (await ask({ organizationId, audience: billing })).errors[0]?.extensions;
      expect(refused).toMatchObject({ field: 'organizationId', limit: 3, current: 4 });
      expect(refused?.['retryAfter']).toBeGreaterThan(0);
      expect(scene.codes(await ask())).toEqual([]);
      await setQuota({ perDay: 3, enforce: false });
      expect(scene.codes(await ask({ organizationId }))).toEqual([]);
      const events = await scene.ok(
        'query($id: ID!) { auditEvents(targetType: "Application", targetId: $id, first: 1) { nodes { details } } }',
        { id: machine.id },
      );
      expect(events.auditEvents.nodes[0].details).toMatchObject({ organizationId, isBeyondQuota: true });
      await setQuota(null);
      expect(scene.codes(await ask({ organizationId }))).toEqual([]);
    });
  });
}
