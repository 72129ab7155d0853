import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The index of the numbers in a table of leaves, made anew with these columns. */
function numbers(table: string, columns: string): readonly string[] {
  const name = `ix_${table}__number_value`;
  return [
    `DROP INDEX IF EXISTS ${name}`,
    `CREATE INDEX ${name} ON ${table} (${columns}) WHERE number_value IS NOT NULL`,
  ];
}

/**
 * Hits of a search lie far apart. The indexes tell of a leaf whether it is a number or a boolean, and of a user whose id is known
 * the place in the usual order of lists, so that neither has to be read for that.
 */
export class WidenSearchIndexes0000000000039 implements MigrationInterface {
  readonly name = 'WidenSearchIndexes0000000000039';

  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      ...numbers('metadata_leaves', 'store, path, number_value, user_id, kind'),
      ...numbers('profile_data_leaves', 'path, number_value, user_id, kind'),
      'CREATE INDEX ix_users__id__created_at ON users (id, created_at)',
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const statements = [
      'DROP INDEX IF EXISTS ix_users__id__created_at',
      ...numbers('profile_data_leaves', 'path, number_value, user_id'),
      ...numbers('metadata_leaves', 'store, path, number_value, user_id'),
    ];
    for (const statement of statements) await runner.query(statement);
  }
}
