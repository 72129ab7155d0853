import { LogoutTransactionEntity } from '#src/features/providers/saml/logout-transaction.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const transactionSelection = columnsOf(LogoutTransactionEntity, 't', [
  'id',
  'connectionId',
  'requestHash',
  'returnUrl',
]);
export type LogoutTransactionRow = RowOf<typeof transactionSelection>;

const byState: Read<{ readonly stateHash: string; readonly now: Instant }, LogoutTransactionRow> = {
  name: 'logout_transaction_by_state',
  build: (builder) =>
    builder
      .from(LogoutTransactionEntity, 't')
      .where('t.stateHash = :stateHash')
      .andWhere('t.expiresAt > :now'),
  select: transactionSelection,
};

/** Keeps a sign-out under way; forgets those whose time is over. */
export async function insertLogoutTransaction(
  store: Store,
  row: LogoutTransactionEntity,
  now: Instant,
): Promise<void> {
  await store.execute(
    sql`DELETE FROM ${store.table(LogoutTransactionEntity)} AS t
      WHERE ${store.column(LogoutTransactionEntity, 'expiresAt', 't')} < ${now}`,
  );
  await store.insert(LogoutTransactionEntity, row);
}

/** The sign-out that a state belongs to, used up; null when there is none, or somebody else has it. */
export async function takeLogoutTransaction(
  store: Store,
  stateHash: string,
  now: Instant,
): Promise<LogoutTransactionRow | null> {
  const [row] = await store.read(byState, { stateHash, now });
  if (row === undefined) return null;
  return (await store.delete(LogoutTransactionEntity, { id: row.id })) === 1 ? row : null;
}
