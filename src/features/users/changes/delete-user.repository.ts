import type { Reach } from '#src/features/users/reach/reach';
import { reachOfOne } from '#src/features/users/reach/user-reach';
import { UserEntity } from '#src/features/users/user.entity';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Ids of those of the users who are there; they are locked in the order of their ids, so that two who lock many do not wait for each other. */
export async function lockUsers(
  store: Store,
  ids: readonly string[],
  reach: Reach | null,
): Promise<string[]> {
  const id = store.column(UserEntity, 'id', 'u');
  const among = sql.and([store.dialect.anyOf(id, ids), reachOfOne(store, reach)]);
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${id} AS "id" FROM ${store.table(UserEntity)} "u" WHERE ${among} ORDER BY ${id}${store.dialect.forUpdate}`,
    { id: 'text' },
  );
  return rows.map((row) => row.id);
}

/** What other tables hold of them goes with them. */
export async function deleteUsers(store: Store, ids: readonly string[]): Promise<void> {
  await store.delete(UserEntity, { id: ids });
}
