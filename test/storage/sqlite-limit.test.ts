import type { Database } from 'sqlite3';
import { SqliteConnection } from '#src/storage/sqlite/connection';

/** The texts that a connection hands to the driver. */
async function prepared(text: string): Promise<string[]> {
  const texts: string[] = [];
  const statement = {
    all: (_values: unknown, done: (error: null, rows: object[]) => void) => done(null, []),
  };
  const database = {
    prepare(given: string, done: (error: null) => void) {
      texts.push(given);
      setImmediate(() => done(null));
      return statement;
    },
  };
  const connection = new SqliteConnection(database as unknown as Database, (error) => error as Error);
  await connection.all({ text, values: [] });
  return texts;
}

describe('a bound LIMIT of the embedded database', () => {
  it('is an expression, so that the statement is not planned anew at each use', async () => {
    expect(await prepared('SELECT 1 FROM (SELECT 2 LIMIT ?2) LIMIT ?13')).toEqual([
      'SELECT 1 FROM (SELECT 2 LIMIT (?2 + 0)) LIMIT (?13 + 0)',
    ]);
  });

  it('stays as it is where it is written out, so that planning knows it', async () => {
    expect(await prepared('SELECT 1 LIMIT 26')).toEqual(['SELECT 1 LIMIT 26']);
  });
});
