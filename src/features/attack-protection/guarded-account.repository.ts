import { fromIdentifier, type IdentifierParameters } from '#src/features/users/identifiers/from-identifier';
import { LoginIdentifierEntity } from '#src/features/users/identifiers/login-identifier.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';

const accountSelection = columnsOf(UserEntity, 'u', ['id', 'email', 'blocked', 'connection']);

export type GuardedAccount = RowOf<typeof accountSelection>;

const byIdentifier: Read<IdentifierParameters, GuardedAccount> = {
  name: 'guarded_account_by_identifier',
  build: fromIdentifier,
  select: accountSelection,
};

/** The account that an identifier (folded) names in a connection, or null. */
export async function findAccountByIdentifier(
  store: Store,
  connection: string,
  value: string,
): Promise<GuardedAccount | null> {
  return (await store.read(byIdentifier, { connection, value }))[0] ?? null;
}

const byId: Read<{ id: string }, GuardedAccount> = {
  name: 'guarded_account_by_id',
  build: (builder) => builder.from(UserEntity, 'u').where('u.id = :id'),
  select: accountSelection,
};

export async function findAccount(store: Store, id: string): Promise<GuardedAccount | null> {
  return (await store.read(byId, { id }))[0] ?? null;
}

const identifierSelection = columnsOf(LoginIdentifierEntity, 'i', ['connection', 'kind', 'value']);

export type IdentifierRow = RowOf<typeof identifierSelection>;

const ofUser: Read<{ userId: string }, IdentifierRow> = {
  name: 'identifiers_of_user',
  build: (builder) =>
    builder.from(LoginIdentifierEntity, 'i').where('i.userId = :userId').orderBy('i.kind', 'ASC'),
  select: identifierSelection,
};

/** What the user can sign in with. */
export function findIdentifiersOf(store: Store, userId: string): Promise<IdentifierRow[]> {
  return store.read(ofUser, { userId });
}
