import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { getMetadataArgsStorage } from 'typeorm';
import '#test/support/all-entities';
import { camelCase, columnProperties } from '#src/storage/columns';
import { migrate, migrationDataSource, pendingMigrations, revert } from '#src/storage/migrate';
import { postgresMigrations, sqliteMigrations } from '#src/storage/migrations/all-migrations';
import { knownEntities } from '#src/storage/storage';
import { eachDatabase } from '#test/support/databases';

/** Without what only the database itself reads: the trigrams of users, and the number that a user has in them. */
const columnsQuery = {
  SQLite: `SELECT t.name AS "table", c.name AS "column" FROM sqlite_schema t, pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT IN ('migrations', 'sqlite_sequence') AND t.name NOT LIKE 'user_trigrams%'
      AND (t.name, c.name) <> ('users', 'number')`,
  PostgreSQL: `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT IN ('migrations', 'user_trigrams')`,
};

/** Foreign keys whose columns no index begins with. */
const unindexedQuery = {
  SQLite: `SELECT t.name AS "table", f."from" AS "column" FROM sqlite_schema t, pragma_foreign_key_list(t.name) f
    WHERE t.type = 'table' AND NOT EXISTS (
      SELECT 1 FROM pragma_index_list(t.name) i, pragma_index_info(i.name) k WHERE k.seqno = 0 AND k.name = f."from")`,
  PostgreSQL: `SELECT c.conrelid::regclass::text AS "table", c.conname AS "column" FROM pg_constraint c
    WHERE c.contype = 'f' AND NOT EXISTS (
      SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])`,
};

describe('migrations', () => {
  it('have the same numbers and names for both databases', () => {
    const filesOf = (folder: string): string[] =>
      readdirSync(resolve('src/storage/migrations', folder)).filter((file) => /^\d{4}-/.test(file));
    expect(filesOf('sqlite')).toEqual(filesOf('postgres'));
    const namesOf = (list: readonly { name: string }[]): string[] => list.map((migration) => migration.name);
    expect(namesOf(sqliteMigrations)).toEqual(namesOf(postgresMigrations));
    const numberOf = (name: string): number => Number(/^[A-Z][A-Za-z]+(\d{13})$/.exec(name)?.[1]);
    const numbers = namesOf(sqliteMigrations).map(numberOf);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(filesOf('sqlite').length).toBeGreaterThanOrEqual(numbers.length);
  });
});

eachDatabase('a migrated database', (database) => {
  async function rows(text: string): Promise<{ table: string; column: string }[]> {
    const dataSource = await migrationDataSource(database.url()).initialize();
    try {
      return await dataSource.query<{ table: string; column: string }[]>(text);
    } finally {
      await dataSource.destroy();
    }
  }

  it('has exactly the columns of the entities', async () => {
    const stored = (await rows(columnsQuery[database.name])).map(
      (row) => `${row.table}.${camelCase(row.column)}`,
    );
    const declared = getMetadataArgsStorage().tables.flatMap((table) =>
      columnProperties(table.target as new () => object).map((property) => `${table.name}.${property}`),
    );
    expect(knownEntities().length).toBeGreaterThan(20);
    expect(stored.sort()).toEqual(declared.sort());
  });

  it('has an index for each foreign key', async () => {
    expect(await rows(unindexedQuery[database.name])).toEqual([]);
  });

  it('holds the default connection and the version of the access rules', async () => {
    expect(await rows('SELECT name AS "table", strategy AS "column" FROM connections')).toEqual([
      { table: 'main', column: 'auth0' },
    ]);
    expect(await rows('SELECT id AS "table", version AS "column" FROM policy_state')).toEqual([
      { table: 1, column: 1 },
    ]);
  });

  it('can be taken back to nothing and migrated again', async () => {
    const names = sqliteMigrations.map((migration) => migration.name);
    expect(await pendingMigrations(database.url())).toEqual([]);
    for (const name of [...names].reverse()) expect(await revert(database.url())).toBe(name);
    expect(await revert(database.url())).toBeNull();
    expect(await rows(columnsQuery[database.name])).toEqual([]);
    expect(await pendingMigrations(database.url())).toEqual(names);
    await expect(database.open()).rejects.toMatchObject({ code: 'STORAGE_NOT_MIGRATED' });
    expect(await migrate(database.url())).toEqual(names);
    expect(await migrate(database.url())).toEqual([]);
    await (await database.open()).ping();
  });

  it('is migrated once when two programs start at the same time', async () => {
    while ((await revert(database.url())) !== null);
    const outcomes = await Promise.all([migrate(database.url()), migrate(database.url())]);
    expect(outcomes.flat()).toEqual(sqliteMigrations.map((migration) => migration.name));
    await (await database.open()).ping();
  });

  it('is refused when a newer version has migrated it', async () => {
    const dataSource = await migrationDataSource(database.url()).initialize();
    await dataSource.query(
      `INSERT INTO migrations (timestamp, name) VALUES (99, 'FromTheFuture0000000000099')`,
    );
    await dataSource.destroy();
    await expect(database.open()).rejects.toMatchObject({ code: 'STORAGE_NEWER' });
    await expect(migrate(database.url())).rejects.toMatchObject({ code: 'STORAGE_NEWER' });
    await expect(pendingMigrations(database.url())).rejects.toMatchObject({ code: 'STORAGE_NEWER' });
  });
});
