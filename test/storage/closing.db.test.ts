import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { sql } from '#src/storage/sql';
import type { Storage, Store } from '#src/storage/store';
import { sqliteDatabase } from '#test/support/databases';

/** A text of its own: it has to be prepared. */
const count = (store: Store, name: number) =>
  store.query(
    sql`SELECT count(*) AS total FROM ${store.table(ConnectionEntity)} AS c WHERE ${store.column(ConnectionEntity, 'name', 'c')} <> ${`n${name}`} LIMIT ${name + 1}`,
    { total: 'integer' },
  );

const ask = (storage: Storage, n: number) =>
  storage
    .open()
    .query(sql`SELECT count(*) AS ${sql.raw(`total_${n}`)} FROM ${storage.open().table(ConnectionEntity)}`, {
      [`total_${n}`]: 'integer',
    } as const);

sqliteDatabase('closing storage', (database) => {
  it('answers or refuses what is asked meanwhile, ends a transaction under way, and closes every time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const storage = await database.open();
      const outcomes: Promise<string>[] = [];
      const note = (work: Promise<unknown>): void =>
        void outcomes.push(
          work.then(
            () => 'answered',
            (error: { code?: string }) => error.code ?? String(error),
          ),
        );
      note(
        storage.open().transaction(async (store) => {
          for (let step = 0; step < 5; step += 1) await count(store, 100 + step);
        }),
      );
      for (let read = 0; read < 8; read += 1) note(ask(storage, read));
      const closing = storage.close();
      for (let read = 8; read < 40; read += 1) {
        note(ask(storage, read));
        if (read % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await closing;
      note(ask(storage, 99));
      note(storage.open().transaction((store) => count(store, 200)));
      const ended = await Promise.all(outcomes);
      expect(ended.slice(0, 9)).toEqual(Array(9).fill('answered'));
      expect(ended.slice(-2)).toEqual(['STORAGE_UNAVAILABLE', 'STORAGE_UNAVAILABLE']);
      expect(new Set(ended)).toEqual(new Set(['answered', 'STORAGE_UNAVAILABLE']));
    }
  });
});
