import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';
import { FactorChallengeEntity } from './factor-challenge.entity';

const challengeColumns = columnsOf(FactorChallengeEntity, 'fc', [
  'secretHash',
  'purpose',
  'type',
  'userId',
  'methodId',
  'binding',
  'state',
  'attempts',
  'createdAt',
  'expiresAt',
]);
export type ChallengeRow = RowOf<typeof challengeColumns>;

const byHash: Read<{ readonly secretHash: string }, ChallengeRow> = {
  name: 'factor_challenge_by_hash',
  build: (builder) => builder.from(FactorChallengeEntity, 'fc').where('fc.secretHash = :secretHash'),
  select: challengeColumns,
};

export async function findChallenge(store: Store, secretHash: string): Promise<ChallengeRow | null> {
  return (await store.read(byHash, { secretHash }))[0] ?? null;
}

export async function insertChallenge(store: Store, row: ChallengeRow): Promise<void> {
  await store.insert(FactorChallengeEntity, row);
}

/** Counts one attempt more; false when another one was faster. */
export async function countAttempt(store: Store, { secretHash, attempts }: ChallengeRow): Promise<boolean> {
  return (
    (await store.update(FactorChallengeEntity, { secretHash, attempts }, { attempts: attempts + 1 })) === 1
  );
}

/** Answers whether it was there: of parallel answers exactly one deletes it. */
export async function deleteChallenge(store: Store, secretHash: string): Promise<boolean> {
  return (await store.delete(FactorChallengeEntity, { secretHash })) === 1;
}

/** Those of a user that began after an instant, of one type. */
export async function countChallenges(
  store: Store,
  which: { readonly userId: string; readonly type: string; readonly since: Instant },
): Promise<number> {
  const at = (property: keyof FactorChallengeEntity & string) =>
    store.column(FactorChallengeEntity, property, 'fc');
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(FactorChallengeEntity)} AS fc
      WHERE ${at('userId')} = ${which.userId} AND ${at('type')} = ${which.type} AND ${at('createdAt')} > ${which.since}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

/** Forgets some that are over. */
export async function deleteExpiredChallenges(store: Store, now: Instant, limit: number): Promise<void> {
  const hash = store.column(FactorChallengeEntity, 'secretHash', 'fc');
  const rows = await store.query<{ hash: string }>(
    sql`SELECT ${hash} AS "hash" FROM ${store.table(FactorChallengeEntity)} AS fc
      WHERE ${store.column(FactorChallengeEntity, 'expiresAt', 'fc')} <= ${now} LIMIT ${limit}`,
    { hash: 'text' },
  );
  if (rows.length > 0)
    await store.delete(FactorChallengeEntity, { secretHash: rows.map(({ hash: secretHash }) => secretHash) });
}
