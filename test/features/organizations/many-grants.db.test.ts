import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { Gateway, type Json } from '#test/features/roles/support/gateway';
import { eachDatabase } from '#test/support/databases';

eachDatabase('more grants of one user than are sorted', (database) => {
  let gateway: Gateway;
  const page = `query($id: ID!, $after: String) { user(id: $id) { permissions(first: 100, after: $after) {
    totalCount nodes { name sources { role { name } } } pageInfo { endCursor hasNextPage } } } }`;
  const rolesOf: Record<string, string[]> = {};
  const idsOf: Record<string, { permissions: string[]; roles: string[] }> = {};
  const change = async (name: string, input: object): Promise<Json> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { group { id } } }`;
    return (await gateway.ok(query, { variables: { input } }))[name].group.id;
  };

  beforeAll(async () => {
    gateway = await Gateway.open(database);
    for (const letter of ['a', 'b', 'y']) {
      const names = Array.from({ length: 1000 }, (_item, index) => `${letter}${1000 + index}`);
      const ids = Object.values(await gateway.givenServer(`https://${letter}.example`, names));
      await gateway.givenUser(`auth0|${letter}`);
      rolesOf[letter] = ['one', 'two', 'three'].map((name) => `${letter} ${name}`);
      const roleIds: string[] = [];
      for (const name of rolesOf[letter]) {
        const roleId = await gateway.givenRole(name);
        const held = ids.map((permissionId) => ({ roleId, permissionId }));
        await gateway.storage.open().transaction(async (store) => {
          await store.insert(RolePermissionEntity, held);
        });
        roleIds.push(roleId);
      }
      idsOf[letter] = { permissions: ids, roles: roleIds };
      await gateway.roles.assignments.addRoles(gateway.call(), { id: `auth0|${letter}`, roleIds });
    }
  });

  test.each(['a', 'y'])(
    'the thousand of "%s" come in the order of names, each once and with every source',
    async (letter) => {
      const names: string[] = [];
      let after: string | null = null;
      do {
        const found: Json = (await gateway.ok(page, { variables: { id: `auth0|${letter}`, after } })).user
          .permissions;
        expect(found.totalCount).toBe(1000);
        for (const { name, sources } of found.nodes) {
          names.push(name);
          expect(sources.map(({ role }: Json) => role.name).sort()).toEqual([...rolesOf[letter]!].sort());
        }
        after = found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null;
      } while (after !== null);
      expect(names).toEqual(Array.from({ length: 1000 }, (_item, index) => `${letter}${1000 + index}`));
    },
  );

  test('2.6-1 the sources are all there: direct, own roles, and roles of groups and of those above them', async () => {
    const userId = await gateway.givenUser('auth0|mixed');
    const [one, two, three] = idsOf['a']!.roles as [string, string, string];
    const inside = await gateway.givenOrganization('many-inside', [userId]);
    const elsewhere = await gateway.givenOrganization('many-elsewhere');
    const group = async (name: string, roleIds: string[], organizationId?: string): Promise<string> => {
      const id = await change('createGroup', { name, description: name, organizationId });
      await change('addGroupRoles', { id, roleIds });
      return id;
    };
    const [above, below, local] = [
      await group('above', [two]),
      await group('below', [one, three]),
      await group('local', [two], inside),
    ];
    await change('addChildGroups', { id: above, groupIds: [below] });
    for (const id of [above, below, local]) await change('addGroupMembers', { id, userIds: [userId] });
    const { assignments } = gateway.roles;
    await assignments.addRoles(gateway.call(), { id: userId, roleIds: [one] });
    const permissionIds = [idsOf['a']!.permissions[0]!, idsOf['b']!.permissions[0]!];
    await assignments.addPermissions(gateway.call(), { id: userId, permissionIds });
    await gateway.organizations.memberRoles.add(gateway.call(), {
      ...{ organizationId: inside, userId },
      roleIds: [one, two, three],
    });
    const query = `query($id: ID!, $o: ID, $after: String) { user(id: $id) { permissions(first: 100, organizationId: $o, after: $after) {
      nodes { name sources { kind role { name } organization { name } group { name } } } pageInfo { endCursor hasNextPage } } } }`;
    const read = async (o: string | null): Promise<{ count: number; found: Record<string, string> }> => {
      const found: Record<string, string> = {};
      let after: string | null = null;
      do {
        const part: Json = (await gateway.ok(query, { variables: { id: userId, o, after } })).user
          .permissions;
        for (const { name, sources } of part.nodes)
          found[name] = sources
            .map(
              ({ kind, role, group: through, organization }: Json) =>
                `${kind} ${role?.name ?? '-'} ${through?.name ?? '-'} ${organization?.name ?? '-'}`,
            )
            .join(', ');
        after = part.pageInfo.hasNextPage ? part.pageInfo.endCursor : null;
      } while (after !== null);
      const count =
        'query($id: ID!, $o: ID) { user(id: $id) { permissions(organizationId: $o) { totalCount } } }';
      const { user } = await gateway.ok(count, { variables: { id: userId, o } });
      return { count: user.permissions.totalCount, found };
    };
    const roles = ['ROLE a one - -', 'GROUP a two above -', 'GROUP a one below -', 'GROUP a three below -'];
    const outside = await read(null);
    const sorted = (text: string | undefined): string[] => (text ?? '').split(', ').sort();
    expect(outside.count).toBe(1001);
    expect(Object.keys(outside.found)).toHaveLength(1001);
    expect(sorted(outside.found['a1000'])).toEqual(['DIRECT - - -', ...roles].sort());
    expect(outside.found['a1000']).toMatch(/^DIRECT - - -, ROLE a one - -, GROUP/);
    expect(sorted(outside.found['a1999'])).toEqual([...roles].sort());
    expect(outside.found['b1000']).toBe('DIRECT - - -');
    const member = await read(inside);
    expect(member.count).toBe(1000);
    expect(sorted(member.found['a1000'])).toEqual(
      ['one', 'two', 'three']
        .map((name) => `ROLE a ${name} - many-inside`)
        .concat('GROUP a two local many-inside')
        .sort(),
    );
    expect(member.found['b1000']).toBeUndefined();
    expect((await read(elsewhere)).count).toBe(0);
    await gateway.organizations.memberships.remove(gateway.call(), { id: inside, userIds: [userId] });
    expect((await read(inside)).count).toBe(0);
  });
});
