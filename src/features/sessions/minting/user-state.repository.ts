import { UserEntity } from '#src/features/users/user.entity';
import type { Instant } from '#src/shared/clock';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

export interface UserState {
  readonly blocked: boolean;
  readonly credentialEpoch: number;
}

/** Whether the user may have sessions and tokens; inside a transaction the row is locked until its end. */
export async function readUserState(
  store: Store,
  userId: string,
  isLocked = false,
): Promise<UserState | null> {
  const at = (property: keyof UserEntity & string): Sql => store.column(UserEntity, property, 'u');
  const [row] = await store.query<UserState>(
    sql`SELECT ${at('blocked')} AS "blocked", ${at('credentialEpoch')} AS "credentialEpoch"
      FROM ${store.table(UserEntity)} AS u WHERE ${at('id')} = ${userId}${isLocked ? store.dialect.forUpdate : sql.empty}`,
    { blocked: 'boolean', credentialEpoch: 'integer' },
  );
  return row ?? null;
}

/** Disowns every session and token that was made before. */
export async function raiseEpoch(store: Store, userId: string): Promise<void> {
  await store.execute(sql`UPDATE ${store.table(UserEntity)} SET
    credential_epoch = credential_epoch + 1 WHERE id = ${userId}`);
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
