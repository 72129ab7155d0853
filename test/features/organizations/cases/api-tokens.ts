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
}
