import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { eachDatabase } from '#test/support/databases';
import { Gateway, type Caller } from '#test/features/roles/support/gateway';

const fields = `connectionId isEnabled assignMembershipOnLogin isSignupEnabled showAsButton organizationAccessLevel
  organizationConnectionName connection { name } defaultRoles { name }`;
const link = `mutation($i: LinkOrganizationConnectionInput!) { linkOrganizationConnection(input: $i) { connectionLink { ${fields} } } }`;
const update = `mutation($i: UpdateOrganizationConnectionInput!) { updateOrganizationConnection(input: $i) { connectionLink { ${fields} } } }`;
const unlink =
  'mutation($i: UnlinkOrganizationConnectionInput!) { unlinkOrganizationConnection(input: $i) { organization { connections { totalCount } } } }';

eachDatabase('connections of organizations', (database) => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await Gateway.open(database, { organizations: { maxConnections: 2, maxMembers: 3 } });
  });

  const givenConnection = async (name: string, strategy: string): Promise<string> => {
    const row = { id: `con_${name}`, name, strategy, displayName: null, isEnabled: true, options: {} };
    await gateway.storage
      .open()
      .transaction((store) => store.insert(ConnectionEntity, { ...row, createdAt: 1, updatedAt: 1 }));
    return row.id;
  };
  const run = (query: string, i: Record<string, unknown>, as?: Caller) =>
    gateway.run(query, { variables: { i }, ...(as ? { as } : {}) });
  const join = (connection: string, userId: string, organizationId: string | null) => {
    const call = gateway.call({ permissions: [] });
    return call.store.transaction((store) =>
      gateway.organizations.joinOnLogin(store, call, { id: userId }, connection, organizationId),
    );
  };
  const countMembers = async (id: string): Promise<number> =>
    (
      await gateway.ok('query($id: ID!) { organization(id: $id) { members { totalCount } } }', {
        variables: { id },
      })
    ).organization.members.totalCount;

  test('a connection is linked with the defaults, changed and unlinked', async () => {
    const organizationId = await gateway.givenOrganization('linked');
    const connectionId = await givenConnection('directory', 'samlp');
    const defaultRoleIds = [await gateway.givenRole('Newcomer')];
    const made = await gateway.ok(link, { variables: { i: { organizationId, connectionId } } });
    expect(made.linkOrganizationConnection.connectionLink).toEqual({
      connectionId,
      isEnabled: true,
      assignMembershipOnLogin: false,
      isSignupEnabled: false,
      showAsButton: true,
      organizationAccessLevel: 'NONE',
      organizationConnectionName: null,
      connection: { name: 'directory' },
      defaultRoles: [],
    });
    const change = {
      assignMembershipOnLogin: true,
      showAsButton: false,
      organizationAccessLevel: 'LIMITED',
      organizationConnectionName: 'Our directory',
      defaultRoleIds,
    };
    const changed = await gateway.ok(update, {
      variables: { i: { organizationId, connectionId, ...change } },
    });
    expect(changed.updateOrganizationConnection.connectionLink).toMatchObject({
      isEnabled: true,
      assignMembershipOnLogin: true,
      showAsButton: false,
      organizationAccessLevel: 'LIMITED',
      organizationConnectionName: 'Our directory',
      defaultRoles: [{ name: 'Newcomer' }],
    });
    const { organization } = (
      await gateway.ok(unlink, { variables: { i: { organizationId, connectionId } } })
    ).unlinkOrganizationConnection;
    expect(organization.connections.totalCount).toBe(0);
    const again = await run(unlink, { organizationId, connectionId });
    expect(again.errors[0]?.code).toBe('NOT_FOUND');
  });

  test('an unknown connection, a second link, and an organization out of reach are refused', async () => {
    const organizationId = await gateway.givenOrganization('refusals');
    const other = await gateway.givenOrganization('refusals-other');
    const unknown = await run(link, { organizationId, connectionId: 'con_unknown' });
    expect(unknown.errors[0]?.code).toBe('NOT_FOUND');
    await run(link, { organizationId, connectionId: 'con_main' });
    const second = await run(link, { organizationId, connectionId: 'con_main' });
    expect(second.errors[0]).toMatchObject({ code: 'CONFLICT', extensions: { field: 'connectionId' } });
    const bound = { organizationId: other };
    const foreign = await run(link, { organizationId, connectionId: 'con_main' }, bound);
    const missing = await run(link, { organizationId: 'org_none', connectionId: 'con_main' }, bound);
    expect(foreign.errors).toEqual(missing.errors);
    expect(foreign.errors[0]?.code).toBe('NOT_FOUND');
  });

  test('1.8-10 isSignupEnabled is refused without membership and on an enterprise connection', async () => {
    const organizationId = await gateway.givenOrganization('sign-up');
    const directory = await givenConnection('corporate', 'waad');
    const refused = async (settings: Record<string, unknown>): Promise<unknown> => {
      const { errors } = await run(link, { organizationId, connectionId: 'con_main', ...settings });
      expect(errors[0]?.code).toBe('BAD_USER_INPUT');
      return errors[0]?.extensions['field'];
    };
    expect(await refused({ isSignupEnabled: true })).toBe('isSignupEnabled');
    const enterprise = { connectionId: directory, assignMembershipOnLogin: true, isSignupEnabled: true };
    expect(await refused(enterprise)).toBe('isSignupEnabled');
    expect(await refused({ showAsButton: false })).toBe('showAsButton');
    const both = { assignMembershipOnLogin: true, isSignupEnabled: true };
    expect((await run(link, { organizationId, connectionId: 'con_main', ...both })).errors).toEqual([]);
    const without = { organizationId, connectionId: 'con_main', assignMembershipOnLogin: false };
    expect((await run(update, without)).errors[0]?.code).toBe('BAD_USER_INPUT');
  });

  test('1.8-18 the connection above the limit is refused', async () => {
    const organizationId = await gateway.givenOrganization('full');
    const third = await givenConnection('third', 'samlp');
    expect((await run(link, { organizationId, connectionId: 'con_main' })).errors).toEqual([]);
    const second = await givenConnection('second', 'samlp');
    expect((await run(link, { organizationId, connectionId: second })).errors).toEqual([]);
    expect((await run(link, { organizationId, connectionId: third })).errors[0]).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      extensions: { limit: 2, current: 3 },
    });
  });

  test('1.8-8 20 sign-ins at once make exactly one membership with its roles and one record', async () => {
    const connection = 'crowd';
    const connectionId = await givenConnection(connection, 'samlp');
    const userId = await gateway.givenUser('samlp|crowd|1');
    const organizationId = await gateway.givenOrganization('crowded');
    const defaultRoleIds = [await gateway.givenRole('Crowd')];
    const settings = { organizationId, connectionId, assignMembershipOnLogin: true, defaultRoleIds };
    await gateway.organizations.organizationConnections.link(gateway.call(), settings);
    const records = await gateway.count('audit_events');
    const joined = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        join(connection, userId, index % 2 === 0 ? organizationId : null),
      ),
    );
    const ids = new Set(joined.map((each) => (each.isAllowed ? each.membership?.id : null)));
    expect(ids.size).toBe(1);
    expect(joined.filter((each) => each.isAllowed && each.isNew)).toHaveLength(1);
    expect(await gateway.count('audit_events')).toBe(records + 1);
    const { organization } = await gateway.ok(
      `query($id: ID!) { organization(id: $id) { members { nodes { joinedVia roles { name }
        effectiveRoles { role { name } sources { kind } } } } } }`,
      { variables: { id: organizationId } },
    );
    expect(organization.members.nodes).toEqual([
      {
        joinedVia: 'SIGN_IN',
        roles: [{ name: 'Crowd' }],
        effectiveRoles: [{ role: { name: 'Crowd' }, sources: [{ kind: 'DIRECT' }] }],
      },
    ]);
  });

  test('1.8-9 a sign-in for no organization makes no member where two would take the user in', async () => {
    const connection = 'shared';
    const connectionId = await givenConnection(connection, 'samlp');
    const userId = await gateway.givenUser('samlp|shared|1');
    const [one, two] = [await gateway.givenOrganization('one-of'), await gateway.givenOrganization('two-of')];
    const links = gateway.organizations.organizationConnections;
    for (const organizationId of [one, two]) {
      await links.link(gateway.call(), { organizationId, connectionId, assignMembershipOnLogin: true });
    }
    expect(await join(connection, userId, null)).toMatchObject({ isAllowed: true, membership: null });
    expect([await countMembers(one), await countMembers(two)]).toEqual([0, 0]);
    await links.update(gateway.call(), { organizationId: two, connectionId, isEnabled: false });
    expect(await join(connection, userId, null)).toMatchObject({ isAllowed: true, isNew: true });
    expect([await countMembers(one), await countMembers(two)]).toEqual([1, 0]);
  });

  test('a sign-in for an organization needs an open connection, and membership or the flag', async () => {
    const connection = 'gate';
    const connectionId = await givenConnection(connection, 'samlp');
    const member = await gateway.givenUser('samlp|gate|member');
    const stranger = await gateway.givenUser('samlp|gate|stranger');
    const id = await gateway.givenOrganization('gated', [member]);
    const links = gateway.organizations.organizationConnections;
    const closed = { isAllowed: false, reason: 'CONNECTION_NOT_ENABLED' };
    expect(await join(connection, member, id)).toEqual(closed);
    expect(await join(connection, member, 'org_none')).toEqual(closed);
    await links.link(gateway.call(), { organizationId: id, connectionId });
    expect(await join(connection, member, id)).toMatchObject({ isAllowed: true, organizationId: id });
    expect(await join(connection, stranger, id)).toEqual({ isAllowed: false, reason: 'NOT_A_MEMBER' });
    expect(await countMembers(id)).toBe(1);
    await links.update(gateway.call(), { organizationId: id, connectionId, isEnabled: false });
    expect(await join(connection, member, id)).toEqual(closed);
  });

  test('3.6 syncMembership needs membership on login, 1 to 20 groups, and a connection that names some', async () => {
    const organizationId = await gateway.givenOrganization('synced');
    const connectionId = await givenConnection('synced', 'samlp');
    const key = { organizationId, connectionId, assignMembershipOnLogin: true };
    const groups = (count: number) => Array.from({ length: count }, (_, at) => `${at}`.padEnd(255, 'g'));
    const all = { ...key, syncMembership: true, membershipGroups: groups(20) };
    const refused: [object, object][] = [
      [{ ...all, assignMembershipOnLogin: false }, { field: 'syncMembership' }],
      [{ ...all, membershipGroups: null }, { field: 'syncMembership' }],
      [{ ...all, membershipGroups: [] }, { field: 'syncMembership' }],
      [{ ...all, syncMembership: false }, { field: 'membershipGroups' }],
      [{ ...all, membershipGroups: [' '] }, { field: 'membershipGroups' }],
      [{ ...all, membershipGroups: ['g'.repeat(256)] }, { field: 'membershipGroups' }],
      [
        { ...all, membershipGroups: groups(21) },
        { field: 'membershipGroups', limit: 20, current: 21 },
      ],
      [{ ...all, connectionId: 'con_main' }, { field: 'syncMembership' }],
    ];
    for (const [settings, extensions] of refused) {
      const { errors } = await run(link, settings as Record<string, unknown>);
      expect([settings, errors[0]]).toMatchObject([settings, { extensions }]);
    }
    expect((await run(link, all)).errors).toEqual([]);
    const shown = `mutation($i: UpdateOrganizationConnectionInput!) { updateOrganizationConnection(input: $i) {
      connectionLink { syncMembership membershipGroups } } }`;
    const change = async (settings: object) =>
      (await gateway.ok(shown, { variables: { i: { organizationId, connectionId, ...settings } } }))
        .updateOrganizationConnection.connectionLink;
    expect(await change({ showAsButton: false })).toEqual({
      ...{ syncMembership: true, membershipGroups: groups(20) },
    });
    expect(await change({ membershipGroups: [' staff ', 'staff'] })).toEqual({
      ...{ syncMembership: true, membershipGroups: ['staff'] },
    });
    // What groups decide is decided where they are known; a sign-in for the organization, or for none, makes no member.
    const userId = await gateway.givenUser('samlp|synced|1');
    const closed = { isAllowed: false, reason: 'NOT_A_MEMBER' };
    expect(await join('synced', userId, organizationId)).toEqual(closed);
    expect(await join('synced', userId, null)).toMatchObject({ isAllowed: true, membership: null });
    expect(await change({ syncMembership: false, membershipGroups: [] })).toEqual({
      ...{ syncMembership: false, membershipGroups: [] },
    });
    expect(await join('synced', userId, null)).toMatchObject({ isNew: true });
  });

  test('an organization that is full takes nobody in by signing in', async () => {
    const connection = 'narrow';
    const connectionId = await givenConnection(connection, 'samlp');
    const users: string[] = [];
    for (let index = 0; index < 4; index += 1) users.push(await gateway.givenUser(`samlp|narrow|${index}`));
    const organizationId = await gateway.givenOrganization('narrow');
    const settings = { organizationId, connectionId, assignMembershipOnLogin: true };
    await gateway.organizations.organizationConnections.link(gateway.call(), settings);
    for (const userId of users.slice(0, 3)) await join(connection, userId, organizationId);
    expect(await join(connection, users[3] as string, organizationId)).toEqual({
      isAllowed: false,
      reason: 'ORGANIZATION_FULL',
    });
    expect(await join(connection, users[3] as string, null)).toMatchObject({ isAllowed: true, isNew: false });
    expect(await countMembers(organizationId)).toBe(3);
  });

  test('a sign-in page is told when every connection is hidden, and offers the organizations joined first', async () => {
    const connectionId = await givenConnection('hidden', 'samlp');
    const userId = await gateway.givenUser('auth0|chooser');
    const organizationId = await gateway.givenOrganization('hiding', [userId]);
    const links = gateway.organizations.organizationConnections;
    const request = () => gateway.storage.open();
    expect(await links.signInConnections(request(), organizationId)).toEqual([]);
    await links.link(gateway.call(), { organizationId, connectionId, showAsButton: false });
    await expect(links.signInConnections(request(), organizationId)).rejects.toMatchObject({
      code: 'NO_VISIBLE_CONNECTION',
    });
    await links.link(gateway.call(), { organizationId, connectionId: 'con_main' });
    expect(await links.signInConnections(request(), organizationId)).toEqual([
      { connectionId: 'con_main', name: 'main', strategy: 'auth0', isSignupEnabled: false },
    ]);
    const choices = await gateway.organizations.memberships.signInChoices(request(), userId);
    expect(choices.map(({ name }) => name)).toEqual(['hiding']);
  });

  test('roles for newcomers must be held by who sets them', async () => {
    const organizationId = await gateway.givenOrganization('careful');
    const roleId = await gateway.givenRole('Strong');
    const as: Caller = { permissions: ['create:organization_connections'] };
    const { errors } = await run(
      link,
      { organizationId, connectionId: 'con_main', defaultRoleIds: [roleId] },
      as,
    );
    expect(errors[0]).toMatchObject({ code: 'FORBIDDEN', extensions: { ids: [roleId] } });
    const { data } = await gateway.run(
      'query($id: ID!) { organization(id: $id) { connections { nodes { connectionId } } roles { totalCount nodes { name } } } }',
      { variables: { id: organizationId } },
    );
    expect(data.organization).toEqual({
      connections: { nodes: [] },
      roles: { totalCount: 0, nodes: [] },
    });
  });
});
