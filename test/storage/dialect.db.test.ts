import fc from 'fast-check';
import { AuditEventEntity } from '#src/features/audit/audit-event.entity';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { columnsOf, expression } from '#src/storage/columns';
import { escapeLike } from '#src/storage/dialect/dialect';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, Storage, Store } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';

const eventColumns = columnsOf(AuditEventEntity, 'e', ['id', 'actorId', 'occurredAt']);

/** A list of words as a table, so that a condition can be tried on many texts at once. */
async function matching(
  store: Store,
  words: readonly string[],
  condition: (word: Sql) => Sql,
): Promise<string[]> {
  await store.execute(sql`DELETE FROM connections WHERE name <> ${'main'}`);
  await store.insert(
    ConnectionEntity,
    words.map((name, index) => ({
      id: `con_${index}`,
      name,
      strategy: 'word',
      isEnabled: index % 2 === 0,
      options: { n: index },
      createdAt: 0,
      updatedAt: 0,
    })),
  );
  const { columns, kinds } = store.selection(columnsOf(ConnectionEntity, 'c', ['name']));
  const name = store.column(ConnectionEntity, 'name', 'c');
  const rows = await store.query(
    sql`SELECT ${columns} FROM ${store.table(ConnectionEntity)} AS c WHERE c.strategy = ${'word'} AND ${condition(name)} ORDER BY c.name`,
    kinds,
  );
  return rows.map((row) => row.name);
}

const character = fc.constantFrom(
  'a',
  'A',
  'b',
  '%',
  '_',
  '\\',
  '*',
  '?',
  '[',
  ']',
  '^',
  '-',
  'é',
  '😀',
  '\ud7ff',
  '\uffff',
  "'",
);
const word = fc.string({ unit: character, maxLength: 6 });
const words = fc.uniqueArray(word, { maxLength: 12 });

function byCodePoint(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

eachDatabase('a dialect', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
  });

  it('finds texts by prefix, case-sensitive', async () => {
    await fc.assert(
      fc.asyncProperty(words, word, async (all, prefix) => {
        await storage.open().transaction(async (store) => {
          const found = await matching(store, all, (column) => store.dialect.prefix(column, prefix));
          expect(found).toEqual(all.filter((text) => text.startsWith(prefix)).sort(byCodePoint));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('finds texts by pattern, case-sensitive, with any text taken literally after escaping', async () => {
    const piece = fc.oneof(word.map(escapeLike), fc.constantFrom('%', '_'));
    await fc.assert(
      fc.asyncProperty(words, fc.array(piece, { maxLength: 4 }), async (all, pieces) => {
        const pattern = pieces.join('');
        const source = pattern.replace(/\\([\s\S])|[\s\S]/gu, (found, escaped: string | undefined) => {
          if (found === '%') return '[\\s\\S]*';
          return found === '_' ? '[\\s\\S]' : `\\u{${(escaped ?? found).codePointAt(0)?.toString(16)}}`;
        });
        await storage.open().transaction(async (store) => {
          const found = await matching(store, all, (column) => store.dialect.like(column, pattern));
          const expected = all.filter((text) => new RegExp(`^${source}$`, 'u').test(text));
          expect(found).toEqual(expected.sort(byCodePoint));
        });
      }),
      { numRuns: 80 },
    );
  });

  it('tests membership in a list of any length, the empty one included', async () => {
    await storage.open().transaction(async (store) => {
      const many = Array.from({ length: 50_000 }, (_, index) => `w${index}`);
      expect(
        await matching(store, ['w7', 'x', 'w,"{}'], (column) => store.dialect.anyOf(column, many)),
      ).toEqual(['w7']);
      expect(
        await matching(store, ['w,"{}', 'x'], (column) => store.dialect.anyOf(column, ['w,"{}', 'NULL'])),
      ).toEqual(['w,"{}']);
      expect(await matching(store, ['x'], (column) => store.dialect.anyOf(column, []))).toEqual([]);
    });
  });

  it('tests membership in what a statement finds, nothing included', async () => {
    await storage.open().transaction(async (store) => {
      const found = (statement: Sql) =>
        matching(store, ['a', 'b', 'c'], (column) => store.dialect.amongFound(column, statement));
      expect(await found(sql`SELECT 'a' UNION ALL SELECT 'c' UNION ALL SELECT 'c'`)).toEqual(['a', 'c']);
      expect(await found(sql`SELECT 'a' WHERE FALSE`)).toEqual([]);
    });
  });

  it('folds one text column into a flat JSON array, with missing values, and no row into an empty one', async () => {
    const all = sql.raw(storage.dialect.jsonTextAggregate('c.x'));
    const folded = (condition: ReturnType<typeof sql>) =>
      storage
        .open()
        .query<{ all: unknown }>(
          sql`SELECT ${all} AS "all" FROM (SELECT 'a"b' AS x UNION ALL SELECT CAST(NULL AS text)) AS c WHERE ${condition}`,
          { all: 'json' },
        );
    expect(await folded(sql`TRUE`)).toEqual([{ all: ['a"b', null] }]);
    expect(await folded(sql`FALSE`)).toEqual([{ all: [] }]);
  });

  it('folds rows into one JSON array, with booleans, JSON and order', async () => {
    const folded: Read<object, { all: unknown }> = {
      name: 'test.folded',
      select: {
        all: expression(
          ({ dialect }) =>
            dialect.jsonArrayAggregate(
              [
                { sql: 'c.name', kind: 'text' },
                { sql: 'c.isEnabled', kind: 'boolean' },
                { sql: 'c.options', kind: 'json' },
                { sql: 'c.displayName', kind: 'text' },
                { sql: 'c.createdAt', kind: 'instant' },
              ],
              'c.name DESC',
            ),
          'json',
        ),
      },
      build: (builder) => builder.from(ConnectionEntity, 'c').where("c.strategy = 'word'"),
    };
    await storage.open().transaction(async (store) => {
      await matching(store, ['one "quoted"', 'two'], () => sql`TRUE`);
      expect(await store.read(folded, {})).toEqual([
        {
          all: [
            ['two', false, { n: 1 }, null, 0],
            ['one "quoted"', true, { n: 0 }, null, 0],
          ],
        },
      ]);
      await store.execute(sql`DELETE FROM connections WHERE name <> ${'main'}`);
      expect(await store.read(folded, {})).toEqual([{ all: [] }]);
    });
  });

  it('reads the first rows of each key', async () => {
    const rest = { actorKind: 'u', targetType: 't', changedPaths: [], result: 'ok', requestId: 'r' };
    await storage.open().transaction(async (store) => {
      const events = ['a', 'b', 'c'].flatMap((actorId, actor) =>
        Array.from({ length: 5 }, (_, index) => ({
          ...rest,
          id: `${actorId}${index}`,
          actorId,
          occurredAt: (index * 3 + actor) % 5,
          action: index === 0 ? 'skipped' : 'kept',
        })),
      );
      await store.insert(AuditEventEntity, events);
      const { columns, kinds } = store.selection(eventColumns);
      const expected = ['a', 'c'].flatMap((actorId) =>
        events
          .filter((event) => event.actorId === actorId && event.action === 'kept')
          .sort((left, right) => right.occurredAt - left.occurredAt)
          .slice(0, 2)
          .map(({ id, occurredAt }) => ({ id, actorId, occurredAt })),
      );
      for (const isRare of [false, true]) {
        const from = store.dialect.firstPerKey({
          keys: ['a', 'c', 'missing'],
          table: store.table(AuditEventEntity),
          alias: 'e',
          parent: store.column(AuditEventEntity, 'actorId', 'e'),
          id: store.column(AuditEventEntity, 'id', 'e'),
          where: sql`e.action = ${'kept'}`,
          orderBy: sql`e.occurred_at DESC, e.id`,
          limit: 2,
          isRare,
        });
        const rows = await store.query(
          sql`SELECT ${columns} FROM ${from} ORDER BY e.actor_id, e.occurred_at DESC`,
          kinds,
        );
        expect(rows).toEqual(expected);
      }
    });
  });

  it('orders missing values before all others', async () => {
    const store = storage.open();
    for (const [direction, expected] of [
      ['asc', [null, 1, 2]],
      ['desc', [2, 1, null]],
    ] as const) {
      const order = sql.raw(store.dialect.order('x', direction, true));
      const rows = await store.query<{ x: number | null }>(
        sql`SELECT x FROM (SELECT 1 AS x UNION ALL SELECT NULL UNION ALL SELECT 2) AS t ORDER BY ${order}`,
        { x: 'integer' },
      );
      expect(rows.map((row) => row.x)).toEqual(expected);
    }
  });

  it('counts, sums and averages as numbers', async () => {
    const rows = await storage
      .open()
      .query(
        sql`SELECT count(*) AS total, sum(x) AS sum, avg(x) AS mean FROM (SELECT 1 AS x UNION ALL SELECT 2) AS t`,
        {
          total: 'integer',
          sum: 'integer',
          mean: 'number',
        },
      );
    expect(rows).toEqual([{ total: 2, sum: 3, mean: 1.5 }]);
  });

  it('locks rows for update inside a transaction', async () => {
    await storage.open().transaction(async (store) => {
      const { columns, kinds } = store.selection(columnsOf(ConnectionEntity, 'c', ['name']));
      const rows = await store.query(
        sql`SELECT ${columns} FROM ${store.table(ConnectionEntity)} AS c WHERE c.name = ${'main'}${store.dialect.forUpdate}`,
        kinds,
      );
      expect(rows).toEqual([{ name: 'main' }]);
      expect(await store.execute(store.dialect.advisoryLock('test'))).toBeGreaterThanOrEqual(0);
    });
  });
});
