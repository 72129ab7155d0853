import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { beginWriting, isUnusable, postgresErrors } from '#src/storage/postgres/errors';
import { sql } from '#src/storage/sql';
import type { Storage } from '#src/storage/store';
import { postgresDatabase } from '#test/support/databases';
import { startRelay, type Relay } from '#test/support/relay';

const one = (storage: Storage): Promise<unknown> =>
  storage.open().query(sql`SELECT 1 AS one`, { one: 'integer' });

postgresDatabase('a server that falls silent', (database) => {
  let relay: Relay;
  let storage: Storage;
  beforeAll(async () => {
    const url = new URL(database.url());
    relay = await startRelay(Number(url.port));
    url.port = String(relay.port);
    storage = await database.open({
      ...{ url: url.href, poolSize: 3 },
      ...{ statementTimeoutMs: 300, connectTimeoutMs: 400 },
    });
    await Promise.all([1, 2, 3].map(() => one(storage)));
  });
  afterAll(() => relay.close());

  it('holds neither reads, nor transactions, nor searches, nor places of the pool', async () => {
    relay.isMute = true;
    relay.silence();
    const started = performance.now();
    const waited: number[] = [];
    const store = storage.open();
    const asked = [
      one(storage),
      store.transaction((inside) => inside.execute(sql`UPDATE connections SET display_name = ${'x'}`)),
      store.query(sql`SELECT 2 AS two`, { two: 'integer' }, { timeoutMs: 100 }),
      ...[4, 5, 6].map(() => one(storage)),
    ].map((work) => work.finally(() => waited.push(performance.now() - started)));
    const outcomes = await Promise.allSettled(asked);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        reason: { code: expect.stringMatching(/^(STORAGE_UNAVAILABLE|SEARCH_TIMEOUT)$/) as string },
      });
    // Nobody waits twice: neither for a connection nor for an answer.
    expect(Math.max(...waited)).toBeLessThan(2500);
    expect(storage.load()).toEqual({ total: 0, idle: 0, waiting: 0 });
    relay.isMute = false;
    expect(await Promise.all([1, 2, 3, 4].map(() => one(storage)))).toHaveLength(4);
  });
});

postgresDatabase('a connection that can do less than another one', (database) => {
  it('is replaced when its plan of a statement is older than a migration', async () => {
    const storage = await database.open({ poolSize: 1 });
    const read = (): Promise<unknown> =>
      storage.open().query(sql`SELECT name FROM resource_servers ORDER BY name`, { name: 'text' });
    const known = [await read(), await read(), await read()];
    const migrating = new Client({ connectionString: database.url() });
    await migrating.connect();
    await migrating.query('ALTER TABLE resource_servers ALTER COLUMN name TYPE varchar(200)');
    await migrating.end();
    expect(await read()).toEqual(known[0]);
  });
});

test('a server that only reads, because another one has taken over, is no mistake of ours', () => {
  const translate = postgresErrors({} as DataSource);
  const beginning = {
    severity: 'ERROR',
    code: '0A000',
    message: 'cannot set transaction read-write mode during recovery',
  };
  const locking = {
    severity: 'ERROR',
    code: '25006',
    message: 'cannot execute UPDATE in a read-only transaction',
  };
  expect(translate(beginning, beginWriting)).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  expect(translate(locking, 'UPDATE')).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  // Their connections are given up: the next one may lead to the server that writes.
  expect([beginning, locking].map(isUnusable)).toEqual([true, true]);
  expect(translate(beginning, 'SELECT 1')).toMatchObject({ name: 'StatementError', code: '0A000' });
});
