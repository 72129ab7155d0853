import type { MigrationInterface, QueryRunner } from 'typeorm';
import { fillProfileDataLeaves, type LeafStatements } from '#src/storage/migrations/fill-profile-data-leaves';

const table = `CREATE TABLE profile_data_leaves (
      identity_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      path TEXT NOT NULL,
      kind TEXT NOT NULL,
      text_value TEXT,
      text_hash TEXT,
      number_value REAL,
      CONSTRAINT fk_profile_data_leaves__identity_id FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE CASCADE
    ) STRICT`;

/** Made when the table is full. Each value stands in one of the last two. */
const indexes = [
  'CREATE INDEX ix_profile_data_leaves__identity_id ON profile_data_leaves (identity_id)',
  'CREATE INDEX ix_profile_data_leaves__user_id__path ON profile_data_leaves (user_id, path)',
  `CREATE INDEX ix_profile_data_leaves__text_value ON profile_data_leaves (path, text_value, user_id)
    WHERE text_value IS NOT NULL`,
  `CREATE INDEX ix_profile_data_leaves__number_value ON profile_data_leaves (path, number_value, user_id)
    WHERE number_value IS NOT NULL`,
];

const statements: LeafStatements = {
  read: `SELECT id, user_id, profile_data FROM identities WHERE profile_data IS NOT NULL AND id > ? ORDER BY id LIMIT ?`,
  insert: `INSERT INTO profile_data_leaves (identity_id, user_id, path, kind, text_value, text_hash, number_value)
    SELECT value ->> 'identity_id', value ->> 'user_id', value ->> 'path', value ->> 'kind',
      value ->> 'text_value', value ->> 'text_hash', value ->> 'number_value' FROM json_each(?)`,
};

/** What searches for `identities.profileData` look up. */
export class CreateProfileDataLeaves0000000000025 implements MigrationInterface {
  readonly name = 'CreateProfileDataLeaves0000000000025';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(table);
    await fillProfileDataLeaves(runner, statements);
    for (const index of indexes) await runner.query(index);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE profile_data_leaves');
  }
}
