import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = [
  'applications',
  'authorization_settings',
  'connection_secrets',
  'connections',
  'group_mappings',
  'login_redirects',
  'mfa_policies',
  'organization_connections',
];
const events = ['insert', 'update', 'delete'];

/** A version of everything that sign-ins read and that changes rarely; see `settings/kept-settings.ts`. */
export class KeepSettings0000000000048 implements MigrationInterface {
  readonly name = 'KeepSettings0000000000048';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE settings_state (id INTEGER NOT NULL, version TEXT NOT NULL, CONSTRAINT pk_settings_state PRIMARY KEY (id), CONSTRAINT ck_settings_state__one CHECK (id = 1))',
    );
    await runner.query(`INSERT INTO settings_state (id, version) VALUES (1, lower(hex(randomblob(16))))`);
    for (const table of tables)
      for (const event of events)
        await runner.query(`CREATE TRIGGER tr_${table}__${event}__settings AFTER ${event.toUpperCase()} ON ${table}
          BEGIN UPDATE settings_state SET version = lower(hex(randomblob(16))); END`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables)
      for (const event of events) await runner.query(`DROP TRIGGER tr_${table}__${event}__settings`);
    await runner.query('DROP TABLE settings_state');
  }
}
