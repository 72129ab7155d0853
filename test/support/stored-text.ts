import { sql } from '#src/storage/sql';
import type { Storage } from '#src/storage/store';

/** Every row of every table, as text: what a search through the files of the database would find. */
export async function everythingStored(storage: Storage): Promise<string> {
  const store = storage.open();
  const list = (text: string) => store.query<{ name: string }>(sql.raw(text), { name: 'text' });
  const files = await list(
    `SELECT name AS "name" FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'user_trigrams%'`,
  ).catch(() => null);
  const tables =
    files ??
    (await list(`SELECT table_name AS "name" FROM information_schema.tables WHERE table_schema = 'public'`));
  const texts: string[] = [];
  for (const { name: table } of tables) {
    const columns =
      files === null ? [] : await list(`SELECT name AS "name" FROM pragma_table_info('${table}')`);
    const row =
      files === null ? 't::text' : columns.map(({ name }) => `quote("${name}")`).join(` || ',' || `);
    texts.push(...(await list(`SELECT ${row} AS "name" FROM "${table}" t`)).map(({ name }) => name));
  }
  return texts.join('\n');
}
