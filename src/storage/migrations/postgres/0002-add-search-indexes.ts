import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  dropTrigramFunctions,
  dropTrigramTriggers,
  fillTrigrams,
  trigramFunctions,
  trigramIndex,
  trigramTable,
  trigramTriggers,
} from '#src/storage/migrations/postgres/0002-trigrams';
import { StorageError } from '#src/storage/storage.errors';

const added = [
  'CREATE INDEX ix_users__blocked ON users (id) WHERE blocked',
  'CREATE INDEX ix_metadata_leaves__user_id__store__path ON metadata_leaves (user_id, store, path)',
  'DROP INDEX IF EXISTS ix_metadata_leaves__user_id',
  // Each value stands in one of the two.
  'DROP INDEX IF EXISTS ix_metadata_leaves__store__path__text_value__user_id',
  'DROP INDEX IF EXISTS ix_metadata_leaves__store__path__number_value__user_id',
  `CREATE INDEX ix_metadata_leaves__text_value ON metadata_leaves (store, path, text_value, user_id)
    WHERE text_value IS NOT NULL`,
  `CREATE INDEX ix_metadata_leaves__number_value ON metadata_leaves (store, path, number_value, user_id)
    WHERE number_value IS NOT NULL`,
];

/** What searches for a part of a text, for the blocked users, and for the metadata of a user look up. */
export class AddSearchIndexes0000000000002 implements MigrationInterface {
  readonly name = 'AddSearchIndexes0000000000002';

  async up(runner: QueryRunner): Promise<void> {
    await createExtension(runner);
    const trigrams = [trigramTable, fillTrigrams, trigramIndex, ...trigramFunctions, ...trigramTriggers];
    for (const statement of [...added, ...trigrams]) await runner.query(statement);
  }

  /** The extension stays: something else in the database may use it. */
  async down(runner: QueryRunner): Promise<void> {
    const removed = [
      ...dropTrigramTriggers,
      ...dropTrigramFunctions,
      'DROP TABLE user_trigrams',
      'CREATE INDEX ix_metadata_leaves__user_id ON metadata_leaves (user_id)',
      'DROP INDEX IF EXISTS ix_metadata_leaves__user_id__store__path',
      'DROP INDEX IF EXISTS ix_metadata_leaves__text_value',
      'DROP INDEX IF EXISTS ix_metadata_leaves__number_value',
      'CREATE INDEX ix_metadata_leaves__store__path__text_value__user_id ON metadata_leaves (store, path, text_value, user_id)',
      'CREATE INDEX ix_metadata_leaves__store__path__number_value__user_id ON metadata_leaves (store, path, number_value, user_id)',
      'DROP INDEX IF EXISTS ix_users__blocked',
    ];
    for (const statement of removed) await runner.query(statement);
  }
}

async function createExtension(runner: QueryRunner): Promise<void> {
  try {
    await runner.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
  } catch (error) {
    throw new StorageError(
      'STORAGE_EXTENSION_MISSING',
      'The search needs the extension pg_trgm, which comes with the database server. Install the package with its ' +
        'contributed modules where it is missing, and let a role that may create extensions run, in this database: ' +
        `CREATE EXTENSION pg_trgm. The server said: ${(error as Error).message}.`,
      error,
    );
  }
}
