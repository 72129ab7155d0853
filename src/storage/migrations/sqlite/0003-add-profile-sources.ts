import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where root attributes came from, and the metadata that linking took out of use. */
export class AddProfileSources0000000000003 implements MigrationInterface {
  readonly name = 'AddProfileSources0000000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN attribute_sources TEXT');
    await runner.query('ALTER TABLE identities ADD COLUMN discarded_metadata TEXT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE identities DROP COLUMN discarded_metadata');
    await runner.query('ALTER TABLE users DROP COLUMN attribute_sources');
  }
}
