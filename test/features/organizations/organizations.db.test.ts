import { eachDatabase } from '#test/support/databases';
import { Gateway } from '#test/features/roles/support/gateway';

const create = `mutation($i: CreateOrganizationInput!) { createOrganization(input: $i) { organization {
  id name displayName branding { logoUrl colors { primary pageBackground } } metadata { key value }
  thirdPartyClientAccess appEntitlementActive version members { totalCount } } } }`;
const update =
  'mutation($i: UpdateOrganizationInput!) { updateOrganization(input: $i) { organization { name version metadata { key value } } } }';

eachDatabase('organizations', (database) => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await Gateway.open(database);
  });

  test('is created with branding and metadata, changed and deleted, with one audit record each', async () => {
    const records = await gateway.count('audit_events');
    const { organization } = (
      await gateway.ok(create, {
        variables: {
          i: {
            name: 'acme',
            displayName: 'Acme Ltd',
            branding: {
              logoUrl: 'https://cdn.example/a.png',
              colors: { primary: '#ff0000', pageBackground: '#FFFFFF' },
            },
            metadata: [
              { key: 'plan', value: 'gold' },
              { key: 'gone', value: null },
            ],
          },
        },
      })
    ).createOrganization;
    expect(organization).toMatchObject({
      name: 'acme',
      displayName: 'Acme Ltd',
      branding: {
        logoUrl: 'https://cdn.example/a.png',
        colors: { primary: '#ff0000', pageBackground: '#ffffff' },
      },
      metadata: [{ key: 'plan', value: 'gold' }],
      thirdPartyClientAccess: 'DENY',
      appEntitlementActive: false,
      version: 1,
      members: { totalCount: 0 },
    });
    const changed = await gateway.ok(update, {
      variables: {
        i: {
          id: organization.id,
          ifVersion: 1,
          metadata: [
            { key: 'plan', value: null },
            { key: 'tier', value: '2' },
          ],
        },
      },
    });
    expect(changed.updateOrganization.organization).toEqual({
      name: 'acme',
      version: 2,
      metadata: [{ key: 'tier', value: '2' }],
    });
    const stale = await gateway.run(update, {
      variables: { i: { id: organization.id, ifVersion: 1, displayName: 'x' } },
    });
    expect(stale.errors[0]).toMatchObject({ code: 'VERSION_CONFLICT', extensions: { current: 2 } });
    await gateway.ok('mutation($id: ID!) { deleteOrganization(input: { id: $id }) { deletedId } }', {
      variables: { id: organization.id },
    });
    expect(await gateway.count('audit_events')).toBe(records + 3);
  });

  test('1.8-1 a name is unique, and a rename frees the old one', async () => {
    const id = await gateway.givenOrganization('first');
    const taken = await gateway.run(create, { variables: { i: { name: 'first' } } });
    expect(taken.errors[0]).toMatchObject({ code: 'CONFLICT', extensions: { field: 'name' } });
    await gateway.ok(update, { variables: { i: { id, name: 'renamed' } } });
    await gateway.ok(create, { variables: { i: { name: 'first' } } });
    const back = await gateway.run(update, { variables: { i: { id, name: 'first' } } });
    expect(back.errors[0]?.code).toBe('CONFLICT');
  });

  test('1.8-1 names of every form are taken or refused over the API', async () => {
    const refusals = async (name: string): Promise<unknown[]> =>
      (await gateway.run(create, { variables: { i: { name } } })).errors.map(({ code }) => code);
    for (const name of ['a', '0x', 'n'.repeat(50)]) expect([name, await refusals(name)]).toEqual([name, []]);
    for (const name of ['', 'n'.repeat(51), 'Acme', 'a b', 'é', '-a', '_a', 'org_a'])
      expect([name, await refusals(name)]).toEqual([name, ['BAD_USER_INPUT']]);
  });

  test('1.8-2 25 keys of metadata and values of 255 characters pass, one more does not, and null deletes', async () => {
    const pairs = (count: number): { key: string; value: string }[] =>
      Array.from({ length: count }, (_, n) => ({ key: `k${n}`, value: 'v'.repeat(255) }));
    const tooMany = await gateway.run(create, { variables: { i: { name: 'full', metadata: pairs(26) } } });
    expect(tooMany.errors[0]).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      extensions: { limit: 25, current: 26 },
    });
    const full = await gateway.ok(create, { variables: { i: { name: 'full', metadata: pairs(25) } } });
    const { id, metadata } = full.createOrganization.organization;
    expect(metadata).toHaveLength(25);
    const change = async (key: string, value: string | null): Promise<unknown> => {
      const { data, errors } = await gateway.run(update, {
        variables: { i: { id, metadata: [{ key, value }] } },
      });
      return errors[0]?.code ?? data.updateOrganization.organization.metadata.length;
    };
    expect(await change('k25', 'one more')).toBe('LIMIT_EXCEEDED');
    expect(await change('k0', 'v'.repeat(256))).toBe('LIMIT_EXCEEDED');
    expect(await change('k0', null)).toBe(24);
    expect(await change('k25', 'in its place')).toBe(25);
  });

  test('1.8-3 colors with one of the two keys are refused, at creation and at a change, and nothing is written', async () => {
    const whole = { primary: '#ff0000', pageBackground: '#ffffff' };
    const made = await gateway.ok(create, {
      variables: { i: { name: 'colorful', branding: { colors: whole } } },
    });
    const { id } = made.createOrganization.organization;
    for (const colors of [
      { primary: '#00ff00' },
      { pageBackground: '#00ff00' },
      { primary: '#00ff00', pageBackground: null },
    ]) {
      const branding = { colors };
      const answers = [
        await gateway.run(create, { variables: { i: { name: 'half', branding } } }),
        await gateway.run(update, { variables: { i: { id, displayName: 'changed', branding } } }),
      ];
      for (const { errors } of answers)
        expect(errors[0]).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { field: 'branding.colors' } });
    }
    const left = `query($id: ID!) { organizations(name: "half") { totalCount }
      organization(id: $id) { displayName branding { colors { primary pageBackground } } } }`;
    expect(await gateway.ok(left, { variables: { id } })).toEqual({
      organizations: { totalCount: 0 },
      organization: { displayName: null, branding: { colors: whole } },
    });
  });

  test('1.8-2 a metadata value that is no text is refused', async () => {
    const { errors } = await gateway.run(create, {
      variables: { i: { name: 'numbers', metadata: [{ key: 'n', value: 1 }] } },
    });
    expect(errors).toHaveLength(1);
    expect(await gateway.ok('{ organizations(name: "numbers") { totalCount } }')).toEqual({
      organizations: { totalCount: 0 },
    });
  });

  test('1.8-4 deleting an organization leaves its users and nothing else of it', async () => {
    const userId = await gateway.givenUser('auth0|stays');
    const id = await gateway.givenOrganization('closing', [userId]);
    const { role } = (
      await gateway.ok(
        'mutation($o: ID!) { createOrganizationRole(input: { organizationId: $o, name: "Clerk" }) { role { id } } }',
        { variables: { o: id } },
      )
    ).createOrganizationRole;
    await gateway.organizations.memberRoles.add(gateway.call(), {
      organizationId: id,
      userId,
      roleIds: [role.id],
    });
    await gateway.ok('mutation($id: ID!) { deleteOrganization(input: { id: $id }) { deletedId } }', {
      variables: { id },
    });
    const after = await gateway.ok(
      'query($u: ID!, $o: ID!, $r: ID!) { user(id: $u) { id organizations { nodes { joinedAt } } } organization(id: $o) { id } role(id: $r) { id } }',
      {
        variables: { u: userId, o: id, r: role.id },
      },
    );
    expect(after).toEqual({
      user: { id: userId, organizations: { nodes: [] } },
      organization: null,
      role: null,
    });
    expect(await gateway.count('membership_roles')).toBe(0);
  });

  test('a short name must match whole, a longer one anywhere, and never as a pattern', async () => {
    for (const name of ['zed', 'zed-north', 'zed_south', 'zedxsouth']) await gateway.givenOrganization(name);
    const found = async (name: string) =>
      (
        await gateway.ok('query($n: String) { organizations(name: $n) { nodes { name } } }', {
          variables: { n: name },
        })
      ).organizations.nodes.map((node: { name: string }) => node.name);
    expect(await found('zed')).toEqual(['zed']);
    expect(await found('zed-')).toEqual(['zed-north']);
    expect(await found('d_south')).toEqual(['zed_south']);
    expect(await found('%%%%')).toEqual([]);
  });

  test('the list is read page by page in the order of names', async () => {
    for (const name of ['page-1', 'page-2', 'page-3']) await gateway.givenOrganization(name);
    const query =
      'query($c: String) { organizations(name: "page-", first: 2, after: $c) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } }';
    const first = (await gateway.ok(query)).organizations;
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [{ name: 'page-1' }, { name: 'page-2' }],
      pageInfo: { hasNextPage: true },
    });
    const second = (await gateway.ok(query, { variables: { c: first.pageInfo.endCursor } })).organizations;
    expect(second).toMatchObject({ nodes: [{ name: 'page-3' }], pageInfo: { hasNextPage: false } });
  });

  test('1.8-16 a caller inside one organization gets the same answer for another as for a random id', async () => {
    const own = await gateway.givenOrganization('own');
    const other = await gateway.givenOrganization('other');
    const as = { organizationId: own };
    const read = 'query($id: ID!) { organization(id: $id) { name } node(id: $id) { id } }';
    expect(await gateway.ok(read, { as, variables: { id: own } })).toMatchObject({
      organization: { name: 'own' },
    });
    const [hidden, absent] = await Promise.all(
      [other, 'org_0000000000000000'].map(async (id) => gateway.run(read, { as, variables: { id } })),
    );
    expect(hidden).toEqual(absent);
    expect(hidden?.data).toEqual({ organization: null, node: null });
    expect(
      (await gateway.ok('{ organizations { totalCount nodes { name } } }', { as })).organizations,
    ).toEqual({
      totalCount: 1,
      nodes: [{ name: 'own' }],
    });
    for (const mutation of [
      'updateOrganization(input: { id: $id, displayName: "x" }) { organization { id } }',
      'addOrganizationMembers(input: { id: $id, userIds: ["auth0|x"] }) { organization { id } }',
    ]) {
      const run = (id: string) =>
        gateway.run(`mutation($id: ID!) { ${mutation} }`, { as, variables: { id } });
      const [refused, unknown] = [await run(other), await run('org_0000000000000000')];
      expect(refused.errors).toEqual(unknown.errors);
      expect(refused.errors[0]?.code).toBe('NOT_FOUND');
    }
  });

  test('the number of organizations is limited', async () => {
    const small = await Gateway.open(database, {
      organizations: { maxOrganizations: (await gateway.count('organizations')) + 1 },
    });
    await small.givenOrganization('last-one');
    const { errors } = await small.run(create, { variables: { i: { name: 'one-too-many' } } });
    expect(errors[0]).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  test('a search by name ends at the limit, and the metadata keys at theirs', async () => {
    const small = await Gateway.open(database, { organizations: { maxNameHits: 2, maxMetadataKeys: 1 } });
    for (const name of ['hit-a', 'hit-b', 'hit-c']) await small.givenOrganization(name);
    const found = await small.ok('{ organizations(name: "hit-") { totalCount nodes { name } } }');
    expect(found.organizations).toEqual({ totalCount: 2, nodes: [{ name: 'hit-a' }, { name: 'hit-b' }] });
    const metadata = ['x', 'y'].map((key) => ({ key, value: 'v' }));
    const { errors } = await small.run(create, { variables: { i: { name: 'keys', metadata } } });
    expect(errors[0]).toMatchObject({ code: 'LIMIT_EXCEEDED', extensions: { limit: 1, current: 2 } });
  });

  test('whoever may not read organizations sees neither them nor their settings', async () => {
    const userId = await gateway.givenUser('auth0|plain-member');
    await gateway.givenOrganization('seen', [userId]);
    const { data, errors } = await gateway.run(
      '{ organizations { nodes { id } } me { organizations { nodes { organization { name metadata { key } version members { totalCount } } } } } }',
      { as: { userId, permissions: [] } },
    );
    expect(data).toEqual({
      organizations: null,
      me: {
        organizations: {
          nodes: [{ organization: { name: 'seen', metadata: null, version: null, members: null } }],
        },
      },
    });
    expect(errors.map(({ code }) => code)).toEqual([
      'FORBIDDEN_FIELD',
      'FORBIDDEN_FIELD',
      'FORBIDDEN_FIELD',
      'FORBIDDEN_FIELD',
    ]);
  });
});
