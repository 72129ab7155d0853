import { IdentityEntity } from '#src/features/identities/identity.entity';
import { IdentityTokensEntity } from '#src/features/providers/tokens/identity-tokens.entity';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const tokenColumns = columnsOf(IdentityTokensEntity, 't', ['identityId', 'sealedTokens']);
export type IdentityTokensRow = RowOf<typeof tokenColumns>;

const byIdentities: Read<{ readonly ids: readonly string[] }, IdentityTokensRow> = {
  name: 'identity_tokens_by_identities',
  build: (builder, dialect) =>
    builder.from(IdentityTokensEntity, 't').where(dialect.anyOf('t.identityId', ':ids')),
  select: tokenColumns,
};

export function findIdentityTokens(store: Store, ids: readonly string[]): Promise<IdentityTokensRow[]> {
  return store.read(byIdentities, { ids });
}

interface IdentityKey {
  readonly userId: string;
  readonly connection: string;
  /** The forms in which the id at the provider may be stored. */
  readonly subjects: readonly string[];
}

const byKey: Read<IdentityKey, { readonly id: string }> = {
  name: 'identity_of_tokens',
  build: (builder, dialect) =>
    builder
      .from(IdentityEntity, 'i')
      .where('i.userId = :userId AND i.connection = :connection')
      .andWhere(dialect.anyOf('i.providerUserId', ':subjects')),
  select: columnsOf(IdentityEntity, 'i', ['id']),
};

/** Id of the identity through which a user signed in, or null. */
export async function findIdentityId(store: Store, key: IdentityKey): Promise<string | null> {
  return (await store.read(byKey, key))[0]?.id ?? null;
}

export async function saveIdentityTokens(store: Store, row: IdentityTokensEntity): Promise<void> {
  await store.upsert(IdentityTokensEntity, row, ['identityId']);
}

export async function deleteIdentityTokens(store: Store, identityId: string): Promise<void> {
  await store.delete(IdentityTokensEntity, { identityId });
}

/** Forgets the tokens of everybody who came through a connection; answers how many had some. */
export function deleteTokensOfConnection(store: Store, connection: string): Promise<number> {
  const [identityId, id, name] = [
    store.column(IdentityTokensEntity, 'identityId', 't'),
    store.column(IdentityEntity, 'id', 'i'),
    store.column(IdentityEntity, 'connection', 'i'),
  ];
  return store.execute(
    sql`DELETE FROM ${store.table(IdentityTokensEntity)} AS t WHERE ${identityId} IN
      (SELECT ${id} FROM ${store.table(IdentityEntity)} AS i WHERE ${name} = ${connection})`,
  );
}
