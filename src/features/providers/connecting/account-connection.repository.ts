import { AccountConnectionEntity } from '#src/features/providers/connecting/account-connection.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const connectionSelection = columnsOf(AccountConnectionEntity, 'c', [
  'id',
  'userId',
  'binding',
  'clientId',
  'connectionId',
  'redirectUri',
  'state',
  'scopes',
  'challenge',
  'codeHash',
  'codeExpiresAt',
  'sealedLogin',
]);
export type AccountConnectionRow = RowOf<typeof connectionSelection>;

const open = 'c.consumedAt IS NULL AND c.expiresAt > :now';

const byTicket: Read<{ readonly ticketHash: string; readonly now: Instant }, AccountConnectionRow> = {
  name: 'account_connection_by_ticket',
  build: (builder) =>
    builder
      .from(AccountConnectionEntity, 'c')
      .where('c.ticketHash = :ticketHash')
      .andWhere('c.codeHash IS NULL')
      .andWhere(open),
  select: connectionSelection,
};

const byAuthSession: Read<{ readonly authSessionHash: string; readonly now: Instant }, AccountConnectionRow> =
  {
    name: 'account_connection_by_auth_session',
    build: (builder) =>
      builder.from(AccountConnectionEntity, 'c').where('c.authSessionHash = :authSessionHash').andWhere(open),
    select: connectionSelection,
  };

const byId: Read<{ readonly id: string; readonly now: Instant }, AccountConnectionRow> = {
  name: 'account_connection_by_id',
  build: (builder) =>
    builder
      .from(AccountConnectionEntity, 'c')
      .where('c.id = :id')
      .andWhere('c.codeHash IS NULL')
      .andWhere(open),
  select: connectionSelection,
};

/** One that no code was given out for. */
export async function findByTicket(
  store: Store,
  which: { readonly ticketHash: string; readonly now: Instant },
): Promise<AccountConnectionRow | null> {
  return (await store.read(byTicket, which))[0] ?? null;
}

export async function findByAuthSession(
  store: Store,
  which: { readonly authSessionHash: string; readonly now: Instant },
): Promise<AccountConnectionRow | null> {
  return (await store.read(byAuthSession, which))[0] ?? null;
}

/** One that no code was given out for. */
export async function findUnproven(
  store: Store,
  which: { readonly id: string; readonly now: Instant },
): Promise<AccountConnectionRow | null> {
  return (await store.read(byId, which))[0] ?? null;
}

export async function insertAccountConnection(store: Store, row: AccountConnectionEntity): Promise<void> {
  await store.insert(AccountConnectionEntity, row);
}

/** Keeps what the provider said, once; false when somebody else did. */
export async function keepLogin(
  store: Store,
  id: string,
  kept: Pick<AccountConnectionRow, 'codeHash' | 'codeExpiresAt' | 'sealedLogin'>,
): Promise<boolean> {
  return (await store.update(AccountConnectionEntity, { id, codeHash: null }, kept)) === 1;
}

/** Uses it up; false when somebody else did. */
export async function consumeAccountConnection(store: Store, id: string, now: Instant): Promise<boolean> {
  return (await store.update(AccountConnectionEntity, { id, consumedAt: null }, { consumedAt: now })) === 1;
}

/** Deletes those whose time is over; answers how many. */
export function deleteOldAccountConnections(store: Store, before: Instant): Promise<number> {
  return store.execute(
    sql`DELETE FROM ${store.table(AccountConnectionEntity)} AS c
      WHERE ${store.column(AccountConnectionEntity, 'expiresAt', 'c')} < ${before}`,
  );
}
