import { PasswordEntity } from '#src/features/passwords/password.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Passwords that are still stored as the hash of another system. */
export interface LegacyHashes {
  readonly connection: string;
  /** `bcrypt`, `digest`, `pbkdf2` … */
  readonly kind: string;
  readonly users: number;
}

/** How the text of an imported hash begins, and the first text after all of those. */
const mark = '{"kind":"';
const afterMark = '{"kind";';
/** The longest kind and its closing quote. */
const kindLength = 9;

/** Reads every password once. */
export async function countLegacyHashes(store: Store): Promise<readonly LegacyHashes[]> {
  const hash = store.column(PasswordEntity, 'hash', 'p');
  const connection = store.column(UserEntity, 'connection', 'u');
  const rows = await store.query<LegacyHashes>(
    sql`SELECT ${connection} AS "connection", SUBSTR(${hash}, ${mark.length + 1}, ${kindLength}) AS "kind", COUNT(*) AS "users"
      FROM ${store.table(PasswordEntity)} AS p
      JOIN ${store.table(UserEntity)} AS u ON ${store.column(UserEntity, 'id', 'u')} = ${store.column(PasswordEntity, 'userId', 'p')}
      WHERE ${hash} >= ${mark} AND ${hash} < ${afterMark} GROUP BY 1, 2`,
    { connection: 'text', kind: 'text', users: 'integer' },
  );
  const sums = new Map<string, LegacyHashes>();
  for (const row of rows) {
    const kind = row.kind.split('"', 1)[0] ?? '';
    const key = JSON.stringify([row.connection, kind]);
    sums.set(key, { ...row, kind, users: row.users + (sums.get(key)?.users ?? 0) });
  }
  return [...sums.values()];
}
