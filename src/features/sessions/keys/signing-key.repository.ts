import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';
import { SigningKeyEntity } from './signing-key.entity';

const keyColumns = columnsOf(SigningKeyEntity, 'k', ['id', 'algorithm', 'state', 'createdAt', 'changedAt']);

export type SigningKeyRow = RowOf<typeof keyColumns>;

const at = (store: Store, property: keyof SigningKeyEntity & string): Sql =>
  store.column(SigningKeyEntity, property, 'k');

/** All keys, the newest first; locked until the end of the transaction where asked for. */
export function findSigningKeys(store: Store, isLocked = false): Promise<SigningKeyRow[]> {
  const { columns, kinds } = store.selection<SigningKeyRow>(keyColumns);
  return store.query<SigningKeyRow>(
    sql`SELECT ${columns} FROM ${store.table(SigningKeyEntity)} AS k
      ORDER BY ${at(store, 'createdAt')} DESC, ${at(store, 'id')}${isLocked ? store.dialect.forUpdate : sql.empty}`,
    kinds,
  );
}

/** SECURITY: the sealed private keys; for those who sign and check alone. */
export function findSealedKeys(store: Store): Promise<{ id: string; sealed: string }[]> {
  return store.query<{ id: string; sealed: string }>(
    sql`SELECT ${at(store, 'id')} AS "id", ${at(store, 'sealed')} AS "sealed"
      FROM ${store.table(SigningKeyEntity)} AS k WHERE ${at(store, 'state')} <> ${'REVOKED'}`,
    { id: 'text', sealed: 'text' },
  );
}

export async function insertSigningKey(
  store: Store,
  row: SigningKeyRow & { readonly sealed: string },
): Promise<void> {
  await store.insert(SigningKeyEntity, row, { ignoreConflicts: true });
}

/** Of a key whose encryption key is gone, but which the secrets file still has. */
export async function resealSigningKey(
  store: Store,
  id: string,
  set: { readonly sealed: string; readonly state: string; readonly changedAt: Instant },
): Promise<void> {
  await store.update(SigningKeyEntity, { id }, { ...set, sealed: set.sealed });
}

export async function moveSigningKey(store: Store, id: string, state: string, now: Instant): Promise<void> {
  await store.update(SigningKeyEntity, { id }, { state, changedAt: now });
}
