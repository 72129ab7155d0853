import * as server from '#src/storage/postgres/data-source';
import * as file from '#src/storage/sqlite/data-source';
import { migrationDataSource } from '#src/storage/migrate';
import { databaseKind } from '#src/storage/storage';

const mostProblems = 10;

/**
 * What is broken in the database, the first few of it: damaged pages, indexes that disagree with their tables, rows that refer to missing
 * ones. Reads a file from end to end. A server answers for its own pages; asked are its indexes and constraints that are not in force.
 */
export async function integrityProblems(url: string): Promise<readonly string[]> {
  return databaseKind(url) === 'file' ? problemsOfFile(file.filePath(url)) : problemsOfServer(url);
}

async function problemsOfFile(path: string): Promise<string[]> {
  await file.checkFile(path);
  const dataSource = file.sqliteDataSource({ path, readOnly: true, entities: [] });
  try {
    const database = await file.initialize(dataSource, path);
    const found = await file.rawAll(database, `PRAGMA integrity_check(${mostProblems})`);
    const damages = found.map((row) => String(row['integrity_check'])).filter((text) => text !== 'ok');
    if (damages.length > 0) return damages;
    const broken = await file.rawAll(database, 'PRAGMA foreign_key_check');
    return broken
      .slice(0, mostProblems)
      .map(({ table, parent }) => `a row of ${String(table)} refers to none of ${String(parent)}`);
  } catch (error) {
    throw file.openingError(error, path);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

async function problemsOfServer(url: string): Promise<string[]> {
  const dataSource = migrationDataSource(url, true);
  try {
    const pool = await server.initialize(dataSource, url);
    const { rows } = await pool.query<{ problem: string }>(
      `SELECT 'the index ' || indexrelid::regclass || ' is not in force' AS problem FROM pg_index
         JOIN pg_class c ON c.oid = indrelid
        WHERE NOT (indisvalid AND indisready) AND c.relnamespace = current_schema()::regnamespace
       UNION ALL
       SELECT 'the constraint ' || conname || ' was not checked' FROM pg_constraint
        WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
       LIMIT ${mostProblems}`,
    );
    return rows.map(({ problem }) => problem);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}
