import { UserEntity } from '#src/features/users/user.entity';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

export interface LinkSuggestion {
  readonly connection: string;
  readonly email: string;
}

/**
 * Users who have the same address. SECURITY: verified on both sides, or somebody could plant an account, or find one out, by an address
 * that is not theirs.
 */
export function findLinkSuggestions(store: Store, userId: string, limit: number): Promise<LinkSuggestion[]> {
  const of = (alias: string, property: keyof UserEntity & string) =>
    store.column(UserEntity, property, alias);
  return store.query<LinkSuggestion>(
    sql`SELECT ${of('o', 'connection')} AS "connection", ${of('o', 'email')} AS "email"
      FROM ${store.table(UserEntity)} "m" JOIN ${store.table(UserEntity)} "o"
        ON ${of('o', 'emailFolded')} = ${of('m', 'emailFolded')}
      WHERE ${of('m', 'id')} = ${userId} AND ${of('o', 'id')} <> ${userId}
        AND ${of('m', 'emailVerified')} AND ${of('o', 'emailVerified')} AND NOT ${of('o', 'blocked')}
      ORDER BY ${of('o', 'connection')}, ${of('o', 'id')} LIMIT ${limit}`,
    { connection: 'text', email: 'text' },
  );
}
