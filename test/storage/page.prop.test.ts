import fc from 'fast-check';
import { AuditEventEntity } from '#src/features/audit/audit-event.entity';
import type { CursorValue, Page, PageArguments } from '#src/shared/page';
import { columnsOf } from '#src/storage/columns';
import { keysetPage, readPage, type PageRead } from '#src/storage/page';
import { sql } from '#src/storage/sql';
import type { RowOf, Storage, Store } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';

/** Any table with an instant and a nullable text will do; no other test of this file writes to it. */
const selection = columnsOf(AuditEventEntity, 'e', ['id', 'occurredAt', 'targetId']);
type EventRow = RowOf<typeof selection>;
type Direction = 'asc' | 'desc';

interface Order {
  readonly instant: Direction;
  readonly text: Direction;
  readonly id: Direction;
  readonly textFirst: boolean;
}

const direction = fc.constantFrom<Direction[]>('asc', 'desc');
const order = fc.record<Order>({
  instant: direction,
  text: direction,
  id: direction,
  textFirst: fc.boolean(),
});
const rows = fc.array(
  fc.record({
    occurredAt: fc.integer({ min: 0, max: 3 }),
    targetId: fc.option(fc.constantFrom('', 'a', 'B', 'é', '😀', '\uFFFD')),
  }),
  { maxLength: 25 },
);

function listOf(name: string, chosen: Order): PageRead<{ action: string }, EventRow> {
  const instant = {
    column: 'e.occurredAt',
    direction: chosen.instant,
    of: (row: EventRow): CursorValue => row.occurredAt,
  };
  const text = {
    column: 'e.targetId',
    direction: chosen.text,
    nullable: true,
    of: (row: EventRow): CursorValue => row.targetId,
  };
  const id = { column: 'e.id', direction: chosen.id, of: (row: EventRow): CursorValue => row.id };
  return {
    name: `test.page.${name}`,
    order: `test:${name}`,
    select: selection,
    keys: chosen.textFirst ? [text, instant, id] : [instant, text, id],
    build: (builder) => builder.from(AuditEventEntity, 'e').where('e.action = :action'),
  };
}

function composed(
  store: Store,
  list: PageRead<{ action: string }, EventRow>,
  page: PageArguments,
): Promise<Page<EventRow>> {
  const keys = list.keys.map((key) => ({
    ...key,
    column: store.column(AuditEventEntity, key.column.slice(2) as 'id', 'e'),
  }));
  const { columns, kinds } = store.selection(selection);
  return keysetPage<EventRow>(
    store,
    { order: list.order, keys, arguments: page },
    ({ where, orderBy, limit }) =>
      store.query(
        sql`SELECT ${columns} FROM ${store.table(AuditEventEntity)} AS e WHERE e.action = ${'x'} AND ${where} ORDER BY ${orderBy} LIMIT ${limit}`,
        kinds,
      ),
  );
}

/** Order by code point, as the databases have it. */
function compare(left: CursorValue, right: CursorValue): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (typeof left === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(String(right)));
  return Number(left) - Number(right);
}

function sorted(all: readonly EventRow[], list: PageRead<{ action: string }, EventRow>): string[] {
  const copy = [...all].sort((left, right) => {
    for (const key of list.keys) {
      const difference = compare(key.of(left), key.of(right)) * (key.direction === 'asc' ? 1 : -1);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return copy.map((row) => row.id);
}

async function replaceRows(
  storage: Storage,
  wanted: readonly Pick<EventRow, 'occurredAt' | 'targetId'>[],
): Promise<EventRow[]> {
  const events = wanted.map((row, index) => ({
    ...row,
    id: `aud_${(index * 7) % 26}`,
    actorKind: 'user',
    actorId: 'u',
    action: 'x',
    targetType: 't',
    changedPaths: [],
    result: 'ok',
    requestId: 'r',
  }));
  await storage.open().transaction(async (store) => {
    await store.execute(sql`DELETE FROM ${store.table(AuditEventEntity)}`);
    await store.insert(AuditEventEntity, events);
  });
  return events;
}

eachDatabase('a keyset page', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
  });

  async function walk(
    size: number,
    read: (page: PageArguments) => Promise<Page<EventRow>>,
    back: boolean,
  ): Promise<string[]> {
    const seen: string[] = [];
    let cursor: string | null = null;
    for (;;) {
      const page: Page<EventRow> = await read(
        back ? { last: size, before: cursor } : { first: size, after: cursor },
      );
      expect(back ? page.hasNextPage : page.hasPreviousPage).toBe(cursor !== null);
      const ids = page.rows.map((row) => row.id);
      if (back) seen.unshift(...ids);
      else seen.push(...ids);
      if (!(back ? page.hasPreviousPage : page.hasNextPage)) return seen;
      expect(ids).toHaveLength(size);
      const edge = (back ? page.rows[0] : page.rows.at(-1)) as EventRow;
      cursor = storage.cursors.encode(page.order, page.keyOf(edge));
    }
  }

  it('visits every row once, in order, forwards and backwards, for any directions and missing values', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        order,
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        async (wanted, chosen, size, back) => {
          const list = listOf(JSON.stringify(chosen), chosen);
          const expected = sorted(await replaceRows(storage, wanted), list);
          const store = storage.open();
          expect(await walk(size, (page) => readPage(store, list, { action: 'x' }, page), back)).toEqual(
            expected,
          );
          expect(await walk(size, (page) => composed(store, list, page), back)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
