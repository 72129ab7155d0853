import type { UserFilter } from '#src/features/users/reach/reach';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** What is looked for among members. */
export interface MemberLookUp {
  readonly filter: UserFilter;
  /** Milliseconds after which a statement is cancelled in the database. */
  readonly timeoutMs: number;
}

/** So many users are looked up among the members; for more, the members are asked one after the other. */
const mostLookedUp = 4000;

/** A statement for the ids of the few users who may be meant; null: an index leads to too many of them, or none does. */
export async function keysOfFew(store: Store, search: MemberLookUp | null): Promise<Sql | null> {
  const keys = search?.filter.keys?.(store) ?? null;
  if (search === null || keys === null) return null;
  const some = sql`SELECT "key" FROM (${keys}) AS "all" ${sql.raw(`LIMIT ${mostLookedUp + 1}`)}`;
  const [found] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM (${some}) AS "some"`,
    { n: 'integer' },
    { timeoutMs: search.timeoutMs },
  );
  return (found?.n ?? 0) <= mostLookedUp ? keys : null;
}
