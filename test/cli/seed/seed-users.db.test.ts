import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { seedUsers } from '#src/cli/seed/seed-users';
import { IdentityEntity } from '#src/features/identities/identity.entity';
import { MetadataLeafEntity } from '#src/features/metadata/metadata-leaf.entity';
import { MembershipRoleEntity } from '#src/features/organizations/membership-role.entity';
import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import { RolePermissionEntity } from '#src/features/roles/role-permission.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { LoginIdentifierEntity } from '#src/features/users/identifiers/login-identifier.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { sql } from '#src/storage/sql';
import type { EntityClass, Storage } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';

const now = Date.UTC(2026, 6, 15, 13, 30);

async function count(storage: Storage, entity: EntityClass<object>): Promise<number> {
  const store = storage.open();
  const rows = await store.query<{ n: number }>(sql`SELECT count(*) AS n FROM ${store.table(entity)}`, {
    n: 'integer',
  });
  return rows[0]?.n ?? 0;
}

eachDatabase('seeding', (database) => {
  let storage: Storage;
  const progress: number[] = [];

  beforeAll(async () => {
    storage = await database.open();
    await seedUsers(storage, {
      users: 4_250,
      seed: 'gatehouse',
      now,
      onProgress: (done) => progress.push(done),
    });
  }, 120_000);

  it('makes the users that were asked for, and an organization for each hundred', async () => {
    expect(await count(storage, UserEntity)).toBe(4_250);
    expect(await count(storage, OrganizationEntity)).toBe(43);
  });

  it('tells after each transaction how far it is', () => {
    expect(progress).toEqual([2_000, 4_000, 4_250]);
  });

  it.each([
    [IdentityEntity, 1, 2],
    [MetadataLeafEntity, 5, 8],
    [UserRoleEntity, 1, 3],
    [MembershipEntity, 1, 3],
    [MembershipRoleEntity, 0.5, 4],
    [SessionEntity, 1, 2],
    [LoginIdentifierEntity, 0.7, 1.5],
  ])('gives each user rows of %p', async (entity, least, most) => {
    const perUser = (await count(storage, entity)) / 4_250;
    expect(perUser).toBeGreaterThanOrEqual(least);
    expect(perUser).toBeLessThanOrEqual(most);
  });

  it('gives the twenty roles their permissions', async () => {
    expect(await count(storage, RolePermissionEntity)).toBeGreaterThanOrEqual(60);
  });

  it('has living sessions on the day of seeding, which begin before it', async () => {
    const store = storage.open();
    const rows = await store.query<{ living: number; newest: number }>(
      sql`SELECT count(*) AS living, max(${store.column(SessionEntity, 'createdAt', 's')}) AS newest
          FROM ${store.table(SessionEntity)} ${sql.raw('"s"')}
          WHERE ${store.column(SessionEntity, 'status', 's')} = ${'ACTIVE'}
            AND ${store.column(SessionEntity, 'idleExpiresAt', 's')} > ${now}`,
      { living: 'integer', newest: 'instant' },
    );
    expect(rows[0]?.living).toBeGreaterThan(100);
    expect(rows[0]?.newest).toBeLessThan(now);
  });

  it('refuses a database that holds users, and changes nothing', async () => {
    const again = seedUsers(storage, { users: 10, seed: 'gatehouse', now });
    await expect(again).rejects.toMatchObject({ code: 'SEED_NOT_EMPTY' });
    expect(await count(storage, UserEntity)).toBe(4_250);
  });
});

eachDatabase('a seed', (database) => {
  it('gives the same rows on every database, down to the last value', async () => {
    const storage = await database.open();
    await seedUsers(storage, { users: 50, seed: 'fixed', now });
    const store = storage.open();
    const rows = await store.query<{ id: string; email: string | null; lastLogin: number | null }>(
      sql`SELECT ${store.column(UserEntity, 'id', 'u')} AS "id", ${store.column(UserEntity, 'email', 'u')} AS "email",
            ${store.column(UserEntity, 'lastLogin', 'u')} AS "lastLogin"
          FROM ${store.table(UserEntity)} ${sql.raw('"u"')} ORDER BY ${store.column(UserEntity, 'id', 'u')}`,
      { id: 'text', email: 'text', lastLogin: 'instant' },
    );
    const expected: unknown = JSON.parse(readFileSync(resolve('test/cli/seed/fixed-users.json'), 'utf8'));
    expect(rows.slice(0, 10).map((row) => ({ ...row }))).toEqual(expected);
  });
});
