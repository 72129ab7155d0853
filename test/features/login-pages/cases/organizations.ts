import { AttemptCounterEntity } from '#src/features/attack-protection/attempt-counter.entity';
import { DomainEntity } from '#src/features/organizations/domains/domain.entity';
import { codeAt } from '#test/features/factors/support/code-at';
import { issuer, password, type Person } from '#test/features/factors/support/factor-scene';
import { givenOrganization, home, type LoginScene } from '#test/features/login-pages/support/login-scene';
import type { Visitor } from '#test/features/login-pages/support/visitor';

/** Which organization a sign-in is for, asked before it or after it; 1.6. */
export function organizationCases(opened: () => LoginScene): void {
  let scene: LoginScene;
  let acme: string;
  let umbrella: string;
  let member: Person;
  let stranger: Person;
  let made = 0;
  beforeAll(async () => {
    scene = opened();
    [acme, umbrella] = [
      await givenOrganization(scene, 'acme', 'Acme <Works>'),
      await givenOrganization(scene, 'umbrella'),
    ];
    [member, stranger] = [await scene.person('member'), await scene.person('stranger')];
    for (const organizationId of [acme, umbrella]) await join(organizationId, member.id);
  });

  const join = (id: string, userId: string) =>
    scene.admin(
      'mutation ($input: AddOrganizationMembersInput!) { addOrganizationMembers(input: $input) { __typename } }',
      { input: { id, userIds: [userId] } },
    );
  const application = (prompt: string, more: object = {}): Promise<string> =>
    scene.addApplication({
      ...{ name: `Portal ${(made += 1)}`, callbacks: ['https://shop.example/cb'], defaultRedirectUri: home },
      ...{ organizationUsage: 'REQUIRE', organizationRequireBehavior: `${prompt}_LOGIN_PROMPT`, ...more },
    });
  const identified = async (clientId: string, { email }: Pick<Person, 'email'>): Promise<Visitor> => {
    const visitor = await scene.visitor().open(scene.page({ client_id: clientId }));
    return visitor.send('identify', { identifier: email });
  };
  const entered = async (clientId: string, who: Person): Promise<Visitor> =>
    (await identified(clientId, who)).send('password', { password });
  const inside = async (visitor: Visitor) => {
    const headers = { cookie: `gid_session=${visitor.session ?? ''}`, origin: issuer };
    const { data } = await scene.app.ask('{ currentSession { organization { id } } }', { headers });
    return (data?.['currentSession'] as { organization: { id: string } | null } | null)?.organization;
  };

  it('asks for the name before the password where the application takes names', async () => {
    const clientId = await application('PRE', {
      organizationDiscoveryMethods: ['EMAIL', 'ORGANIZATION_NAME'],
    });
    const visitor = await identified(clientId, member);
    expect(visitor.title).toBe('Choose your organization');
    await visitor.send('organization', { organization: 'nothing' });
    expect(visitor.problem).toBe('There is no organization of this name.');
    await visitor.send('organization', { organization: 'Acme' });
    await visitor.send('password', { password });
    expect([visitor.visit.url, await inside(visitor)]).toEqual([home, { id: acme }]);
    const other = await scene.visitor().open(scene.page({ client_id: clientId, organization: acme }));
    await other.send('identify', { identifier: stranger.email });
    await other.send('password', { password });
    expect([other.problem, other.session]).toEqual(['You cannot sign in to this organization.', undefined]);
  });

  it('finds it by the proven domain of the address, offers several, and takes no other', async () => {
    const clientId = await application('PRE');
    const unknown = await identified(clientId, member);
    expect([unknown.title, unknown.problem]).toEqual([
      'Sign in',
      'No organization here is known by this address.',
    ]);
    const prove = (id: string, organizationId: string, domain: string) => {
      const times = { createdAt: 1, updatedAt: 1, lastCheckedAt: 1, verifiedAt: 1 };
      const row = { id, organizationId, domain, status: 'VERIFIED', verificationTxt: 'x', ...times };
      return scene.app.app.storage
        .open()
        .transaction((store) => store.insert(DomainEntity, { ...row, useForOrganizationDiscovery: true }));
    };
    await prove('dom_a', acme, 'both.example');
    expect((await identified(clientId, { email: 'x@both.example' })).title).toBe('Enter your password');
    await prove('dom_u', umbrella, 'both.example');
    const visitor = await identified(clientId, { email: 'x@both.example' });
    expect(visitor.visit.body).toContain('Acme &#60;Works&#62;</button>');
    const [form] = visitor.forms();
    await visitor.open(`${issuer}/login`, { ...form?.hidden, value: 'org_0000000000000000' });
    expect(visitor.title).toBe('Choose your organization');
    await visitor.send('organization', {}, umbrella);
    expect(visitor.title).toBe('Enter your password');
  });

  it('offers after the password what the person may enter, and one choice is good once', async () => {
    const clientId = await application('POST');
    const visitor = await entered(clientId, member);
    expect([visitor.title, visitor.session]).toEqual(['Choose your organization', undefined]);
    const [form] = visitor.forms();
    await visitor.send('choose', {}, umbrella);
    expect([visitor.visit.url, await inside(visitor)]).toEqual([home, { id: umbrella }]);
    await visitor.open(`${issuer}/login`, form?.hidden);
    expect(visitor.problem).toContain('took too long, or was finished already');
    const alone = await entered(clientId, stranger);
    expect([alone.problem, alone.session]).toEqual(['You cannot sign in to this organization.', undefined]);
  });

  it('ends the sign-in at an organization that was not offered, and at none where one is required', async () => {
    const clientId = await application('POST');
    for (const value of ['org_0000000000000000', '']) {
      const visitor = await entered(clientId, member);
      const [form] = visitor.forms();
      await visitor.open(`${issuer}/login`, { ...form?.hidden, value });
      expect([visitor.title, visitor.session]).toEqual(['Sign in', undefined]);
      expect(visitor.problem).not.toBeNull();
    }
  });

  it('offers to go on without one where the application only allows organizations', async () => {
    const visitor = await entered(await application('POST', { organizationUsage: 'ALLOW' }), member);
    await visitor.send('choose', {}, '');
    expect([visitor.visit.url, await inside(visitor)]).toEqual([home, null]);
  });

  it('remembers the device although the organization is still to be chosen', async () => {
    const clientId = await application('POST');
    await member.signIn();
    const { seed } = await member.enrollTotp(scene.clock.now());
    await scene.pass(30_000);
    const visitor = await entered(clientId, member);
    await visitor.send('proof', { code: codeAt(seed, scene.clock.now()), remember: '1' });
    expect(visitor.title).toBe('Choose your organization');
    await visitor.send('choose', {}, acme);
    expect(await inside(visitor)).toEqual({ id: acme });
    await visitor.open(scene.page({ client_id: clientId }));
    await visitor.send('identify', { identifier: member.email });
    await visitor.send('password', { password });
    expect(visitor.title).toBe('Choose your organization');
  });

  /** An organization that asks for a second factor whatever the deployment does. */
  const givenStrict = async (name: string, userId: string): Promise<string> => {
    const organizationId = await givenOrganization(scene, name);
    await join(organizationId, userId);
    await scene.admin(
      'mutation ($input: SetMfaPolicyInput!) { setMfaPolicy(input: $input) { __typename } }',
      {
        input: { organizationId, policy: 'ALWAYS' },
      },
    );
    return organizationId;
  };
  const shownKey = (visitor: Visitor): string =>
    /Key: <span class="code">([^<]*)</.exec(visitor.visit.body)?.[1] ?? '';

  it('an organization that wants a second factor has one set up by who has none, and another one does not', async () => {
    const clientId = await application('POST');
    const newcomer = await scene.person('newcomer');
    const strict = await givenStrict('strict', newcomer.id);
    await join(umbrella, newcomer.id);
    const relaxed = await entered(clientId, newcomer);
    await relaxed.send('choose', {}, umbrella);
    expect([relaxed.visit.url, await inside(relaxed)]).toEqual([home, { id: umbrella }]);
    const visitor = await entered(clientId, newcomer);
    await visitor.send('choose', {}, strict);
    expect([visitor.title, visitor.session]).toEqual(['Set up a second step', undefined]);
    const key = shownKey(visitor);
    await visitor.send('enroll', { code: '000000' });
    expect([visitor.problem, shownKey(visitor), visitor.session]).toEqual([
      expect.stringContaining('not right'),
      key,
      undefined,
    ]);
    await visitor.send('enroll', { code: codeAt(key, scene.clock.now()) });
    expect([visitor.visit.url, await inside(visitor)]).toEqual([home, { id: strict }]);
  });

  it('such an organization asks for the factor of whoever has one, and as well where it was named before the password', async () => {
    const holder = await scene.person('holder');
    const strict = await givenStrict('stricter', holder.id);
    await join(umbrella, holder.id);
    const named = await identified(
      await application('PRE', { organizationDiscoveryMethods: ['ORGANIZATION_NAME'] }),
      holder,
    );
    await named.send('organization', { organization: 'stricter' });
    await named.send('password', { password });
    expect([named.title, named.session]).toEqual(['Set up a second step', undefined]);
    // At the choice nothing was asked for; then there is a factor.
    const visitor = await entered(await application('POST'), holder);
    expect(visitor.title).toBe('Choose your organization');
    await holder.signIn();
    const { seed } = await holder.enrollTotp(scene.clock.now());
    await scene.pass(30_000);
    await visitor.send('choose', {}, strict);
    expect([visitor.title, visitor.session]).toEqual(['One more step', undefined]);
    await visitor.send('proof', { code: '000000' });
    expect([visitor.problem, visitor.session]).toEqual([expect.stringContaining('not right'), undefined]);
    await visitor.send('proof', { code: codeAt(seed, scene.clock.now()) });
    expect([visitor.visit.url, await inside(visitor)]).toEqual([home, { id: strict }]);
  });

  it('offers them after the word of a provider too, in the browser that began', async () => {
    scene.provider.account = { sub: 'many', email: 'many@corp.example', name: 'Many' };
    const clientId = await application('POST');
    const first = await (await scene.visitor().open(scene.page())).follow('Continue with Corp staff');
    const headers = { cookie: `gid_session=${first.session ?? ''}`, origin: issuer };
    const { data } = await scene.app.ask('{ me { id } }', { headers });
    const { connections } = await scene.admin('{ connections(first: 50) { nodes { id name } } }');
    const corp = connections.nodes.find(({ name }: { name: string }) => name === 'corp');
    for (const organizationId of [acme, umbrella]) {
      await join(organizationId, (data?.['me'] as { id: string }).id);
      await scene.admin(
        'mutation ($input: LinkOrganizationConnectionInput!) { linkOrganizationConnection(input: $input) { __typename } }',
        { input: { organizationId, connectionId: corp.id } },
      );
    }
    const visitor = await scene.visitor().open(scene.page({ client_id: clientId }));
    await visitor.follow('Continue with Corp staff');
    expect([visitor.title, visitor.session]).toEqual(['Choose your organization', undefined]);
    expect((await scene.visitor().open(visitor.visit.url)).title).toBe('Start again');
    await visitor.send('choose', {}, umbrella);
    expect([visitor.visit.url, await inside(visitor)]).toEqual([home, { id: umbrella }]);
  });

  it('counts clues and tokens that lead nowhere by the network, and none that lead somewhere', async () => {
    const clientId = await application('PRE', { organizationDiscoveryMethods: ['ORGANIZATION_NAME'] });
    const codes = async (query: string) =>
      (await scene.app.ask(query)).errors.map(({ extensions }) => extensions.code);
    const clue = (name: string) =>
      codes(`{ signInOrganizations(clientId: "${clientId}", name: "${name}") { id } }`);
    const choice = `mutation { chooseOrganization(input: { choiceToken: "mfa_${'x'.repeat(43)}" }) { result { __typename } } }`;
    expect([await clue('acme'), await clue('nothing'), await codes(choice)]).toEqual([
      [],
      [],
      ['MFA_TOKEN_INVALID'],
    ]);
    // So many as if 98 had been wrong.
    await scene.app.app.storage.open().transaction(async (store) => {
      const since = scene.clock.now() + 98 * 36_000;
      expect(await store.update(AttemptCounterEntity, { kind: 'organization_clues' }, { since })).toBe(1);
    });
    expect([await clue('nothing'), await codes(choice)]).toEqual([[], ['MFA_TOKEN_INVALID']]);
    expect([await clue('acme'), await codes(choice)]).toEqual([['TOO_MANY_ATTEMPTS'], ['TOO_MANY_ATTEMPTS']]);
    await scene.pass(36_000);
    expect(await clue('acme')).toEqual([]);
    expect(await clue('acme')).toEqual([]);
    expect(await clue('no')).toEqual([]);
    expect(await clue('acme')).toEqual(['TOO_MANY_ATTEMPTS']);
    await scene.pass(3_600_000);
  });
}
