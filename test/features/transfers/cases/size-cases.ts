import type { Store } from '#src/storage/store';
import type { ImportClient } from '#test/features/transfers/import-client';

/** What an import costs by its size: section 1.11, case 13. The rate and the memory of large files are measured by `bench -- --import`. */
export function sizeCases(client: () => ImportClient): void {
  /** The SQL statements of a job of so many rows with ten metadata values each, its look-ups and commits included. */
  const statementsOf = async (rows: number, name: string): Promise<number> => {
    const { app } = client().test;
    const lines = Array.from({ length: rows }, (_, n) =>
      JSON.stringify({
        ...{ email: `${name}${n}@size.example`, user_id: `${name}-${n}`, given_name: 'Ana' },
        user_metadata: { color: 'red', size: n % 50, city: `City ${n}`, news: n % 2 === 0, lang: 'en' },
        app_metadata: { plan: 'pro', customer: `C-${n}`, seats: n % 20, region: 'eu', beta: false },
      }),
    );
    const { body } = await client().upload(lines.join('\n'), { type: 'application/x-ndjson' });
    const opened: Store[] = [];
    const open = app.storage.open.bind(app.storage);
    const spy = jest.spyOn(app.storage, 'open').mockImplementation(() => {
      const store = open();
      opened.push(store);
      return store;
    });
    try {
      await app.jobs.runUntilIdle();
    } finally {
      spy.mockRestore();
    }
    expect((await client().jobOf(body['id'])).userImport.summary).toMatchObject({ inserted: rows });
    return opened.reduce((sum, { statements }) => sum + statements, 0);
  };

  it('1.11.13: the statements of an import follow its parts of 500 rows, not its rows', async () => {
    const [one, three] = [await statementsOf(500, 'one'), await statementsOf(1_500, 'three')];
    // Where the database has one writer, a part is written in up to five transactions.
    expect(one).toBeGreaterThan(0);
    expect(one).toBeLessThan(300);
    expect(three).toBeLessThan(3.5 * one);
  });
}
