import { createHash } from 'node:crypto';
import { ExportDesk, exportBytes } from '#src/features/transfers/exports/export-desk';
import { findExports, type UserExportRow } from '#src/features/transfers/exports/user-export.repository';
import type { ImportClient } from '#test/features/transfers/import-client';
import { sql } from '#src/storage/sql';
import { countOf, loseJob } from '#test/features/transfers/lose-job';
import type { TestApp } from '#test/support/app';

/** An export whose process is lost in the middle; `textOf` exports what an input names. */
export async function lostExport(
  test: TestApp,
  client: ImportClient,
  textOf: (input: Record<string, unknown>) => Promise<string>,
): Promise<void> {
  const rows = Array.from({ length: 1_200 }, (_, n) => ({
    email: `many${n}@example.com`,
    created_at: `20${10 + (n % 10)}-01-01T00:00:00Z`,
  }));
  await client.uploaded(rows.map((row) => JSON.stringify(row)).join('\n'), {
    type: 'application/x-ndjson',
  });
  const whole = await textOf({ fields: [{ name: 'user_id' }] });
  const ids = whole.trim().split('\n');
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(1_200);
  // The process that writes it loses its job in the middle, as one that was killed: what it did not commit is gone.
  const store = test.app.storage.open();
  const { exports } = test.app.product.transfers;
  const asked = { fields: [{ name: 'user_id' }], gzip: false };
  const job = await exports.start(test.call(), asked);
  const count = () => countOf(test, 'export_parts', job.id);
  expect(await loseJob(test, job.id, async () => (await count()) > 0)).toBe('PROCESSING');
  const pieces = await count();
  expect(pieces).toBeLessThan(Math.ceil(ids.length / 500));
  const { config, clock } = test.app.platform;
  const desk = new ExportDesk({
    config: config.transfers,
    clock,
    linkKey: () => Buffer.alloc(32),
    audit: null as never,
  });
  await expect(desk.link(test.call(), job.id, null)).rejects.toMatchObject({ code: 'EXPORT_NOT_READY' });
  await test.app.jobs.runUntilIdle();
  expect(await count()).toBeGreaterThan(pieces);
  const chunks: Buffer[] = [];
  const [file] = await findExports(store, [job.id]);
  for await (const piece of exportBytes(store, file as UserExportRow, false)) chunks.push(piece);
  const text = Buffer.concat(chunks).toString();
  expect(createHash('sha256').update(text).digest('hex')).toBe(
    createHash('sha256').update(whole).digest('hex'),
  );
  // Whose pieces are removed while it is fetched does not end as if it were whole.
  await store.transaction((inside) =>
    inside.execute(sql`DELETE FROM export_parts WHERE job_id = ${job.id} AND number = 1`),
  );
  const fetched = async () => {
    for await (const piece of exportBytes(store, file as UserExportRow, true)) void piece;
  };
  await expect(fetched()).rejects.toMatchObject({ code: 'EXPORT_EXPIRED' });
}
