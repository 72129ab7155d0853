import { kindLength, sealedHashMark } from './sealed-hash';
import { PasswordEntity } from '#src/features/passwords/password.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Passwords that are still stored as the hash of another system. */
export interface LegacyHashes {
  readonly connection: string;
  /** `bcrypt`, `digest`, `pbkdf2` … */
  readonly kind: string;
  readonly users: number;
}

/** How the texts of hashes of other systems begin, and the first text after all of those. */
const ranges = { sealed: [sealedHashMark, '$imported%'], plain: ['{"kind":"', '{"kind";'] } as const;

/** Reads every password once. */
export async function countLegacyHashes(store: Store): Promise<readonly LegacyHashes[]> {
  const hash = store.column(PasswordEntity, 'hash', 'p');
  const connection = store.column(UserEntity, 'connection', 'u');
  const sealedKind = sql`SUBSTR(${hash}, LENGTH(${hash}) - ${kindLength - 1})`;
  const plainKind = sql`SUBSTR(${hash}, ${ranges.plain[0].length + 1}, ${kindLength})`;
  const within = ([from, to]: readonly [string, string]): Sql =>
    sql`(${hash} >= ${from} AND ${hash} < ${to})`;
  const rows = await store.query<LegacyHashes>(
    sql`SELECT ${connection} AS "connection", CASE WHEN ${within(ranges.plain)} THEN ${plainKind} ELSE ${sealedKind} END AS "kind", COUNT(*) AS "users"
      FROM ${store.table(PasswordEntity)} AS p
      JOIN ${store.table(UserEntity)} AS u ON ${store.column(UserEntity, 'id', 'u')} = ${store.column(PasswordEntity, 'userId', 'p')}
      WHERE ${within(ranges.sealed)} OR ${within(ranges.plain)} GROUP BY 1, 2`,
    { connection: 'text', kind: 'text', users: 'integer' },
  );
  const sums = new Map<string, LegacyHashes>();
  for (const row of rows) {
    const kind = row.kind.split(/["$]/, 1)[0] ?? '';
    const key = JSON.stringify([row.connection, kind]);
    sums.set(key, { ...row, kind, users: row.users + (sums.get(key)?.users ?? 0) });
  }
  return [...sums.values()];
}
