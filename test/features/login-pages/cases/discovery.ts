import { codeAt } from '#test/features/factors/support/code-at';
import { issuer } from '#test/features/factors/support/factor-scene';
import { home, type LoginScene } from '#test/features/login-pages/support/login-scene';

/** Which way in belongs to an identifier, an application and an organization. */
export function discoveryCases(opened: () => LoginScene): void {
  let scene: LoginScene;
  beforeEach(() => {
    scene = opened();
    scene.provider.account = { sub: 'grace', email: 'grace@corp.example', name: 'Grace Hopper' };
  });

  const identify = async (identifier: string) => {
    const visitor = await scene.visitor().open(scene.page());
    return visitor.send('identify', { identifier });
  };
  const discover = async (identifier: string, organizationId?: string, id = scene.clientId) => {
    const query =
      'query ($identifier: String!, $id: ID, $organizationId: ID) { discoverConnection(identifier: $identifier, clientId: $id, organizationId: $organizationId) { kind connection displayName } }';
    const { data, errors } = await scene.app.ask(query, { variables: { identifier, id, organizationId } });
    expect(errors).toEqual([]);
    return data?.['discoverConnection'];
  };

  it('leads people of a proven domain to their provider, whether anybody has the address or not', async () => {
    const visitor = await identify('anybody@CORP.example ');
    expect(visitor.visit.body).toContain('You sign in at Corp staff');
    const nobody = await identify('grace@corp.example');
    expect(nobody.words.replaceAll('grace%40', '')).toBe(
      visitor.words.replaceAll('anybody%40', '').replaceAll('CORP', 'corp'),
    );
    await visitor.goOn();
    expect(visitor.visit.url).toBe(home);
    expect(await discover('x@corp.example')).toEqual({
      ...{ kind: 'FEDERATED', connection: 'corp', displayName: 'Corp staff' },
    });
  });

  it.each(['x@unproven.example', 'x@sub.corp.example', 'x@other.example', 'name'])(
    '3.8-10 asks for a password of %s',
    async (identifier) => {
      const visitor = await identify(identifier);
      expect(visitor.title).toBe('Enter your password');
      expect(await discover(identifier)).toEqual({ kind: 'PASSWORD', connection: 'main', displayName: null });
    },
  );

  it('3.6 an organization narrows them to its own connections', async () => {
    const { connections } = await scene.admin('{ connections(first: 50) { nodes { id name } } }');
    const idOf = (wanted: string): string =>
      connections.nodes.find(({ name }: { name: string }) => name === wanted).id;
    const clientId = await scene.addApplication({
      ...{ name: 'Narrowed', defaultRedirectUri: home, organizationUsage: 'ALLOW' },
    });
    const given = async (name: string, ...linked: string[]): Promise<string> => {
      const { createOrganization } = await scene.admin(
        'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }',
        { input: { name } },
      );
      const organizationId: string = createOrganization.organization.id;
      for (const each of linked)
        await scene.admin(
          'mutation ($input: LinkOrganizationConnectionInput!) { linkOrganizationConnection(input: $input) { __typename } }',
          { input: { organizationId, connectionId: idOf(each) } },
        );
      return organizationId;
    };
    const [local, staff, none] = [
      await given('narrow-local', 'main'),
      await given('narrow-staff', 'corp'),
      await given('narrow-none'),
    ];
    const main = { kind: 'PASSWORD', connection: 'main', displayName: null };
    const corp = { kind: 'FEDERATED', connection: 'corp', displayName: 'Corp staff' };
    const nothing = { kind: 'CHOICE', connection: null, displayName: null };
    for (const [domain, organizationId, found] of [
      ['corp', local, main],
      ['corp', staff, corp],
      ['other', local, main],
      ['other', staff, corp],
      ['corp', none, nothing],
    ] as const)
      expect(await discover(`x@${domain}.example`, organizationId, clientId)).toEqual(found);
  });

  it('gives a domain to one connection, proves it by the DNS alone, and takes it away', async () => {
    const { connections } = await scene.admin(
      '{ connections(first: 50) { nodes { id name domains { id domain verifiedAt } } } }',
    );
    const corp = connections.nodes.find(({ name }: { name: string }) => name === 'corp');
    expect(corp.domains.map(({ domain }: { domain: string }) => domain)).toEqual([
      'corp.example',
      'unproven.example',
    ]);
    const add = async (connectionId: string, domain: string) => {
      const answer = await scene.app.ask(
        'mutation ($input: CreateConnectionDomainInput!) { createConnectionDomain(input: $input) { __typename } }',
        { token: await scene.app.administrator(), variables: { input: { connectionId, domain } } },
      );
      return answer.errors.map(({ extensions }) => extensions.code);
    };
    const other = connections.nodes.find(({ name }: { name: string }) => name === 'second');
    const main = connections.nodes.find(({ name }: { name: string }) => name === 'main');
    expect(await add(other.id, 'Corp.Example.')).toEqual(['CONFLICT']);
    expect(await add(other.id, 'co.uk')).toEqual(['BAD_USER_INPUT']);
    expect(await add(main.id, 'mine.example')).toEqual(['BAD_USER_INPUT']);
    expect(await add('con_none', 'mine.example')).toEqual(['NOT_FOUND']);
    await scene.addDomain(other.id, 'gone.example', true);
    expect(await discover('x@gone.example')).toMatchObject({ connection: 'second' });
    const again = await scene.admin('{ connections(first: 50) { nodes { name domains { id domain } } } }');
    const [{ id }] = again.connections.nodes.find(({ name }: { name: string }) => name === 'second').domains;
    await scene.admin('mutation ($id: ID!) { deleteConnectionDomain(input: { id: $id }) { deletedId } }', {
      id,
    });
    expect(await discover('x@gone.example')).toMatchObject({ kind: 'PASSWORD' });
  });

  it('3.6 keeps people of a proven domain from making a password account, where its connection wants that', async () => {
    const { connections } = await scene.admin('{ connections(first: 50) { nodes { id name } } }');
    const { id } = connections.nodes.find(({ name }: { name: string }) => name === 'corp');
    const change = async (input: object): Promise<unknown> => {
      const { updateConnection } = await scene.admin(
        'mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) { connection { enforceDomains } } }',
        { input: { id, ...input } },
      );
      return updateConnection.connection.enforceDomains;
    };
    let count = 0;
    const signUp = async (domain: string): Promise<string> => {
      const email = `claimed${(count += 1)}@${domain}`;
      const { errors } = await scene.app.ask(
        'mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }',
        { variables: { input: { email, password: 'plum orchid fairy tale' } }, headers: { origin: issuer } },
      );
      return errors[0]?.extensions.code ?? 'ACCEPTED';
    };
    const all = async (): Promise<string[]> => [
      ...[await signUp('CORP.example'), await signUp('sub.corp.example'), await signUp('unproven.example')],
    ];
    expect([await change({}), await all()]).toEqual([false, ['ACCEPTED', 'ACCEPTED', 'ACCEPTED']]);
    expect([await change({ enforceDomains: true }), await all()]).toEqual([
      true,
      ['LINK_CONFLICT', 'ACCEPTED', 'ACCEPTED'],
    ]);
    // Nobody could come in through a connection that is off.
    await change({ isEnabled: false });
    expect(await signUp('corp.example')).toBe('ACCEPTED');
    expect(await change({ isEnabled: true, enforceDomains: null })).toBe(false);
  });

  it('has a button for each provider that the application admits and that shows one', async () => {
    const visitor = await scene.visitor().open(scene.page());
    expect(visitor.visit.body).toContain('Continue with Corp staff');
    expect(visitor.visit.body).not.toContain('Continue with hidden');
    expect(visitor.visit.body).not.toContain('Continue with foreign');
    await visitor.follow('Continue with Corp staff');
    expect(visitor.visit.url).toBe(home);
  });

  it('PWD-11 asks for the second factor at its own page after the word of a provider', async () => {
    scene.provider.account = { sub: 'factor', email: 'factor@corp.example' };
    const first = await (await scene.visitor().open(scene.page())).follow('Continue with Corp staff');
    const cookie = `gid_session=${first.session ?? ''}`;
    const ask = (query: string) => scene.app.ask(query, { headers: { cookie, origin: issuer } });
    const { data } = await ask(
      'mutation { startEnrollment(input: { totp: { name: "Phone" } }) { enrollment { ... on TotpEnrollment { authSession manualInputCode } } } }',
    );
    const started = data?.['startEnrollment'] as {
      enrollment: { authSession: string; manualInputCode: string };
    };
    const { authSession, manualInputCode: seed } = started.enrollment;
    await ask(
      `mutation { verifyEnrollment(input: { totp: { authSession: "${authSession}", otpCode: "${codeAt(seed, scene.clock.now())}" } }) { result { __typename } } }`,
    );
    await scene.pass(30_000);
    const visitor = await (await scene.visitor().open(scene.page())).follow('Continue with Corp staff');
    expect([visitor.title, visitor.session]).toEqual(['One more step', undefined]);
    const stolen = await scene.visitor().open(visitor.visit.url);
    expect(stolen.title).toBe('Start again');
    await visitor.send('proof', { code: codeAt(seed, scene.clock.now()) });
    expect([visitor.visit.url, typeof visitor.session]).toEqual([home, 'string']);
  });

  it('limits how many sign-ins one network begins', async () => {
    await scene.pass(60_000);
    const begin = () => scene.visitor().browser.request(`${issuer}/login/corp?client_id=${scene.clientId}`);
    const statuses = [];
    for (let count = 0; count < 41; count += 1) statuses.push((await begin()).status);
    expect(statuses.slice(0, 40).every((status) => status === 303)).toBe(true);
    expect(statuses[40]).toBe(429);
    await scene.pass(60_000);
    expect((await begin()).status).toBe(303);
  });
}
