import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = ['permissions', 'resource_servers', 'role_permissions', 'roles'];

/** What roles hold is settings too: it is asked for at every request and changes rarely. */
export class KeepGrants0000000000059 implements MigrationInterface {
  readonly name = 'KeepGrants0000000000059';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables)
      await runner.query(`CREATE TRIGGER tr_${table}__settings AFTER INSERT OR UPDATE OR DELETE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION renew_settings_version()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TRIGGER tr_${table}__settings ON ${table}`);
  }
}
