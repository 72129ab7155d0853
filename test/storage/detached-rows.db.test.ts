import '#test/support/all-entities';
import { migrate, revert } from '#src/storage/migrate';
import { sql } from '#src/storage/sql';
import type { Storage } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';

const tables = ['user_roles', 'memberships', 'membership_roles', 'sessions'] as const;

eachDatabase('rows that outlive what they hang on', (database) => {
  const contents = async (storage: Storage): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const table of tables) {
      const [row] = await storage
        .open()
        .query<{ n: number }>(sql`SELECT COUNT(*) AS n FROM ${sql.raw(table)}`, { n: 'integer' });
      counts[table] = row?.n ?? 0;
    }
    return counts;
  };
  const run = (storage: Storage, statements: readonly string[]): Promise<void> =>
    storage.open().transaction(async (store) => {
      for (const statement of statements) await store.execute(sql.raw(statement));
    });

  it('are kept by an upgrade, and those without a target go when it is taken back', async () => {
    const applied = async (): Promise<string | null> => revert(database.url());
    let last = await applied();
    while (last !== null && !last.startsWith('CreateJobs')) last = await applied();
    await migrate(database.url());

    const storage = await database.open();
    const session = (id: string, organization: string): string =>
      `INSERT INTO sessions (id, secret_hash, user_id, status, created_at, updated_at, authenticated_at, last_interacted_at, idle_expires_at,
        expires_at, device, clients, authentication_methods, assurance, cookie_mode, metadata, organization_id, credential_epoch)
        VALUES ('${id}', '${id}', 'u1', 'ACTIVE', 1, 1, 1, 1, 9, 9, '{}', '[]', '[]', 'AAL1', 'PERSISTENT', '{}', '${organization}', 1)`;
    await run(storage, [
      `INSERT INTO users (id, connection, blocked, created_at, updated_at, credential_epoch, version) VALUES ('u1', 'main', FALSE, 1, 1, 1, 1)`,
      ...['kept', 'gone'].flatMap((name) => [
        `INSERT INTO roles (id, name, name_folded, type, created_at, updated_at) VALUES ('rol_${name}', '${name}', '${name}', 'TENANT', 1, 1)`,
        `INSERT INTO organizations (id, name, metadata, third_party_client_access, app_entitlement_active, created_at, updated_at, version)
          VALUES ('org_${name}', '${name}', '{}', 'DENY', FALSE, 1, 1, 1)`,
        `INSERT INTO user_roles (user_id, role_id, created_at) VALUES ('u1', 'rol_${name}', 1)`,
        `INSERT INTO memberships (id, organization_id, user_id, joined_at, joined_via) VALUES ('mem_${name}', 'org_${name}', 'u1', 1, 'API')`,
        `INSERT INTO membership_roles (membership_id, role_id) VALUES ('mem_${name}', 'rol_${name}')`,
        session(`ses_${name}`, `org_${name}`),
      ]),
      `DELETE FROM roles WHERE id = 'rol_gone'`,
      `DELETE FROM organizations WHERE id = 'org_gone'`,
    ]);
    expect(await contents(storage)).toEqual({
      ...{ user_roles: 2, memberships: 2, membership_roles: 2, sessions: 2 },
    });
    await storage.close();

    last = await applied();
    while (last !== null && !last.startsWith('CreateJobs')) last = await applied();
    await migrate(database.url());
    const again = await database.open();
    expect(await contents(again)).toEqual({
      ...{ user_roles: 1, memberships: 1, membership_roles: 1, sessions: 2 },
    });
    const sessions = await again
      .open()
      .query<{ id: string; organizationId: string | null }>(
        sql`SELECT s.id AS "id", s.organization_id AS "organizationId" FROM sessions s ORDER BY s.id`,
        { id: 'text', organizationId: 'text' },
      );
    expect(sessions).toEqual([
      { id: 'ses_gone', organizationId: null },
      { id: 'ses_kept', organizationId: 'org_kept' },
    ]);
    // What stayed bound still goes with its owner.
    await run(again, [`DELETE FROM users WHERE id = 'u1'`]);
    expect(await contents(again)).toEqual({
      ...{ user_roles: 0, memberships: 0, membership_roles: 0, sessions: 0 },
    });
  });
});
