import { sql, type Sql } from '#src/storage/sql';
import type { Kinds, Store } from '#src/storage/store';

/** An index or trigger, as the statements that drop it and make it again. */
interface SetAside {
  readonly drop: string;
  readonly restore: string;
}

const setAsideKinds: Kinds<SetAside> = { drop: 'text', restore: 'text' };

const remember = sql`CREATE TABLE set_aside (restore TEXT NOT NULL)`;
const forget = sql`DROP TABLE set_aside`;

/**
 * Fills an empty database: indexes are made once at the end, which takes a fraction of the time and reads no page twice, and
 * then the database learns how its values are spread. What was set aside is written down, so that `restoreIndexes` can
 * make it again after a loss of power.
 */
export async function bulkLoad<Result>(store: Store, load: () => Promise<Result>): Promise<Result> {
  await restoreIndexes(store);
  await store.transaction(async (transaction) => {
    const found = await transaction.query(transaction.dialect.bulkLoad.setAside, setAsideKinds);
    await transaction.execute(remember);
    for (const { drop, restore } of found) {
      await transaction.execute(sql`INSERT INTO set_aside (restore) VALUES (${restore})`);
      await transaction.execute(sql.raw(drop));
    }
  });
  try {
    return await load();
  } finally {
    await restoreIndexes(store);
  }
}

/** Makes the indexes that a bulk load set aside and could not make again; does nothing in any other database. */
export async function restoreIndexes(store: Store): Promise<void> {
  const { isUnderWay, setAside, derived, learn } = store.dialect.bulkLoad;
  const [table] = await store.query<{ readonly n: number }>(isUnderWay, { n: 'integer' });
  if (table?.n !== 1) return;
  const waiting = await store.query<{ readonly restore: string }>(sql`SELECT restore FROM set_aside`, {
    restore: 'text',
  });
  await inTurn(store, derived);
  const made = await store.query(setAside, setAsideKinds);
  const known = new Set(made.map(({ restore }) => restore));
  await inTurn(
    store,
    waiting.flatMap(({ restore }) => (known.has(restore) ? [] : [sql.raw(restore)])),
  );
  await inTurn(store, learn.isAlone ? [forget] : [forget, learn.statement]);
  if (learn.isAlone) await store.query(learn.statement, {});
}

/** Each in a transaction of its own, so that none of them grows large. */
async function inTurn(store: Store, statements: readonly Sql[]): Promise<void> {
  for (const statement of statements) {
    await store.transaction(async (transaction) => void (await transaction.execute(statement)));
  }
}
