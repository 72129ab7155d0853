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

/** A version of everything that sign-ins read and that changes rarely; see `settings/kept-settings.ts`. */
export class KeepSettings0000000000048 implements MigrationInterface {
  readonly name = 'KeepSettings0000000000048';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE settings_state (id BIGINT NOT NULL, version TEXT COLLATE "C" NOT NULL, CONSTRAINT pk_settings_state PRIMARY KEY (id), CONSTRAINT ck_settings_state__one CHECK (id = 1))',
    );
    await runner.query('INSERT INTO settings_state (id, version) VALUES (1, gen_random_uuid()::text)');
    await runner.query(`CREATE FUNCTION renew_settings_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      UPDATE settings_state SET version = gen_random_uuid()::text;
      RETURN NULL;
    END $$`);
    for (const table of tables)
      await runner.query(`CREATE TRIGGER tr_${table}__settings AFTER INSERT OR UPDATE OR DELETE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION renew_settings_version()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TRIGGER tr_${table}__settings ON ${table}`);
    await runner.query('DROP FUNCTION renew_settings_version()');
    await runner.query('DROP TABLE settings_state');
  }
}
