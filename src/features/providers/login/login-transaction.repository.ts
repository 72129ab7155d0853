import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { LoginTransactionEntity } from '#src/features/providers/login/login-transaction.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf, settingsVersion } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';

const table = 'login_transactions';

/** A statement that changes rows knows its table by its name alone. */
const transactionSelection = columnsOf(LoginTransactionEntity, table, [
  'id',
  'connectionId',
  'clientId',
  'organizationId',
  'sealedChecks',
  'returnUrl',
  'anonymousSessionId',
  'goesOn',
  'linkSessionId',
  'accountConnectionId',
  'prompt',
  'maxAgeSeconds',
]);
export type LoginTransactionRow = RowOf<typeof transactionSelection>;
const takenSelection = { ...transactionSelection, settingsVersion };

/** What says to which transaction an answer belongs. */
export interface TransactionMark {
  readonly stateHash: string;
  readonly bindingHash: string;
  /** Name of the connection whose address was called. */
  readonly connection: string;
}

/**
 * The transaction of an answer, used up; null when there is none, or somebody else was first. SECURITY: one code, many callbacks at once;
 * one of them gets the row. Login CSRF: the answer counts in the browser that began the sign-in. Mix-up: the answer of one provider, sent
 * to the address of another, finds nothing.
 */
export async function takeLoginTransaction(
  store: Store,
  { stateHash, bindingHash, connection }: TransactionMark,
  now: Instant,
): Promise<LoginTransactionRow | null> {
  const at = (property: keyof LoginTransactionEntity & string): Sql =>
    store.column(LoginTransactionEntity, property, table);
  const which = sql.and([
    sql`${at('stateHash')} = ${stateHash}`,
    sql`${at('bindingHash')} = ${bindingHash}`,
    sql`${at('consumedAt')} IS NULL`,
    sql`${at('expiresAt')} > ${now}`,
    sql`${at('connectionId')} = (SELECT ${store.column(ConnectionEntity, 'id', 'c')} FROM ${store.table(ConnectionEntity)} AS c
      WHERE ${store.column(ConnectionEntity, 'name', 'c')} = ${connection})`,
  ]);
  const taken = await store.transaction(async (inside) => {
    const { columns, kinds } = inside.selection(takenSelection);
    return inside.query<RowOf<typeof takenSelection>>(
      sql`UPDATE ${inside.table(LoginTransactionEntity)} SET consumed_at = ${now} WHERE ${which} RETURNING ${columns}`,
      kinds,
    );
  });
  const [row] = taken;
  if (row === undefined) return null;
  const { settingsVersion: version, ...transaction } = row;
  store.settingsAre(version);
  return transaction;
}

/** The transaction that this browser has begun, used up or old as well; null: none. */
export async function findBegunLogin(
  store: Store,
  { stateHash, bindingHash }: Pick<TransactionMark, 'stateHash' | 'bindingHash'>,
): Promise<LoginTransactionRow | null> {
  const at = (property: keyof LoginTransactionEntity & string): Sql =>
    store.column(LoginTransactionEntity, property, table);
  const { columns, kinds } = store.selection(transactionSelection);
  const which = sql.and([sql`${at('stateHash')} = ${stateHash}`, sql`${at('bindingHash')} = ${bindingHash}`]);
  const [row] = await store.query<LoginTransactionRow>(
    sql`SELECT ${columns} FROM ${store.table(LoginTransactionEntity)} WHERE ${which}`,
    kinds,
  );
  return row ?? null;
}

export async function insertLoginTransaction(store: Store, row: LoginTransactionEntity): Promise<void> {
  await store.insert(LoginTransactionEntity, row);
}

/** Deletes some of those whose time is over; answers how many. */
export function deleteOldLoginTransactions(store: Store, before: Instant, limit: number): Promise<number> {
  const table = store.table(LoginTransactionEntity);
  return store.execute(sql`DELETE FROM ${table} WHERE id IN (
    SELECT id FROM ${table} WHERE expires_at < ${before} LIMIT ${limit})`);
}
