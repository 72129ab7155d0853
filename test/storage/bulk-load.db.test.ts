import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { bulkLoad, restoreIndexes } from '#src/storage/bulk-load';
import { sql } from '#src/storage/sql';
import type { Storage } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';

eachDatabase('filling an empty database', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open({ isBulkLoad: true });
  });

  async function setAside(): Promise<string[]> {
    const store = storage.open();
    const found = await store.query<{ restore: string }>(store.dialect.bulkLoad.setAside, {
      restore: 'text',
    });
    return found.map(({ restore }) => restore).sort();
  }

  const row = (name: string): ConnectionEntity => ({
    id: `con_${name}`,
    name,
    strategy: 'auth0',
    displayName: null,
    isEnabled: true,
    options: {},
    deletingAt: null,
    createdAt: 0,
    updatedAt: 0,
    version: 1,
  });

  it('makes every index and trigger again, also when the work fails', async () => {
    const before = await setAside();
    expect(before.length).toBeGreaterThan(40);
    const store = storage.open();
    await bulkLoad(store, async () => {
      expect(await setAside()).toEqual([]);
      await store.transaction((transaction) => transaction.insert(ConnectionEntity, row('loaded')));
    });
    expect(await setAside()).toEqual(before);
    await expect(bulkLoad(store, () => Promise.reject(new Error('no more')))).rejects.toThrow('no more');
    expect(await setAside()).toEqual(before);
  });

  it('is completed by the next program when the first one ended on the way', async () => {
    const before = await setAside();
    const store = storage.open();
    let goOn = (): void => undefined;
    let interrupted: Promise<void> = Promise.resolve();
    await new Promise<void>((started) => {
      interrupted = bulkLoad(store, () => {
        started();
        return new Promise<void>((done) => (goOn = done));
      });
    });
    expect(await setAside()).toEqual([]);
    await restoreIndexes(storage.open());
    expect(await setAside()).toEqual(before);
    goOn();
    await interrupted;
    expect(await setAside()).toEqual(before);
    const table = await store.query<{ n: number }>(store.dialect.bulkLoad.isUnderWay, { n: 'integer' });
    expect(table).toEqual([{ n: 0 }]);
    await expect(store.query(sql`SELECT restore FROM set_aside`, {})).rejects.toThrow();
  });
});
