import { LoginTransactionEntity } from '#src/features/providers/login/login-transaction.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const transactionSelection = columnsOf(LoginTransactionEntity, 't', [
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
]);
export type LoginTransactionRow = RowOf<typeof transactionSelection>;

const byState: Read<
  { readonly stateHash: string; readonly bindingHash: string; readonly now: Instant },
  LoginTransactionRow
> = {
  name: 'login_transaction_by_state',
  build: (builder) =>
    builder
      .from(LoginTransactionEntity, 't')
      .where('t.stateHash = :stateHash')
      // SECURITY: login CSRF; the answer counts in the browser that began the sign-in, and in no other.
      .andWhere('t.bindingHash = :bindingHash')
      .andWhere('t.consumedAt IS NULL')
      .andWhere('t.expiresAt > :now'),
  select: transactionSelection,
};

export async function findLoginTransaction(
  store: Store,
  which: { readonly stateHash: string; readonly bindingHash: string; readonly now: Instant },
): Promise<LoginTransactionRow | null> {
  return (await store.read(byState, which))[0] ?? null;
}

export async function insertLoginTransaction(store: Store, row: LoginTransactionEntity): Promise<void> {
  await store.insert(LoginTransactionEntity, row);
}

/** Uses the transaction up; false when somebody else did. */
export async function consumeLoginTransaction(store: Store, id: string, now: Instant): Promise<boolean> {
  return (await store.update(LoginTransactionEntity, { id, consumedAt: null }, { consumedAt: now })) === 1;
}

/** Deletes those whose time is over; answers how many. */
export function deleteOldLoginTransactions(store: Store, before: Instant): Promise<number> {
  return store.execute(
    sql`DELETE FROM ${store.table(LoginTransactionEntity)} AS t
      WHERE ${store.column(LoginTransactionEntity, 'expiresAt', 't')} < ${before}`,
  );
}
