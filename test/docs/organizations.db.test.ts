import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { docPage, operation } from '#test/docs/pages';
import { Gateway, type Caller, type Json } from '#test/features/roles/support/gateway';
import { eachDatabase } from '#test/support/databases';

const page = docPage('docs/organizations.md');

eachDatabase('the examples of docs/organizations.md', (database) => {
  let gateway: Gateway;
  let organization: string;
  let role: string;
  const records = new Map<string, string>();

  beforeAll(async () => {
    gateway = await Gateway.open(database, {
      organizations: { invitationLoginUrl: 'https://app.example/login' },
      lookUpTxt: (host) => Promise.resolve(records.has(host) ? [[records.get(host) as string]] : []),
    });
    gateway.users.hooks.passwords = {
      hash: () => Promise.resolve('hash'),
      save: () => Promise.resolve(),
    };
    role = await gateway.givenRole('Editor');
    organization = (await run('CreateAcme')).createOrganization.organization.id;
  });

  const run = (name: string, variables: Record<string, unknown> = {}, as?: Caller): Promise<Json> =>
    gateway.ok(operation(page, name), { variables, ...(as ? { as } : {}) });

  test('a member is added and becomes an editor', async () => {
    const user = await gateway.givenUser('auth0|bob');
    const added = await run('AddMembers', { organization, user });
    expect(added.addOrganizationMembers.organization.members.totalCount).toBe(1);
    expect((await run('MakeEditor', { organization, user, role })).addMemberRoles.membership).toEqual({
      joinedVia: 'ADMINISTRATOR',
      effectiveRoles: [{ role: { name: 'Editor' }, sources: [{ kind: 'DIRECT' }] }],
    });
  });

  test('a directory makes members', async () => {
    const row = {
      name: 'acme-directory',
      strategy: 'samlp',
      displayName: null,
      isEnabled: true,
      options: {},
    };
    await gateway.storage
      .open()
      .transaction((store) =>
        store.insert(ConnectionEntity, { id: 'con_acme', ...row, createdAt: 1, updatedAt: 1 }),
      );
    const linked = await run('ConnectDirectory', { organization, connection: 'con_acme' });
    expect(linked.linkOrganizationConnection.connectionLink).toEqual({
      isEnabled: true,
      assignMembershipOnLogin: true,
      connection: { name: 'acme-directory' },
    });
    const followed = await run('FollowDirectory', { organization, connection: 'con_acme' });
    expect(followed.updateOrganizationConnection.connectionLink).toEqual({
      ...{ syncMembership: true, membershipGroups: ['acme-staff'] },
    });
    await gateway.organizations.organizationConnections.unlink(gateway.call(), {
      organizationId: organization,
      connectionId: 'con_acme',
    });
  });

  test('Carol is invited and joins with a new account', async () => {
    const { invitations } = (await run('InviteCarol', { organization, role })).inviteMembers;
    expect(invitations[0].invitation.status).toBe('PENDING');
    const outstanding = await run('Outstanding', { organization });
    expect(outstanding.organization.invitations).toMatchObject({
      totalCount: 1,
      nodes: [{ invitee: { email: 'carol@example.com' } }],
    });
    const ticket = new URL(invitations[0].invitationUrl).searchParams.get('invitation');
    const anyone = { permissions: [] };
    const { acceptInvitation } = await run('Accept', { ticket, password: 'a long enough password' }, anyone);
    expect(acceptInvitation).toEqual({ isNewUser: true, membership: { organization: { name: 'acme' } } });
  });

  test('an application is granted, and only granted ones are admitted', async () => {
    const { application } = (
      await gateway.ok(
        'mutation { createApplication(input: { name: "Shop", type: SINGLE_PAGE }) { application { id } } }',
      )
    ).createApplication;
    const granted = await run('GrantShop', { organization, application: application.id });
    expect(granted.grantApplicationAccess.organization.applications).toEqual([{ name: 'Shop' }]);
    const { updateOrganization } = await run('AdmitGranted', { organization });
    expect(updateOrganization.organization.appEntitlementActive).toBe(true);
  });

  test('a domain is named and proven', async () => {
    const { domain } = (await run('NameDomain', { organization })).createOrganizationDomain;
    const early = (await run('ProveDomain', { domain: domain.id })).verifyOrganizationDomain;
    expect(early.domain.status).toBe('PENDING');
    expect(early.problem).toContain(domain.verificationHost);
    records.set(domain.verificationHost, domain.verificationTxt);
    expect((await run('ProveDomain', { domain: domain.id })).verifyOrganizationDomain).toEqual({
      problem: null,
      domain: { status: 'VERIFIED' },
    });
  });
});
