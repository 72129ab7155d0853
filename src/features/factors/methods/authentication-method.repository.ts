import { databaseStrategy } from '#src/features/connections/strategy';
import { PasskeyEntity } from '#src/features/factors/passkeys/passkey.entity';
import { UserEntity } from '#src/features/users/user.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf, expression } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, SelectedColumn, Store } from '#src/storage/store';
import { AuthenticationMethodEntity } from './authentication-method.entity';

const methodColumns = columnsOf(AuthenticationMethodEntity, 'am', [
  'id',
  'userId',
  'type',
  'name',
  'isConfirmed',
  'createdAt',
  'confirmedAt',
  'lastUsedAt',
]);

const passkeyColumns = columnsOf(PasskeyEntity, 'p', [
  'credentialId',
  'publicKey',
  'transports',
  'deviceType',
  'isBackedUp',
  'userAgent',
]);

export type StoredMethod = RowOf<typeof methodColumns>;

type Absent<Columns> = {
  readonly [property in keyof Columns]: Columns[property] extends SelectedColumn<infer Value>
    ? SelectedColumn<Value | null>
    : never;
};

const described = {
  ...methodColumns,
  // Null where the method is no passkey.
  ...(passkeyColumns as Absent<typeof passkeyColumns>),
  remainingCodes: expression<number>(
    '(SELECT COUNT(*) FROM "recovery_codes" "rc" WHERE "rc"."method_id" = "am"."id" AND "rc"."used_at" IS NULL)',
    'integer',
  ),
};

/** A method with what its kind shows of itself. */
export type MethodRow = RowOf<typeof described>;

const byUsers: Read<{ readonly ids: readonly string[] }, MethodRow> = {
  name: 'authentication_methods_by_users',
  build: (builder, dialect) =>
    builder
      .from(AuthenticationMethodEntity, 'am')
      .leftJoin(PasskeyEntity, 'p', 'p.methodId = am.id')
      .where(dialect.anyOf('am.userId', ':ids'))
      .orderBy('am.userId')
      .addOrderBy('am.createdAt')
      .addOrderBy('am.id'),
  select: described,
};

/** The methods of each user, oldest first, in the order of the ids. */
export async function findMethods(store: Store, userIds: readonly string[]): Promise<MethodRow[][]> {
  const lists = new Map<string, MethodRow[]>(userIds.map((id) => [id, []]));
  for (const row of await store.read(byUsers, { ids: userIds })) lists.get(row.userId)?.push(row);
  return userIds.map((id) => lists.get(id) ?? []);
}

export async function insertMethod(store: Store, row: StoredMethod): Promise<void> {
  await store.insert(AuthenticationMethodEntity, row);
}

/** Answers whether it was unconfirmed. */
export async function confirmMethod(store: Store, id: string, now: Instant): Promise<boolean> {
  return (
    (await store.update(
      AuthenticationMethodEntity,
      { id, isConfirmed: false },
      { isConfirmed: true, confirmedAt: now },
    )) === 1
  );
}

export async function renameMethod(store: Store, id: string, name: string | null): Promise<void> {
  await store.update(AuthenticationMethodEntity, { id }, { name });
}

export async function touchMethod(store: Store, id: string, now: Instant): Promise<void> {
  await store.update(AuthenticationMethodEntity, { id }, { lastUsedAt: now });
}

export function deleteMethods(store: Store, ids: readonly string[]): Promise<number> {
  return ids.length === 0 ? Promise.resolve(0) : store.delete(AuthenticationMethodEntity, { id: ids });
}

/** What the profile tells of enrolled factors. */
export async function saveMultifactor(
  store: Store,
  userId: string,
  names: readonly string[],
  now: Instant,
): Promise<void> {
  await store.update(
    UserEntity,
    { id: userId },
    { multifactor: names, multifactorLastModified: now, updatedAt: now },
  );
}

/** Whether the user has a password. */
export async function hasPassword(store: Store, userId: string): Promise<boolean> {
  const rows = await store.query<{ userId: string }>(
    sql`SELECT "p"."user_id" AS "userId" FROM "passwords" "p" WHERE "p"."user_id" = ${userId}`,
    { userId: 'text' },
  );
  return rows.length === 1;
}

/** Identities through which the user signs in at a provider. */
export async function countFederatedIdentities(store: Store, userId: string): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM "identities" "i" JOIN "connections" "c" ON "c"."name" = "i"."connection"
      WHERE "i"."user_id" = ${userId} AND "c"."strategy" <> ${databaseStrategy}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

export interface PasswordFacts {
  readonly userId: string;
  readonly updatedAt: Instant;
  readonly lastPasswordReset: Instant | null;
}

/** Since when those of the users who have a password have it. */
export function findPasswordFacts(store: Store, userIds: readonly string[]): Promise<PasswordFacts[]> {
  return store.query<PasswordFacts>(
    sql`SELECT "p"."user_id" AS "userId", "p"."updated_at" AS "updatedAt", "u"."last_password_reset" AS "lastPasswordReset"
      FROM "passwords" "p" JOIN "users" "u" ON "u"."id" = "p"."user_id"
      WHERE ${store.dialect.anyOf(sql.raw('"p"."user_id"'), userIds)}`,
    { userId: 'text', updatedAt: 'instant', lastPasswordReset: 'instant' },
  );
}
