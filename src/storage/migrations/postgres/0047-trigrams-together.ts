import type { MigrationInterface, QueryRunner } from 'typeorm';

const columns =
  'email_folded, username, phone_number, name_folded, given_name_folded, family_name_folded, nickname_folded';
const ofNew = columns
  .split(', ')
  .map((column) => `NEW.${column}`)
  .join(', ');

/** What is searched by parts of words is written once for all users that a statement makes: a call for each cost as much as what it wrote. */
export class TrigramsTogether0000000000047 implements MigrationInterface {
  readonly name = 'TrigramsTogether0000000000047';

  async up(runner: QueryRunner): Promise<void> {
    await replaceTrigger(runner, {
      body: `INSERT INTO user_trigrams (user_id, ${columns}) SELECT id, ${columns} FROM fresh`,
      timing: 'REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await replaceTrigger(runner, {
      body: `INSERT INTO user_trigrams (user_id, ${columns}) VALUES (NEW.id, ${ofNew})`,
      timing: 'FOR EACH ROW',
    });
  }
}

async function replaceTrigger(
  runner: QueryRunner,
  { body, timing }: { readonly body: string; readonly timing: string },
): Promise<void> {
  await runner.query('DROP TRIGGER tr_users__insert__trigrams ON users');
  await runner.query(
    `CREATE OR REPLACE FUNCTION add_user_trigrams() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; RETURN NULL; END $$`,
  );
  await runner.query(
    `CREATE TRIGGER tr_users__insert__trigrams AFTER INSERT ON users ${timing} EXECUTE FUNCTION add_user_trigrams()`,
  );
}
