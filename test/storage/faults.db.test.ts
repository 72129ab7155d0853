import { pbkdf2 } from 'node:crypto';
import { copyFile, rename as move } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import sqlite3 from 'sqlite3';
import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { Storage, Store } from '#src/storage/store';
import { eachDatabase, postgresDatabase, sqliteDatabase } from '#test/support/databases';

/** Counts for far longer than any limit in these tests. */
const endless = sql`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${2_000_000_000}) SELECT count(*) AS total FROM n`;

async function one(store: Store): Promise<unknown> {
  return store.query(sql`SELECT 1 AS one`, { one: 'integer' });
}

function rename(name: string, displayName: string): Sql {
  return sql`UPDATE connections SET display_name = ${displayName} WHERE name = ${name}`;
}

eachDatabase('a read with a time limit', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
  });

  it('is cancelled with SEARCH_TIMEOUT, and the next ones are not', async () => {
    const store = storage.open();
    const started = performance.now();
    const searches = [1, 2, 3].map(() => store.query(endless, { total: 'integer' }, { timeoutMs: 150 }));
    const others = (async () => {
      for (let index = 0; index < 20; index += 1) {
        expect(await one(storage.open())).toEqual([{ one: 1 }]);
        await pause(15);
      }
    })();
    for (const outcome of await Promise.allSettled(searches)) {
      expect(outcome).toMatchObject({ reason: { code: 'SEARCH_TIMEOUT', kind: 'limited' } });
    }
    // Without the limit they never end.
    expect(performance.now() - started).toBeLessThan(15_000);
    await others;
    for (let index = 0; index < 10; index += 1) {
      expect(await store.query(sql`SELECT 1 AS one`, { one: 'integer' }, { timeoutMs: 1000 })).toEqual([
        { one: 1 },
      ]);
    }
  });

  it('leaves others their turn, however many such reads there are, and counts the waiting', async () => {
    const ended: string[] = [];
    const started = performance.now();
    const searches = Array.from({ length: 12 }, async () => {
      const limited = storage.open().query(endless, { total: 'integer' }, { timeoutMs: 400 });
      await expect(limited).rejects.toMatchObject({ code: 'SEARCH_TIMEOUT' });
      ended.push('search');
    });
    for (let index = 0; index < 5; index += 1) await one(storage.open());
    ended.push('others');
    await Promise.all(searches);
    expect(ended).toHaveLength(13);
    expect(ended[0]).toBe('others');
    // One after another they would take 4.8 s.
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it('reports its own mistakes as such', async () => {
    const broken = storage
      .open()
      .query(sql`SELECT nothing FROM nowhere`, { nothing: 'text' }, { timeoutMs: 500 });
    await expect(broken).rejects.toMatchObject({ name: 'StatementError' });
  });
});

sqliteDatabase('a database file', (database) => {
  it('cancels a read that was not yet begun when its time was over', async () => {
    const storage = await database.open();
    // All threads that the driver could use are busy for longer than the limit.
    const busy = Array.from({ length: 8 }, () => promisify(pbkdf2)('a', 'b', 30_000, 64, 'sha512'));
    const late = storage.open().query(endless, { total: 'integer' }, { timeoutMs: 5 });
    await expect(late).rejects.toMatchObject({ code: 'SEARCH_TIMEOUT' });
    await Promise.all(busy);
  });

  it('is not well any more when its file was replaced', async () => {
    const storage = await database.open();
    await storage.ping();
    const path = database.url().slice('sqlite:'.length);
    await move(path, `${path}.former`);
    await expect(storage.ping()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await copyFile(`${path}.former`, path);
    await expect(storage.ping()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await move(`${path}.former`, path);
    await storage.ping();
  });

  it('answers STORAGE_BUSY while another program writes, and recovers', async () => {
    const storage = await database.open({ busyTimeoutMs: 100 });
    const other = new sqlite3.Database(database.url().slice('sqlite:'.length));
    const execute = (text: string): Promise<void> =>
      new Promise((done, fail) => other.exec(text, (error) => (error ? fail(error) : done())));
    await execute('BEGIN EXCLUSIVE');
    const store = storage.open();
    const writing = (): Promise<number> => store.transaction((inside) => inside.execute(rename('main', 'x')));
    await expect(writing()).rejects.toMatchObject({ code: 'STORAGE_BUSY', kind: 'unavailable' });
    expect(await one(store)).toEqual([{ one: 1 }]);
    await execute('ROLLBACK');
    expect(await writing()).toBe(1);
    await new Promise((done) => other.close(done));
  });

  it('answers STORAGE_BUSY to a writer that waits too long for its turn', async () => {
    const storage = await database.open({ lockTimeoutMs: 50 });
    const slow = storage.open().transaction(() => pause(300));
    const waiting = storage.open().transaction((store) => store.execute(rename('main', 'y')));
    await expect(waiting).rejects.toMatchObject({ code: 'STORAGE_BUSY' });
    await slow;
    expect(await storage.open().transaction((store) => store.execute(rename('main', 'z')))).toBe(1);
  });

  it('is written with a full sync of the log, foreign keys on, and without recorded stacks', async () => {
    const storage = await database.open();
    await storage.open().transaction(async (store) => {
      expect(await store.query(sql`PRAGMA synchronous`, { synchronous: 'integer' })).toEqual([
        { synchronous: 2 },
      ]);
      expect(await store.query(sql`PRAGMA journal_mode`, { journal_mode: 'text' })).toEqual([
        { journal_mode: 'wal' },
      ]);
      expect(await store.query(sql`PRAGMA foreign_keys`, { foreign_keys: 'integer' })).toEqual([
        { foreign_keys: 1 },
      ]);
    });
    expect(String(sqlite3.Database.prototype.prepare)).not.toContain('trace');
    expect(String(sqlite3.Statement.prototype.all)).toContain('native code');
  });

  it('forgets the statements that were not used for the longest time', async () => {
    const store = (await database.open()).open();
    for (let index = 0; index < 450; index += 1) {
      const rows = await store.query<{ one: number }>(
        sql`SELECT ${index} AS one, ${sql.raw(String(index))} AS other`,
        { one: 'integer' },
      );
      expect(rows).toEqual([{ one: index }]);
    }
    expect(await one(store)).toEqual([{ one: 1 }]);
  });
});

postgresDatabase('a database server', (database) => {
  let storage: Storage;
  let administrator: Client;
  beforeAll(async () => {
    storage = await database.open({ lockTimeoutMs: 100, statementTimeoutMs: 300, poolSize: 4 });
    administrator = new Client({ connectionString: database.url() });
    await administrator.connect();
  });
  afterAll(() => administrator.end());

  async function endConnections(): Promise<void> {
    await administrator.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gatehouse' AND datname = current_database()",
    );
  }

  it('is read again over a new connection when idle ones were lost', async () => {
    await Promise.all([1, 2, 3, 4].map(() => one(storage.open())));
    await endConnections();
    const reads = await Promise.all([1, 2, 3, 4, 5, 6].map(() => one(storage.open())));
    expect(reads).toEqual(Array.from({ length: 6 }, () => [{ one: 1 }]));
  });

  it('answers STORAGE_UNAVAILABLE to a transaction whose connection is lost, keeps nothing of it, and goes on', async () => {
    const failing = storage.open().transaction(async (store) => {
      await store.execute(rename('main', 'lost'));
      await endConnections();
      await pause(50);
      await store.execute(rename('main', 'lost again'));
    });
    await expect(failing).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await storage.open().transaction(async (store) => {
      const rows = await store.query(sql`SELECT display_name FROM connections WHERE name = ${'main'}`, {
        display_name: 'text',
      });
      expect(rows).toEqual([{ display_name: null }]);
    });
  });

  it('survives connections lost over and over', async () => {
    let isOver = false;
    const ending = (async () => {
      while (!isOver) {
        await endConnections();
        await pause(40);
      }
    })();
    let failures = 0;
    for (let index = 0; index < 100; index += 1) {
      await one(storage.open()).catch((error: { code: string }) => {
        expect(error.code).toBe('STORAGE_UNAVAILABLE');
        failures += 1;
      });
      await pause(5);
    }
    isOver = true;
    await ending;
    expect(failures).toBeLessThan(60);
    expect(await one(storage.open())).toEqual([{ one: 1 }]);
  }, 60_000);

  it('answers STORAGE_BUSY when a row stays locked, or a statement takes too long', async () => {
    await administrator.query("BEGIN; UPDATE connections SET display_name = 'held' WHERE name = 'main'");
    const blocked = storage.open().transaction((store) => store.execute(rename('main', 'x')));
    await expect(blocked).rejects.toMatchObject({ code: 'STORAGE_BUSY' });
    await administrator.query('ROLLBACK');
    await expect(storage.open().query(endless, { total: 'integer' })).rejects.toMatchObject({
      code: 'STORAGE_BUSY',
    });
    expect(await one(storage.open())).toEqual([{ one: 1 }]);
  });

  it('runs a transaction again after a deadlock', async () => {
    const slow = await database.open({ lockTimeoutMs: 8000 });
    // Not settings: each change of one also takes the version of all of them, so that two never hold one row each.
    await slow.open().transaction((store) =>
      store.execute(sql`INSERT INTO organizations (id, name, metadata, third_party_client_access, app_entitlement_active,
        created_at, updated_at, version)
        VALUES ('org_a', 'a', '{}', 'ALLOW', FALSE, 1, 1, 1), ('org_b', 'b', '{}', 'ALLOW', FALSE, 1, 1, 1)`),
    );
    const rename = (id: string, name: string): Sql =>
      sql`UPDATE organizations SET display_name = ${name} WHERE id = ${id}`;
    let attempts = 0;
    let release: () => void = () => undefined;
    const bothHoldOne = new Promise<void>((done) => (release = done));
    const crossing = (first: string, second: string): Promise<number> =>
      slow.open().transaction(async (store) => {
        attempts += 1;
        await store.execute(rename(first, 'first'));
        if (attempts === 2) release();
        await bothHoldOne;
        return store.execute(rename(second, 'second'));
      });
    expect(await Promise.all([crossing('org_a', 'org_b'), crossing('org_b', 'org_a')])).toEqual([1, 1]);
    expect(attempts).toBeGreaterThan(2);
  });

  it('takes advisory locks for the length of a transaction', async () => {
    const order: string[] = [];
    const work = (name: string): Promise<void> =>
      storage.open().transaction(async (store) => {
        await store.execute(store.dialect.advisoryLock('jobs'));
        order.push(`${name} in`);
        await pause(20);
        order.push(`${name} out`);
      });
    await Promise.all([work('a'), work('b')]);
    expect(order[1]?.slice(0, 1)).toBe(order[0]?.slice(0, 1));
  });

  it('gives back connections after failed statements', async () => {
    for (let index = 0; index < 20; index += 1) {
      const failing = storage.open().transaction((store) => store.insert(ResourceServerEntity, { id: 'x' }));
      await expect(failing).rejects.toMatchObject({ name: 'StatementError', code: '23502' });
    }
    expect(await one(storage.open())).toEqual([{ one: 1 }]);
  });
});
