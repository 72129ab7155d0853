import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which properties are declared unique and are not, or not yet. */
export class AddMetadataUniqueness0000000000011 implements MigrationInterface {
  readonly name = 'AddMetadataUniqueness0000000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE metadata_schemas ADD COLUMN uniqueness TEXT NOT NULL DEFAULT '{}'");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE metadata_schemas DROP COLUMN uniqueness');
  }
}
