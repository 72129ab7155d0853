import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import { MigrationAttemptEntity } from './migration-attempt.entity';

export interface AttemptCount {
  readonly connection: string;
  readonly outcome: string;
  readonly hour: number;
  readonly count: number;
}

/** Adds to what is counted already. */
export async function addAttempts(store: Store, counts: readonly AttemptCount[]): Promise<void> {
  for (const { connection, outcome, hour, count } of counts) {
    await store.execute(sql`INSERT INTO ${store.table(MigrationAttemptEntity)} (connection, outcome, hour, count)
      VALUES (${connection}, ${outcome}, ${hour}, ${count})
      ON CONFLICT (connection, outcome, hour) DO UPDATE SET count = migration_attempts.count + excluded.count`);
  }
}

export interface OutcomeCount {
  readonly outcome: string;
  readonly count: number;
}

/** Outcomes since an hour, the most frequent first. */
export function countAttempts(store: Store, connection: string, sinceHour: number): Promise<OutcomeCount[]> {
  return store.query<OutcomeCount>(
    sql`SELECT outcome AS "outcome", CAST(SUM(count) AS BIGINT) AS "count" FROM ${store.table(MigrationAttemptEntity)}
      WHERE connection = ${connection} AND hour >= ${sinceHour} GROUP BY outcome ORDER BY 2 DESC, 1`,
    { outcome: 'text', count: 'integer' },
  );
}

export async function deleteAttemptsBefore(store: Store, hour: number): Promise<void> {
  await store.execute(sql`DELETE FROM ${store.table(MigrationAttemptEntity)} WHERE hour < ${hour}`);
}
