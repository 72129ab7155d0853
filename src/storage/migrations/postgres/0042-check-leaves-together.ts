import type { MigrationInterface, QueryRunner } from 'typeorm';

const constraint = 'fk_metadata_leaves__user_id';

/**
 * In place of the foreign key of metadata values, which looks the same user up again for each value: one look-up for all rows of a
 * statement, with the same lock and the same error. A user's values still go with the user.
 */
const functions = [
  `CREATE FUNCTION require_users_of_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      wanted BIGINT;
      present BIGINT;
    BEGIN
      SELECT COUNT(DISTINCT user_id) INTO wanted FROM fresh;
      WITH locked AS (
        SELECT id FROM users WHERE id = ANY (ARRAY(SELECT DISTINCT user_id FROM fresh)) ORDER BY id FOR KEY SHARE
      ) SELECT COUNT(*) INTO present FROM locked;
      IF wanted <> present THEN
        RAISE foreign_key_violation USING
          MESSAGE = 'insert or update on table "metadata_leaves" violates foreign key constraint "${constraint}"',
          TABLE = 'metadata_leaves', CONSTRAINT = '${constraint}';
      END IF;
      RETURN NULL;
    END $$`,
  `CREATE FUNCTION delete_leaves_of_users() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM metadata_leaves WHERE user_id = ANY (ARRAY(SELECT id FROM gone));
    RETURN NULL;
  END $$`,
];

const triggers = [
  `CREATE TRIGGER tr_metadata_leaves__insert__users AFTER INSERT ON metadata_leaves REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION require_users_of_leaves()`,
  `CREATE TRIGGER tr_metadata_leaves__update__users AFTER UPDATE ON metadata_leaves REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION require_users_of_leaves()`,
  `CREATE TRIGGER tr_users__delete__leaves AFTER DELETE ON users REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION delete_leaves_of_users()`,
];

/** Metadata values are held against their users once for each statement. */
export class CheckLeavesTogether0000000000042 implements MigrationInterface {
  readonly name = 'CheckLeavesTogether0000000000042';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE metadata_leaves DROP CONSTRAINT ${constraint}`);
    for (const statement of [...functions, ...triggers]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER tr_users__delete__leaves ON users');
    for (const event of ['insert', 'update'])
      await runner.query(`DROP TRIGGER tr_metadata_leaves__${event}__users ON metadata_leaves`);
    for (const name of ['delete_leaves_of_users', 'require_users_of_leaves'])
      await runner.query(`DROP FUNCTION ${name}()`);
    await runner.query(
      `ALTER TABLE metadata_leaves ADD CONSTRAINT ${constraint} FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE`,
    );
  }
}
