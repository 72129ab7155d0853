import { standingColumns, type UserStanding } from '#src/features/users/standing';
import { UserEntity } from '#src/features/users/user.entity';
import type { Instant } from '#src/shared/clock';
import { sql } from '#src/storage/sql';
import type { ComposedRead, RowOf, Store } from '#src/storage/store';

type StateRead = ComposedRead<{ readonly userId: string }, RowOf<typeof standingColumns>>;

const state: StateRead = {
  name: 'user_state',
  compose: ({ column, table }, columns) =>
    sql`SELECT ${columns} FROM ${table(UserEntity)} AS u WHERE ${column(UserEntity, 'id', 'u')} = ${sql.parameter('userId')}`,
  select: standingColumns,
};

const lockedState: StateRead = {
  name: 'locked_user_state',
  compose: (composer, columns) => sql`${state.compose(composer, columns)}${composer.dialect.forUpdate}`,
  select: standingColumns,
};

/** Whether the user may have sessions and tokens; inside a transaction the row is locked until its end. */
export async function readUserState(
  store: Store,
  userId: string,
  isLocked = false,
): Promise<UserStanding | null> {
  const [row] = await store.read(isLocked ? lockedState : state, { userId });
  if (row === undefined) return null;
  const { settingsVersion, ...standing } = row;
  store.settingsAre(settingsVersion);
  return standing;
}

/** Disowns every session and token that was made before. */
export async function raiseEpoch(store: Store, ...userIds: readonly string[]): Promise<void> {
  await store.execute(sql`UPDATE ${store.table(UserEntity)} SET
    credential_epoch = credential_epoch + 1 WHERE ${store.dialect.anyOf(sql.raw('id'), userIds)}`);
}

/** Counts a sign-in of the user, an attempt of a blocked one included. */
export async function countLogin(
  store: Store,
  userId: string,
  { now, ip }: { readonly now: Instant; readonly ip: string | null },
): Promise<void> {
  await store.execute(sql`UPDATE ${store.table(UserEntity)} SET
    logins_count = COALESCE(logins_count, 0) + 1, last_login = ${now}, last_ip = ${ip}, updated_at = ${now}
    WHERE id = ${userId}`);
}
