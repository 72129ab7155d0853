import { sql } from '#src/storage/sql';
import type { TestApp } from '#test/support/app';

/** How far a job came: the rows of a table that its committed chunks have written. */
export async function countOf(test: TestApp, table: string, jobId: string): Promise<number> {
  const statement = sql`SELECT COUNT(*) AS "n" FROM ${sql.raw(table)} WHERE job_id = ${jobId}`;
  return (await test.app.storage.open().query<{ n: number }>(statement, { n: 'integer' }))[0]?.n ?? 0;
}

/** Rows that a job has worked on. */
export async function processedOf(test: TestApp, jobId: string): Promise<number> {
  const statement = sql`SELECT counts AS "counts" FROM jobs WHERE id = ${jobId}`;
  const [row] = await test.app.storage
    .open()
    .query<{ counts: Record<string, number> }>(statement, { counts: 'json' });
  return row?.counts['processed'] ?? 0;
}

/**
 * Works on a job until `isFar`, and then loses it as a process that is killed does: the chunk under way is undone, and somebody else has the
 * lease, which is over. Answers the status that is left.
 */
export async function loseJob(test: TestApp, jobId: string, isFar: () => Promise<boolean>): Promise<string> {
  const store = test.app.storage.open();
  const lost = sql`UPDATE jobs SET lease_owner = 'another', lease_until = 0
    WHERE id = ${jobId} AND lease_owner IS NOT NULL`;
  const statusOf = async (): Promise<string> => {
    const statement = sql`SELECT status AS "status" FROM jobs WHERE id = ${jobId}`;
    return (await store.query<{ status: string }>(statement, { status: 'text' }))[0]?.status ?? '';
  };
  // Between two of its times on a job a worker has none to lose: then it is tried again.
  for (let taken = 0; taken === 0 && (await statusOf()) !== 'COMPLETED';) {
    const dying = test.app.jobs.runNow(jobId);
    const run = { isOver: false };
    void dying.finally(() => (run.isOver = true));
    while (!run.isOver && taken === 0)
      if (await isFar()) taken = await store.transaction((inside) => inside.execute(lost));
    await dying;
  }
  return statusOf();
}
