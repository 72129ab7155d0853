/**
 * @jest-environment node
 */
import type { FeatureParts } from '#src/graphql/feature';
import { findGatewayGrants } from '#src/features/organizations/effective-permissions/gateway-grants.repository';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import type { JobHandling } from '#src/jobs/define-job';
import { sql } from '#src/storage/sql';
import { Gateway } from '#test/features/roles/support/gateway';
import { givenNode, instant, TestClock } from '#test/jobs/support';
import { eachDatabase } from '#test/support/databases';

const many = 330;

eachDatabase('what very many rows hang on', (database) => {
  let gateway: Gateway;
  let clock: TestClock;
  let handlings: readonly JobHandling[];
  let permission: string;
  const users = Array.from({ length: many }, (_, index) => `auth0|removal-${String(index).padStart(4, '0')}`);
  const [one = ''] = users;

  beforeAll(async () => {
    gateway = await Gateway.open(database);
    clock = new TestClock();
    const parts: FeatureParts[] = [
      gateway.roles as unknown as FeatureParts,
      gateway.organizations as unknown as FeatureParts,
    ];
    handlings = parts.flatMap(({ jobs = [] }) => jobs);
    for (const id of users) await gateway.givenUser(id);
    const server = await gateway.permissionsOf('urn:gatehouse:api');
    permission = server['read:users'] ?? '';
  });

  const jobsOf = (type: string) =>
    gateway.storage
      .open()
      .query<{ status: string; counts: object }>(
        sql`SELECT j.status AS "status", j.counts AS "counts" FROM jobs j WHERE j.type = ${type} ORDER BY j.created_at`,
        { status: 'text', counts: 'json' },
      );
  const rowsOf = async (entity: new () => object, column: string, id: string): Promise<number> => {
    const store = gateway.storage.open();
    const [row] = await store.query<{ n: number }>(
      sql`SELECT COUNT(*) AS "n" FROM ${store.table(entity)} WHERE ${sql.raw(column)} = ${id}`,
      { n: 'integer' },
    );
    return row?.n ?? 0;
  };

  /** A worker that ends in the middle of the job, behind its first chunk. */
  const runOneChunk = async (): Promise<void> => {
    const node = givenNode(
      gateway.storage,
      clock,
      handlings.map((handling) => ({
        ...handling,
        handler: {
          ...handling.handler,
          chunk: (chunk, prepared) => {
            void node.stop();
            return handling.handler.chunk(chunk, prepared);
          },
        },
      })),
    );
    await node.runUntilIdle();
  };
  const runToTheEnd = (): Promise<number> => givenNode(gateway.storage, clock, handlings).runUntilIdle();

  test('a role with many holders is gone at once, and its rows follow behind a killed worker', async () => {
    const roleId = await gateway.givenRole('Everybody', [permission]);
    const organizationId = await gateway.givenOrganization('role-host');
    await gateway.storage.open().transaction(async (store) => {
      const memberships = users.map((userId, index) => ({
        ...{ id: `mem_host${index}`, organizationId, userId, joinedAt: instant, joinedVia: 'API' },
      }));
      await store.insert(MembershipEntity, memberships);
      await store.insert(
        MembershipRoleEntity,
        memberships.map(({ id }) => ({ membershipId: id, roleId })),
      );
      await store.insert(
        UserRoleEntity,
        users.map((userId) => ({ userId, roleId, createdAt: instant })),
      );
    });
    const view = `query($u: ID!, $r: ID!, $o: ID!) {
      role(id: $r) { name }
      user(id: $u) { roles { name } permissions { nodes { name } }
        inside: permissions(organizationId: $o) { nodes { name } } } }`;
    const variables = { u: one, r: roleId, o: organizationId };
    expect((await gateway.ok(view, { variables })).user).toMatchObject({
      roles: [{ name: 'Everybody' }],
      permissions: { nodes: [{ name: 'read:users' }] },
      inside: { nodes: [{ name: 'read:users' }] },
    });

    const records = await gateway.count('audit_events');
    await gateway.ok('mutation($r: ID!) { deleteRole(input: { id: $r }) { deletedId } }', { variables });
    expect(await gateway.count('audit_events')).toBe(records + 1);
    const left = await rowsOf(UserRoleEntity, 'role_id', roleId);
    expect(left).toBe(many - 100);
    const holder = users.at(-1) ?? '';
    expect(await gateway.ok(view, { variables: { ...variables, u: holder } })).toEqual({
      role: null,
      user: { roles: [], permissions: { nodes: [] }, inside: { nodes: [] } },
    });
    for (const organization of [null, organizationId]) {
      const grants = await findGatewayGrants(gateway.storage.open(), holder, organization);
      expect(grants).toMatchObject({ permissions: [], roles: [] });
    }
    // The name is free again, and the rows that are left count for nobody.
    await gateway.givenRole('Everybody');

    await runOneChunk();
    expect(await rowsOf(UserRoleEntity, 'role_id', roleId)).toBe(left - 100);
    expect(await jobsOf('role_removal')).toMatchObject([{ status: 'PENDING' }]);
    await runToTheEnd();
    expect(await rowsOf(UserRoleEntity, 'role_id', roleId)).toBe(0);
    expect(await rowsOf(MembershipRoleEntity, 'role_id', roleId)).toBe(0);
    expect(await jobsOf('role_removal')).toEqual([
      { status: 'COMPLETED', counts: { processed: 2 * many - 100, changed: 2 * many - 100 } },
    ]);
    expect(await gateway.count('audit_events')).toBe(records + 2);
  });

  test('2.6-8 deleting a role of 10,000 users is one transaction and one record; for nobody it counts any more', async () => {
    const roleId = await gateway.givenRole('Ten thousand', [permission]);
    const ids = Array.from(
      { length: 10_000 },
      (_, index) => `auth0|holder-${String(index).padStart(5, '0')}`,
    );
    await gateway.givenUsers(ids);
    const links = ids.map((userId) => ({ userId, roleId, createdAt: instant }));
    for (let from = 0; from < links.length; from += 1_000) {
      const some = links.slice(from, from + 1_000);
      await gateway.storage.open().transaction((store) => store.insert(UserRoleEntity, some));
    }
    const view = `query($r: ID!, $u: ID!) { role(id: $r) { users { totalCount } }
      user(id: $u) { roles { name } permissions { nodes { name } } } }`;
    const variables = { r: roleId, u: ids.at(-1) };
    expect(await gateway.ok(view, { variables })).toEqual({
      role: { users: { totalCount: 10_000 } },
      user: { roles: [{ name: 'Ten thousand' }], permissions: { nodes: [{ name: 'read:users' }] } },
    });
    const records = await gateway.count('audit_events');
    await gateway.ok('mutation($r: ID!) { deleteRole(input: { id: $r }) { deletedId } }', { variables });
    expect(await gateway.count('audit_events')).toBe(records + 1);
    expect(await gateway.ok(view, { variables })).toEqual({
      role: null,
      user: { roles: [], permissions: { nodes: [] } },
    });
    await runToTheEnd();
    expect(await rowsOf(UserRoleEntity, 'role_id', roleId)).toBe(0);
  }, 120_000);

  test('SK-08 an organization with many members is gone at once, and its rows follow behind a killed worker', async () => {
    const roleId = await gateway.givenRole('Member everywhere', [permission]);
    const organizationId = await gateway.givenOrganization('crowd');
    await gateway.storage.open().transaction(async (store) => {
      const memberships = users.map((userId, index) => ({
        ...{ id: `mem_crowd${index}`, organizationId, userId, joinedAt: instant, joinedVia: 'API' },
      }));
      await store.insert(MembershipEntity, memberships);
      await store.insert(
        MembershipRoleEntity,
        memberships.map(({ id }) => ({ membershipId: id, roleId })),
      );
    });
    const member = users.at(-1) ?? '';
    const view = `query($u: ID!, $o: ID!) { organization(id: $o) { name }
      user(id: $u) { organizations { totalCount nodes { organization { name } } }
        permissions(organizationId: $o) { nodes { name } } } }`;
    const variables = { u: member, o: organizationId };
    const before = (await gateway.ok(view, { variables })).user;
    expect(before.permissions.nodes).toEqual([{ name: 'read:users' }]);
    const others = before.organizations.totalCount - 1;

    const records = await gateway.count('audit_events');
    await gateway.ok('mutation($o: ID!) { deleteOrganization(input: { id: $o }) { deletedId } }', {
      variables,
    });
    expect(await gateway.count('audit_events')).toBe(records + 1);
    expect(await rowsOf(MembershipEntity, 'organization_id', organizationId)).toBe(many - 100);
    const after = await gateway.ok(view, { variables });
    expect(after.organization).toBeNull();
    expect(after.user.permissions.nodes).toEqual([]);
    expect(after.user.organizations.totalCount).toBe(others);
    expect(JSON.stringify(after)).not.toContain('crowd');
    expect(await findGatewayGrants(gateway.storage.open(), member, organizationId)).toEqual({
      permissions: [],
      roles: [],
      isMember: false,
    });
    await gateway.givenOrganization('crowd');

    await runOneChunk();
    expect(await rowsOf(MembershipEntity, 'organization_id', organizationId)).toBe(many - 200);
    await runToTheEnd();
    expect(await rowsOf(MembershipEntity, 'organization_id', organizationId)).toBe(0);
    expect(await rowsOf(MembershipRoleEntity, 'role_id', roleId)).toBe(0);
    expect(await jobsOf('organization_removal')).toEqual([
      { status: 'COMPLETED', counts: { processed: many - 100, changed: many - 100 } },
    ]);
  });

  test('few rows go within the same transaction, without a job', async () => {
    const jobs = await gateway.count('jobs');
    const organizationId = await gateway.givenOrganization('few', users.slice(0, 3));
    await gateway.ok('mutation($o: ID!) { deleteOrganization(input: { id: $o }) { deletedId } }', {
      variables: { o: organizationId },
    });
    expect(await rowsOf(MembershipEntity, 'organization_id', organizationId)).toBe(0);
    expect(await gateway.count('jobs')).toBe(jobs);
  });
});
