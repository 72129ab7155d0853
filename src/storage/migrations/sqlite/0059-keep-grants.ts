import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = ['permissions', 'resource_servers', 'role_permissions', 'roles'];
const events = ['insert', 'update', 'delete'];

/** What roles hold is settings too: it is asked for at every request and changes rarely. */
export class KeepGrants0000000000059 implements MigrationInterface {
  readonly name = 'KeepGrants0000000000059';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables)
      for (const event of events)
        await runner.query(`CREATE TRIGGER tr_${table}__${event}__settings AFTER ${event.toUpperCase()} ON ${table}
          BEGIN UPDATE settings_state SET version = lower(hex(randomblob(16))); END`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables)
      for (const event of events) await runner.query(`DROP TRIGGER tr_${table}__${event}__settings`);
  }
}
