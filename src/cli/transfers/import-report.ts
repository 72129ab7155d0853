import type { CliIo } from '#src/cli/io';
import { writeWholeFile } from '#src/cli/whole-file';
import {
  countCodes,
  findResults,
  type ResultFilter,
} from '#src/features/transfers/imports/import-result.repository';
import type { FieldMap } from '#src/features/transfers/formats/field-map';
import { resetCount } from '#src/features/transfers/imports/import-counts';
import { passwordKindsOf } from '#src/features/transfers/imports/import-view';
import { keptOptions } from '#src/features/transfers/imports/import-options';
import { findImport } from '#src/features/transfers/imports/user-import.repository';
import type { JobRow } from '#src/jobs/job.repository';
import type { Store } from '#src/storage/store';

/** Rows of the report, a line of JSON each. SECURITY: as every reader sees them, without hashes and secrets. */
export async function* reportLines(
  store: Store,
  jobId: string,
  kind: ResultFilter['kind'],
): AsyncGenerator<string> {
  for (let after: string | null = null; ;) {
    const page = await findResults(store, { jobId, kind, codes: null }, { first: 100, after });
    for (const { rowIndex, line, errors, warnings, echo } of page.rows)
      yield JSON.stringify({ index: rowIndex, line, errors, warnings, user: echo });
    const last = page.rows[page.rows.length - 1];
    if (!page.hasNextPage || last === undefined) return;
    after = store.cursors.encode(page.order, page.keyOf(last));
  }
}

/** Writes the rows that failed to a file for this user alone. */
export async function writeErrors(store: Store, jobId: string, file: string): Promise<void> {
  const lines = async function* (): AsyncGenerator<string> {
    for await (const line of reportLines(store, jobId, 'errors')) yield `${line}\n`;
  };
  await writeWholeFile(file, lines);
}

/** What an operator wants to know at the end: the counts on the standard output, why and what next beside it. */
export async function tellImport(store: Store, job: JobRow, io: CliIo): Promise<void> {
  const { inserted = 0, updated = 0, skipped = 0, failed = 0, warned = 0 } = job.counts;
  io.out(
    `${job.id} ${job.status}: ${inserted} inserted, ${updated} updated, ${skipped} skipped, ${failed} failed.`,
  );
  const asked = await findImport(store, job.id);
  const isDryRun = keptOptions.safeParse(asked?.options).data?.dryRun === true;
  if (asked !== null)
    io.err(
      `Read as ${asked.format.toLowerCase()}.${isDryRun ? ' Nothing was written: this was a dry run.' : ''}`,
    );
  if (asked?.fieldMap) tellFields(asked.fieldMap as FieldMap, io);
  tellPasswords(job, io);
  if (failed + warned > 0) {
    for (const { code, rows } of await countCodes(store, job.id)) io.err(`  ${code}: ${rowsOf(rows)}`);
    io.err(`Which rows, and why: gatehouse jobs errors ${job.id}${failed > 0 ? '' : ' --warnings'}`);
  }
  if (failed > 0 && !isDryRun)
    io.err(
      `Then correct the file and import it again with --upsert, or, where the file was right, try those rows again: gatehouse jobs retry ${job.id}`,
    );
  if (job.status !== 'COMPLETED')
    io.err(`${job.faultMessage ?? 'The job did not complete.'} (${job.faultCode ?? job.status})`);
}

/** Which field goes where, each field once. */
function tellFields({ rows, fields }: FieldMap, io: CliIo): void {
  if (fields.length === 0) return;
  io.err(`Fields of the first ${rowsOf(rows)}:`);
  const bySource = new Map<string, string[]>();
  for (const { source, target, rows: n } of fields) {
    const effects = bySource.get(source) ?? [];
    bySource.set(source, [...effects, `${target ?? 'dropped'} (${n})`]);
  }
  for (const [source, effects] of bySource) io.err(`  ${source} → ${effects.join(', ')}`);
}

function tellPasswords({ counts }: JobRow, io: CliIo): void {
  const kinds = passwordKindsOf(counts).map(({ kind, users }) =>
    kind === 'none' ? `${users} without` : `${users} ${kind}`,
  );
  if (kinds.length === 0) return;
  io.err(`Passwords of the new users: ${kinds.join(', ')}. ${mustSet(counts[resetCount] ?? 0)}`);
}

function mustSet(count: number): string {
  if (count === 0) return 'Nobody has to set a new one.';
  return `${count === 1 ? 'One of them has' : `${count} of them have`} to set a new one.`;
}

function rowsOf(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}
