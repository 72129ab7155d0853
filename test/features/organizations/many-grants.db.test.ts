import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { Gateway, type Json } from '#test/features/roles/support/gateway';
import { eachDatabase } from '#test/support/databases';

eachDatabase('more grants of one user than are sorted', (database) => {
  let gateway: Gateway;
  const page = `query($id: ID!, $after: String) { user(id: $id) { permissions(first: 100, after: $after) {
    totalCount nodes { name sources { role { name } } } pageInfo { endCursor hasNextPage } } } }`;
  const rolesOf: Record<string, string[]> = {};

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
});
