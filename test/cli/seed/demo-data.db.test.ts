import { ApplicationEntity } from '#src/features/applications/application.entity';
import { loadDemoData } from '#src/cli/seed/demo-data';
import { IdentityEntity } from '#src/features/identities/identity.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { RoleEntity } from '#src/features/roles/role.entity';
import { PasswordEntity } from '#src/features/passwords/password.entity';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { randomIds } from '#src/shared/ids';
import { sql } from '#src/storage/sql';
import type { EntityClass, Storage } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';

const now = Date.UTC(2026, 6, 15);
const surroundings = {
  clock: { now: () => now },
  ids: randomIds,
  hashPassword: (password: string) => Promise.resolve(`hash of ${password}`),
};

async function count(storage: Storage, entity: EntityClass<object>): Promise<number> {
  const store = storage.open();
  const rows = await store.query<{ n: number }>(sql`SELECT count(*) AS n FROM ${store.table(entity)}`, {
    n: 'integer',
  });
  return rows[0]?.n ?? 0;
}

async function permissionsOf(storage: Storage, role: string): Promise<string[]> {
  const store = storage.open();
  const rows = await store.query<{ name: string }>(
    sql`SELECT ${store.column(PermissionEntity, 'name', 'p')} AS "name"
        FROM ${store.table(RolePermissionEntity)} ${sql.raw('"rp"')}
        JOIN ${store.table(RoleEntity)} ${sql.raw('"r"')} ON ${store.column(RoleEntity, 'id', 'r')} = ${store.column(RolePermissionEntity, 'roleId', 'rp')}
        JOIN ${store.table(PermissionEntity)} ${sql.raw('"p"')} ON ${store.column(PermissionEntity, 'id', 'p')} = ${store.column(RolePermissionEntity, 'permissionId', 'rp')}
        WHERE ${store.column(RoleEntity, 'name', 'r')} = ${role}`,
    { name: 'text' },
  );
  return rows.map((row) => row.name).sort();
}

eachDatabase('the demo data', (database) => {
  let storage: Storage;

  beforeAll(async () => {
    storage = await database.open();
    await storage.open().transaction(async (store) => {
      await store.delete(ResourceServerEntity, { isSystem: true });
      await store.insert(ResourceServerEntity, {
        id: 'api_system',
        identifier: 'urn:gatehouse:api',
        name: 'Gatehouse',
        enforcePolicies: true,
        tokenDialect: 'ACCESS_TOKEN',
        isSystem: true,
        createdAt: now,
        updatedAt: now,
      });
      for (const name of ['read:users', 'update:users']) {
        await store.insert(PermissionEntity, {
          id: `prm_${name}`,
          resourceServerId: 'api_system',
          name,
          description: null,
        });
      }
    });
    expect(await loadDemoData(storage, surroundings)).toBe(true);
  });

  it('is a dozen people in three organizations', async () => {
    expect(await count(storage, UserEntity)).toBe(12);
    expect(await count(storage, OrganizationEntity)).toBe(3);
    expect(await count(storage, IdentityEntity)).toBe(14);
    expect(await count(storage, SessionEntity)).toBeGreaterThan(5);
  });

  it('has an administrator with all permissions and an auditor with those to read', async () => {
    expect(await permissionsOf(storage, 'Administrator')).toEqual(
      expect.arrayContaining(['read:users', 'update:users', 'update:catalogue']),
    );
    expect(await permissionsOf(storage, 'Auditor')).toContain('read:users');
    expect(await permissionsOf(storage, 'Auditor')).not.toContain('update:users');
  });

  it('has an application in which somebody may act in the name of another', async () => {
    expect(await count(storage, ApplicationEntity)).toBe(1);
  });

  it('has passwords for those who sign in with one', async () => {
    expect(await count(storage, PasswordEntity)).toBe(3);
  });

  it('is loaded into a database without users only', async () => {
    expect(await loadDemoData(storage, surroundings)).toBe(false);
    expect(await count(storage, UserEntity)).toBe(12);
  });
});
