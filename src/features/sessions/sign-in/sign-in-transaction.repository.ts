import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';
import { SignInTransactionEntity } from './sign-in-transaction.entity';

const transactionColumns = columnsOf(SignInTransactionEntity, 't', [
  'id',
  'kind',
  'userId',
  'credentialEpoch',
  'methods',
  'organizationId',
  'clientId',
  'cookieMode',
  'factors',
  'tokenUse',
  'anonymousSessionId',
  'passedSteps',
  'createdAt',
  'expiresAt',
  'consumedAt',
]);

export type SignInTransactionRow = RowOf<typeof transactionColumns>;

const at = (store: Store, property: keyof SignInTransactionEntity & string): Sql =>
  store.column(SignInTransactionEntity, property, 't');

export async function insertTransaction(
  store: Store,
  row: SignInTransactionRow & { readonly tokenHash: string },
): Promise<void> {
  await store.insert(SignInTransactionEntity, row);
}

/** The transaction of a token that may still be used, or null. */
export async function findTransaction(
  store: Store,
  tokenHash: string,
  now: Instant,
): Promise<SignInTransactionRow | null> {
  const { columns, kinds } = store.selection<SignInTransactionRow>(transactionColumns);
  const which = sql.and([
    sql`${at(store, 'tokenHash')} = ${tokenHash}`,
    sql`${at(store, 'consumedAt')} IS NULL`,
    sql`${at(store, 'expiresAt')} > ${now}`,
  ]);
  const [row] = await store.query<SignInTransactionRow>(
    sql`SELECT ${columns} FROM ${store.table(SignInTransactionEntity)} AS t WHERE ${which}`,
    kinds,
  );
  return row ?? null;
}

/** Uses a transaction up; false when somebody was faster. */
export async function consumeTransaction(store: Store, id: string, now: Instant): Promise<boolean> {
  return (await store.update(SignInTransactionEntity, { id, consumedAt: null }, { consumedAt: now })) === 1;
}

export function findTransactionsExpiredBefore(
  store: Store,
  instant: Instant,
  limit: number,
): Promise<{ id: string }[]> {
  return store.query<{ id: string }>(
    sql`SELECT ${at(store, 'id')} AS "id" FROM ${store.table(SignInTransactionEntity)} AS t
      WHERE ${at(store, 'expiresAt')} < ${instant} LIMIT ${limit}`,
    { id: 'text' },
  );
}

export function deleteTransactions(store: Store, ids: readonly string[]): Promise<number> {
  return store.delete(SignInTransactionEntity, { id: ids });
}
