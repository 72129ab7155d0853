import { AuthenticationMethodEntity } from '#src/features/factors/methods/authentication-method.entity';
import { column, columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';
import { PasskeyEntity } from './passkey.entity';

const passkeyColumns = columnsOf(PasskeyEntity, 'p', [
  'methodId',
  'credentialId',
  'publicKey',
  'counter',
  'transports',
  'deviceType',
  'isBackedUp',
  'aaguid',
  'userAgent',
]);

const ownedColumns = {
  ...passkeyColumns,
  userId: column(AuthenticationMethodEntity, 'am', 'userId'),
};

export type PasskeyRow = RowOf<typeof passkeyColumns>;
export type OwnedPasskey = RowOf<typeof ownedColumns>;

/** Inserts the passkey unless its credential is registered already, with whomever; answers whether it did. */
export async function insertPasskey(store: Store, row: PasskeyRow): Promise<boolean> {
  return (await store.insert(PasskeyEntity, row, { ignoreConflicts: true })) === 1;
}

const byCredential: Read<{ readonly credentialId: string }, OwnedPasskey> = {
  name: 'passkey_by_credential',
  build: (builder) =>
    builder
      .from(PasskeyEntity, 'p')
      .innerJoin(AuthenticationMethodEntity, 'am', 'am.id = p.methodId')
      .where('p.credentialId = :credentialId AND am.isConfirmed'),
  select: ownedColumns,
};

export async function findPasskey(store: Store, credentialId: string): Promise<OwnedPasskey | null> {
  return (await store.read(byCredential, { credentialId }))[0] ?? null;
}

const ofUser: Read<{ readonly userId: string }, OwnedPasskey> = {
  name: 'passkeys_of_user',
  build: (builder) =>
    builder
      .from(PasskeyEntity, 'p')
      .innerJoin(AuthenticationMethodEntity, 'am', 'am.id = p.methodId')
      .where('am.userId = :userId AND am.isConfirmed')
      .orderBy('am.createdAt'),
  select: ownedColumns,
};

export function findPasskeysOf(store: Store, userId: string): Promise<OwnedPasskey[]> {
  return store.read(ofUser, { userId });
}

/** What an authenticator said at its last use; false when another use came between. */
export async function savePasskeyUse(
  store: Store,
  seen: Pick<PasskeyRow, 'methodId' | 'counter'>,
  use: Pick<PasskeyRow, 'counter' | 'isBackedUp'>,
): Promise<boolean> {
  const { methodId, counter } = seen;
  return (await store.update(PasskeyEntity, { methodId, counter }, use)) === 1;
}
