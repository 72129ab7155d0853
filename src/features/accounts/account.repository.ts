import { fromIdentifier, type IdentifierParameters } from '#src/features/users/identifiers/from-identifier';
import { UserEntity } from '#src/features/users/user.entity';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const accountSelection = columnsOf(UserEntity, 'u', [
  ...(['id', 'connection', 'email', 'emailFolded', 'emailVerified', 'username', 'phoneNumber'] as const),
  ...(['name', 'givenName', 'familyName', 'nickname', 'blocked', 'credentialEpoch'] as const),
]);

export type AccountRow = RowOf<typeof accountSelection>;

/** What account changes need to know of a user; inside a transaction the row is locked until its end. */
export async function findAccountById(
  store: Store,
  id: string,
  isLocked = false,
): Promise<AccountRow | null> {
  const { columns, kinds } = store.selection(accountSelection);
  const [row] = await store.query(
    sql`SELECT ${columns} FROM ${store.table(UserEntity)} AS u
      WHERE ${store.column(UserEntity, 'id', 'u')} = ${id}${isLocked ? store.dialect.forUpdate : sql.empty}`,
    kinds,
  );
  return row ?? null;
}

/** Users of this address in any connection, oldest first, at most a hundred. */
export function findAccountsByEmail(store: Store, emailFolded: string): Promise<AccountRow[]> {
  const { columns, kinds } = store.selection(accountSelection);
  return store.query(
    sql`SELECT ${columns} FROM ${store.table(UserEntity)} AS u
      WHERE ${store.column(UserEntity, 'emailFolded', 'u')} = ${emailFolded}
      ORDER BY ${store.column(UserEntity, 'createdAt', 'u')}, ${store.column(UserEntity, 'id', 'u')} LIMIT 100`,
    kinds,
  );
}

const byIdentifier: Read<IdentifierParameters, AccountRow> = {
  name: 'account_by_identifier',
  build: fromIdentifier,
  select: accountSelection,
};

/** The account that an identifier (folded) names in a connection, or null. */
export async function findAccountByIdentifier(
  store: Store,
  connection: string,
  value: string,
): Promise<AccountRow | null> {
  return (await store.read(byIdentifier, { connection, value }))[0] ?? null;
}
