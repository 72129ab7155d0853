import type { ServerResponse } from 'node:http';
import { sql } from '#src/storage/sql';
import { providerPresets, type ProviderPreset } from '#src/features/providers/oauth/provider-presets';
import { TestBrowser } from '#test/support/browser';
import { everythingStored } from '#test/support/stored-text';
import { issuer, type ProviderScene } from './provider-word.http.test';

/** How far the word of a provider goes: about addresses, memberships and groups. */
export function trustCases(current: () => ProviderScene): void {
  const connect = async (name: string, strategy: string, oauth: object): Promise<string> => {
    const made = await current().mutate(
      'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
      { input: { name, strategy, oauth: { clientId: 'gatehouse', clientSecret: 'secret', ...oauth } } },
    );
    return made['createConnection']?.['connection']?.['id'] as string;
  };
  const meAfter = async (claims: Record<string, unknown>, connection: string) => {
    const { browser, code } = await current().signIn(claims, connection);
    expect(code).toBeUndefined();
    const { id } = (await current().me(browser)) as { id: string };
    const { user } = await current().query(
      `{ user(id: "${id}") { id email emailVerified identities { connection } } }`,
    );
    return user as { id: string; email: string | null; emailVerified: boolean | null };
  };

  it('1.2 keeps how the provider says that it proved who somebody is, and nothing that is no short text', async () => {
    const { app } = current();
    const said = async (claims: Record<string, unknown>): Promise<unknown> => {
      const { browser } = await current().signIn({ sub: 'worded', ...claims });
      const cookie = `gid_session=${browser.cookie(issuer, 'gid_session') ?? ''}`;
      const { data } = await app.ask(
        '{ currentSession { assurance authenticationMethods { name connection providerAcr providerAmr } } }',
        { headers: { cookie, 'sec-fetch-site': 'same-origin' } },
      );
      return data?.['currentSession'];
    };
    const method = { name: 'federated', connection: 'hostile' };
    const kept = (providerAcr: string | null, providerAmr: readonly string[] | null) => ({
      ...{ assurance: 'AAL1', authenticationMethods: [{ ...method, providerAcr, providerAmr }] },
    });
    expect(await said({ acr: 'phr', amr: ['pwd', 'mfa'] })).toEqual(kept('phr', ['pwd', 'mfa']));
    expect(await said({})).toEqual(kept(null, null));
    expect(await said({ acr: 2, amr: 'pwd' })).toEqual(kept(null, null));
    const long = 'x'.repeat(256);
    const many = Array.from({ length: 20 }, (_, at) => `m${at}`);
    expect(await said({ acr: long, amr: ['', long, 7, null, ...many] })).toEqual(
      kept(null, many.slice(0, 10)),
    );
  });

  it('3.8-5 makes a separate user, unverified, of somebody whom Microsoft names with the address of another', async () => {
    const { app, hostile, query } = current();
    const email = 'victim@entra.example';
    const victim = await app.givenUser({ email, emailVerified: true, password: 'correct horse battery' });
    await connect('entra', 'waad', { issuer: hostile.issuer });
    // A tenant of the attacker's own says what it likes.
    const claims = { sub: 'pairwise', oid: 'o-1', tid: 't-1', email, email_verified: true, xms_edov: true };
    const user = await meAfter(claims, 'entra');
    expect(user).toEqual({
      ...{ id: user.id, email, emailVerified: false },
      identities: [{ connection: 'entra' }],
    });
    expect(user.id).not.toBe(victim);
    expect(await query(`{ user(id: "${victim}") { emailVerified identities { connection } } }`)).toEqual({
      user: { emailVerified: true, identities: [{ connection: 'main' }] },
    });
  });

  it('3.5 another address from the provider signs everybody out who was signed in, and is told to the former one', async () => {
    const { app, mutate } = current();
    const mails = async (to: string) =>
      (
        await app.app.platform.storage
          .open()
          .query<{ template: string }>(
            sql`SELECT template AS "template" FROM outbox_messages WHERE recipient = ${to}`,
            { template: 'text' },
          )
      ).map(({ template }) => template);
    const connectionId = await connect('moving', 'oidc', { issuer: current().hostile.issuer });
    await mutate(
      'mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) { connection { id } } }',
      { input: { id: connectionId, emailVerifiedPolicy: 'TRUST_CLAIM' } },
    );
    const [before, after] = ['moving@old.example', 'moving@new.example'];
    const claims = { sub: 'moving', email: before, email_verified: true };
    const first = await current().signIn(claims, 'moving');
    const again = await current().signIn(claims, 'moving');
    expect(await current().me(first.browser)).not.toBeNull();
    expect(await mails(before)).toEqual([]);
    const user = await meAfter({ ...claims, email: after, email_verified: false }, 'moving');
    expect(user).toMatchObject({ email: after, emailVerified: false });
    for (const { browser } of [first, again]) expect(await current().me(browser)).toBeNull();
    expect([await mails(before), await mails(after)]).toEqual([['email-followed'], []]);
  });

  it('3.8-7 keeps what a connection denies out of database, log, graph and audit trail, whatever becomes of the sign-in', async () => {
    const { app, hostile, signIn, mutate, query, heard } = current();
    const denied = 'denied-and-kept-nowhere';
    await connect('denying', 'oidc', { issuer: hostile.issuer });
    await mutate(
      'mutation ($input: AddBlacklistedAttributesInput!) { addBlacklistedAttributes(input: $input) { __typename } }',
      { input: { scope: 'CONNECTION', scopeId: 'denying', names: ['nickname', 'favourite_colour'] } },
    );
    const claims = { sub: 'denied', name: 'Kept-and-found', nickname: denied, favourite_colour: denied };
    hostile.profile = { sub: 'denied', nickname: denied, favourite_colour: { deep: [denied] } };
    expect((await signIn(claims, 'denying')).code).toBeUndefined();
    hostile.profile = { ...hostile.profile, department: 'x'.repeat(70_000) };
    expect((await signIn(claims, 'denying')).code).toBe('LOGIN_FAILED');
    const stored = await everythingStored(app.app.platform.storage);
    const shown = await query(
      '{ user(id: "oidc|denying|denied") { name nickname attributes identities { profileData } } auditEvents(first: 100) { nodes { action details changedPaths } } }',
    );
    expect([stored, JSON.stringify(shown)]).toEqual([
      expect.stringContaining('Kept-and-found'),
      expect.stringContaining('Kept-and-found'),
    ]);
    expect(heard.length).toBeGreaterThan(0);
    for (const place of [stored, JSON.stringify(shown), heard.join()]) expect(place).not.toContain(denied);
  });

  it('3.8-6 takes from GitHub only an address that is primary and verified', async () => {
    const { hostile } = current();
    const presets = providerPresets as Record<string, ProviderPreset>;
    const real = presets['github'] as ProviderPreset;
    const at = (path: string): string => `${hostile.issuer}${path}`;
    presets['github'] = {
      ...real,
      endpoints: {
        ...{ authorization: at('/authorize'), token: at('/token'), userinfo: at('/profile') },
        emails: at('/emails'),
      },
    };
    try {
      await connect('github', 'github', {});
      hostile.tokenAnswer = (response: ServerResponse) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ access_token: 'a', token_type: 'bearer' }));
      };
      const entry = { email: 'octo@example.com', primary: true };
      hostile.profile = { id: 583231, login: 'octo', email: 'octo@example.com' };
      for (const emails of [
        [{ ...entry, verified: false }],
        [{ ...entry, primary: false, verified: true }],
        [],
      ]) {
        hostile.emails = emails;
        expect(await meAfter({}, 'github')).toMatchObject({
          ...{ id: 'github|583231', email: null, emailVerified: null },
        });
      }
      hostile.emails = [{ ...entry, verified: true }];
      expect(await meAfter({}, 'github')).toMatchObject({ email: entry.email, emailVerified: true });
    } finally {
      presets['github'] = real;
    }
  });

  it('3.8-11 adds a membership at the first sign-in, with its roles, and nothing at the second', async () => {
    const { hostile, mutate, query } = current();
    const connectionId = await connect('joining', 'oidc', { issuer: hostile.issuer });
    const organization = await mutate(
      'mutation { createOrganization(input: { name: "joined" }) { organization { id } } }',
      {},
    );
    const organizationId = organization['createOrganization']?.['organization']?.['id'] as string;
    const role = await mutate('mutation { createRole(input: { name: "Joiner" }) { role { id } } }', {});
    const defaultRoleIds = [role['createRole']?.['role']?.['id']];
    await mutate(
      'mutation ($input: LinkOrganizationConnectionInput!) { linkOrganizationConnection(input: $input) { __typename } }',
      { input: { organizationId, connectionId, assignMembershipOnLogin: true, defaultRoleIds } },
    );
    const members = `{ organization(id: "${organizationId}") { members { nodes { user { id } roles { name } } } }
      auditEvents(first: 50, action: "organization.join") { nodes { targetId } } }`;
    const seen: unknown[] = [];
    for (let times = 0; times < 2; times += 1) {
      const { id } = await meAfter({ sub: 'joiner' }, 'joining');
      const data = await query(members);
      expect(data).toEqual({
        organization: { members: { nodes: [{ user: { id }, roles: [{ name: 'Joiner' }] }] } },
        auditEvents: { nodes: [expect.anything()] },
      });
      seen.push(data);
    }
    expect(seen[1]).toEqual(seen[0]);
  });

  it('3.6 syncMembership lets in whom the provider names in a group, and removes who came so and is named no more', async () => {
    const { hostile, app, clientId, mutate, query } = current();
    const idOf = async (text: string, field: string, of: string, input: object): Promise<string> =>
      (await mutate(text, { input }))[field]?.[of]?.['id'] as string;
    const connectionId = await connect('following', 'oidc', { issuer: hostile.issuer });
    const create =
      'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }';
    const organizationId = await idOf(create, 'createOrganization', 'organization', { name: 'followed' });
    const follows = { organizationId, assignMembershipOnLogin: true, syncMembership: true };
    for (const id of [connectionId, await current().connectionId('other')])
      await mutate(
        'mutation ($input: LinkOrganizationConnectionInput!) { linkOrganizationConnection(input: $input) { __typename } }',
        { input: { ...follows, connectionId: id, membershipGroups: ['staff', 'guests'] } },
      );
    await mutate(
      'mutation ($input: UpdateApplicationInput!) { updateApplication(input: $input) { __typename } }',
      { input: { id: clientId, organizationUsage: 'ALLOW' } },
    );
    const byHand = await app.givenUser({ email: 'by-hand@followed.example' });
    await mutate(
      'mutation ($input: AddOrganizationMembersInput!) { addOrganizationMembers(input: $input) { __typename } }',
      { input: { id: organizationId, userIds: [byHand] } },
    );
    const members = async (): Promise<string[]> => {
      const { organization } = await query(
        `{ organization(id: "${organizationId}") { members { nodes { user { id } } } } }`,
      );
      const { nodes } = (organization as { members: { nodes: { user: { id: string } }[] } }).members;
      return nodes.map(({ user }) => user.id).sort();
    };
    const inside = async (groups: unknown) => {
      const browser = new TestBrowser({ [issuer]: app.url });
      const address = await current().begin(browser, 'following', `&organization=${organizationId}`);
      hostile.lies = { claims: { sub: 'follower', groups } };
      const { body } = await browser.visit(address, 'https://shop.example');
      return { browser, code: /Code: (\w+)/.exec(body)?.[1] };
    };
    const follower = 'oidc|following|follower';
    const both = [byHand, follower].sort();
    // Whom no group names has an account, and no membership, whatever it signs in for.
    await meAfter({ sub: 'follower', groups: ['Staff', 'others'] }, 'following');
    expect(await members()).toEqual([byHand]);
    expect((await inside(['others'])).code).toBe('FORBIDDEN');
    const within = await inside('others guests');
    expect(within.code).toBeUndefined();
    expect(await members()).toEqual(both);
    expect(await current().me(within.browser)).toMatchObject({ id: follower });
    await meAfter({ sub: 'follower', groups: ['staff'] }, 'following');
    expect(await members()).toEqual(both);
    // Another provider of the same person does not take back what this one gave.
    const { id: secondaryUserId } = await meAfter({ sub: 'second', groups: [] }, 'other');
    await mutate('mutation ($input: LinkIdentityInput!) { linkIdentity(input: $input) { __typename } }', {
      input: { userId: follower, secondaryUserId },
    });
    expect((await meAfter({ sub: 'second', groups: [] }, 'other')).id).toBe(follower);
    expect(await members()).toEqual(both);
    // Refused at the organization's door, and out of it all the same.
    expect((await inside(undefined)).code).toBe('FORBIDDEN');
    expect(await members()).toEqual([byHand]);
    const { auditEvents } = await query(
      `{ auditEvents(first: 9, targetId: "${organizationId}") { nodes { action details actorId } } }`,
    );
    const { nodes } = auditEvents as { nodes: { action: string }[] };
    const details = { userIds: [follower], connectionId };
    expect(nodes.filter(({ action }) => /join|leave/.test(action))).toEqual([
      { action: 'organization.leave', details, actorId: follower },
      { action: 'organization.join', details: { ...details, roleIds: [] }, actorId: follower },
    ]);
    // Who was a member before stays, whatever the provider says.
    await mutate(
      'mutation ($input: AddOrganizationMembersInput!) { addOrganizationMembers(input: $input) { __typename } }',
      { input: { id: organizationId, userIds: [follower] } },
    );
    for (const groups of [['staff'], []]) await meAfter({ sub: 'follower', groups }, 'following');
    expect(await members()).toEqual(both);
  });

  it('3.8-13 takes the role of a group away that the provider no longer names, and leaves one that was given by hand', async () => {
    const { mutate, query } = current();
    const idOf = async (query: string, field: string, of: string): Promise<string> =>
      (await mutate(query, {}))[field]?.[of]?.['id'] as string;
    const roles = await Promise.all(
      ['Mapped', 'Manual'].map((name) =>
        idOf(`mutation { createRole(input: { name: "${name}" }) { role { id } } }`, 'createRole', 'role'),
      ),
    );
    const group = await idOf(
      'mutation { createGroup(input: { name: "Pilots", description: "x" }) { group { id } } }',
      ...(['createGroup', 'group'] as const),
    );
    await mutate('mutation ($input: AddGroupRolesInput!) { addGroupRoles(input: $input) { __typename } }', {
      input: { id: group, roleIds: [roles[0]] },
    });
    await mutate(
      'mutation ($input: CreateGroupMappingInput!) { createGroupMapping(input: $input) { __typename } }',
      { input: { groupId: group, connection: 'hostile', groupName: 'pilots' } },
    );
    const { id } = await meAfter({ sub: 'pilot', groups: ['pilots'] }, 'hostile');
    await mutate('mutation ($input: AddUserRolesInput!) { addUserRoles(input: $input) { __typename } }', {
      input: { id, roleIds: [roles[1]] },
    });
    const held = async (): Promise<string[]> => {
      const { user } = await query(`{ user(id: "${id}") { effectiveRoles { role { name } } } }`);
      const { effectiveRoles } = user as { effectiveRoles: { role: { name: string } }[] };
      return effectiveRoles.map(({ role }) => role.name).sort();
    };
    expect(await held()).toEqual(['Manual', 'Mapped']);
    await meAfter({ sub: 'pilot', groups: [] }, 'hostile');
    expect(await held()).toEqual(['Manual']);
  });
}
