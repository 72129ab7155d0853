import { z } from 'zod';
import type { AuditService } from '#src/features/audit/audit.service';
import type { Connection, ConnectionService } from '#src/features/connections/connection.service';
import type { HashSettings } from '#src/features/passwords/hashes/hash-settings';
import type { RoleService } from '#src/features/roles/role.service';
import type { MetadataLimits } from '#src/features/metadata/check-metadata';
import { isVendorFormat } from '#src/features/transfers/formats/map-record';
import type { KnownFormat } from '#src/features/transfers/formats/import-format';
import { transferErrors } from '#src/features/transfers/transfer.errors';
import type { TransfersConfig } from '#src/config/transfers';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import type { ChunkResult, JobChunk, JobCounts, JobStep } from '#src/jobs/job';
import type { DerivedKey } from '#src/config/open-secrets';
import type { ErrorFactory } from '#src/shared/errors';
import { idsOfSeries } from '#src/shared/ids';
import { sealText } from '#src/config/seal-text';
import {
  applyRows,
  type Applied,
  type Applying,
  type RowOutcome,
} from '#src/features/transfers/imports/applying/apply-rows';
import { tryRows } from '#src/features/transfers/imports/applying/try-rows';
import type { PreparedRow } from '#src/features/transfers/imports/applying/prepared-row';
import { redactRow } from '#src/features/transfers/imports/applying/redact-row';
import { RowGate } from '#src/features/transfers/imports/applying/row-gate';
import { hashCount, resetCount } from './import-counts';
import { callWithRights } from './caller-rights';
import { keptOptions, type KeptOptions } from './import-options';
import { OpenedParts, type OpeningRules } from './opened-parts';
import type { ImportTally } from './import-tally';
import { insertResults } from './import-result.repository';
import type { ReportCompletion } from './report-completion';
import { placeOfRow } from '#src/features/transfers/imports/staging/places';
import { rowsPerPart } from '#src/features/transfers/imports/staging/staged-row';
import { deletePartsBefore, findImport, takeKeys, type UserImportRow } from './user-import.repository';

const payload = z.strictObject({});

interface Checkpoint {
  /** Index of the first row that was not handled yet. */
  readonly next: number;
  /** Milliseconds of work, over restarts. */
  readonly activeMs: number;
}

export const usersImport = defineJob<object>({
  name: 'users_import',
  description: 'Imports users from a file or from rows.',
  payload,
});

export interface ImportParts {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly roles: Pick<RoleService, 'create'>;
  readonly limits: MetadataLimits;
  readonly config: TransfersConfig;
  readonly ring: () => readonly DerivedKey[];
  readonly hashSettings: Pick<HashSettings, 'apart' | 'sealed' | 'opened'>;
  /** Whether digests of other systems are hashed once more before they are stored. */
  readonly wrapsDigests: boolean;
  /** Seals seeds of second factors. */
  readonly factorRing: () => readonly DerivedKey[];
  readonly report: ReportCompletion;
  readonly tally: Pick<ImportTally, 'add'>;
}

/** Rows of a dry run that are tried together. */
const rowsTried = 250;

/**
 * Fewer rows than this in one transaction cost more for the transaction than for the rows: rows that change the same page of an index in one
 * transaction write it once. Half a part, so that no transaction is left with a few rows.
 */
const leastRows = rowsPerPart / 2;

/** What a chunk works with, made ready outside of its transaction. */
interface Prepared {
  readonly asked: UserImportRow;
  readonly rows: readonly PreparedRow[];
  readonly begunAt: number;
  readonly context: Omit<Applying, 'store' | 'call'>;
  readonly call: Applying['call'];
  /** Of a dry run: what would come of the rows. */
  readonly tried: Applied | null;
  /** Makes the next rows ready, to be called when there is time for it. */
  readonly openAhead: () => void;
}

/** Imports the rows of a job, chunk by chunk; each chunk commits its users, its report and how far it came together. */
export function usersImportHandling(parts: ImportParts): JobHandling {
  const opened = new OpenedParts(parts);
  return handleJob<object, Checkpoint, Prepared>(usersImport, {
    prepare: (step) => prepare(parts, opened, step),
    // A dry run tries its rows while it prepares, and must know which ones came in before.
    isPreparedAhead: ({ tried }) => tried === null,
    chunk: (chunk, prepared) => runChunk(parts, chunk, prepared),
    failed: async (chunk, fault) => {
      await parts.report(chunk, { status: 'FAILED', message: fault.message });
    },
  });
}

async function prepare(
  parts: ImportParts,
  opened: OpenedParts,
  step: JobStep<object, Checkpoint>,
): Promise<Prepared> {
  const { store } = step.call;
  const begunAt = step.call.clock.now();
  const asked = await findImport(store, step.jobId);
  if (!asked?.isComplete) throw transferErrors.IMPORT_UPLOAD_INCOMPLETE();
  const options = keptOptions.parse(asked.options);
  const connection = await parts.connections.require(store, asked.connection);
  const next = step.checkpoint?.next ?? 0;
  const rules = rulesOf(connection, asked.format as KnownFormat, parts.limits, options);
  const call = await callWithRights(step.call, asked.caller);
  const left =
    next >= asked.rowCount ? [] : (await opened.rows(store, asked, next, rules)).slice(next % rowsPerPart);
  const { audit, limits, factorRing, roles, hashSettings: hashes } = parts;
  const gate = new RowGate(call, connection);
  const context = { jobId: step.jobId, audit, connection, options, limits, gate, factorRing, roles, hashes };
  const rows = options.dryRun ? left.slice(0, rowsTried) : left;
  const tried = options.dryRun ? await tryRows({ ...context, call }, rows) : null;
  const openAhead = (): void => opened.openAhead(step.call.store, asked, next, rules);
  return { asked, rows, begunAt, context, call, tried, openAhead };
}

export function rulesOf(
  { strategy, options }: Pick<Connection, 'strategy' | 'options'>,
  format: KnownFormat,
  limits: MetadataLimits,
  { strictAuth0, dryRun, firebase }: KeptOptions,
): OpeningRules {
  return {
    strategy,
    usernameLength: options.usernameLength,
    requiresUsername: options.requiresUsername,
    requiresEmail: options.requiresEmail,
    isStrict: strictAuth0,
    isDryRun: dryRun,
    firebase,
    isVendor: isVendorFormat(format),
    limits,
  };
}

async function runChunk(
  parts: ImportParts,
  chunk: JobChunk<object, Checkpoint>,
  { asked, rows, begunAt, context, call, tried, openAhead }: Prepared,
): Promise<ChunkResult<Checkpoint>> {
  const { store, jobId, checkpoint } = chunk;
  const from = checkpoint?.next ?? 0;
  // A part in one transaction, unless other writers would wait for its end.
  const most = store.dialect.hasOneWriter ? Math.max(leastRows, chunk.size) : rowsPerPart;
  const some = tried ? rows : rows.slice(0, most);
  const applied =
    tried ??
    (await applyRows(
      { ...context, store, call: { ...call, store, ids: idsOfSeries(call.ids) } },
      some,
      openAhead,
    ));
  // A dry run brings nobody in, and a chunk that is done again counts twice: these numbers are for watching.
  if (tried === null) parts.tally.add(applied.outcomes);
  for (const [index, taken] of applied.taken) await takeKeys(store, jobId, taken, index);
  await insertResults(
    store,
    applied.outcomes.filter(isTelling).map((outcome) => resultOf(parts, jobId, outcome)),
  );
  const next = from + some.length;
  const activeMs = (checkpoint?.activeMs ?? 0) + Math.max(0, chunk.call.clock.now() - begunAt);
  const isLast = next >= asked.rowCount;
  await deletePartsBefore(store, jobId, (isLast ? Math.ceil : Math.floor)(next / rowsPerPart));
  const counts = countsOf(applied.outcomes);
  if (!isLast) {
    await store.execute(store.dialect.commitLazily);
    // Thrown after a chunk that was committed: what came in stays.
    if (activeMs > parts.config.maxWorkMinutes * 60_000) throw transferErrors.IMPORT_TIMEOUT();
    return { isDone: false, checkpoint: { next, activeMs }, counts };
  }
  if (some.length > 0 && asked.fault !== null) {
    // One more chunk, so that the rows before the mistake are committed before the job fails.
    return { isDone: false, checkpoint: { next, activeMs }, counts };
  }
  if (asked.fault !== null) throw faultOf(asked, next);
  await parts.report(
    { ...chunk, counts: added(chunk.counts, counts) },
    { status: 'COMPLETED', message: null },
  );
  await parts.audit.record(store, chunk.call, {
    action: 'users_import.finish',
    targetType: 'Job',
    targetId: jobId,
    details: { ...added(chunk.counts, counts) },
  });
  return { isDone: true, checkpoint: { next, activeMs }, counts };
}

/** Of a file that could not be read, or not be kept, to its end. */
const faults: Readonly<Record<string, ErrorFactory>> = {
  IMPORT_FILE_TOO_LARGE: transferErrors.IMPORT_FILE_TOO_LARGE,
  IMPORT_UPLOAD_INCOMPLETE: transferErrors.IMPORT_UPLOAD_INCOMPLETE,
};

function faultOf({ fault }: UserImportRow, handled: number): Error {
  const { message, code } = fault as { readonly code: string; readonly message: string };
  const factory = faults[code] ?? transferErrors.IMPORT_FILE_INVALID;
  return factory({ message: `${message} ${handled} rows before it were handled.` });
}

function isTelling({ errors, warnings }: RowOutcome): boolean {
  return errors.length > 0 || warnings.length > 0;
}

function resultOf(
  { ring }: Pick<ImportParts, 'ring'>,
  jobId: string,
  { row, outcome, userId, errors, warnings }: RowOutcome,
): Parameters<typeof insertResults>[1][number] {
  const codes = [...new Set([...errors, ...warnings].map(({ code }) => code))];
  const isFailed = outcome === 'failed';
  const content = isFailed && row.source !== null ? JSON.stringify(row.source) : null;
  return {
    jobId,
    rowIndex: row.index,
    line: row.line,
    outcome,
    userId,
    codes: `|${codes.join('|')}|`,
    errors,
    warnings,
    echo: redactRow(row.source),
    content: content === null ? null : sealText(ring(), placeOfRow(jobId, row.index), content),
  };
}

function countsOf(outcomes: readonly RowOutcome[]): JobCounts {
  const of = (outcome: RowOutcome['outcome']): number =>
    outcomes.filter((candidate) => candidate.outcome === outcome).length;
  const [inserted, updated] = [of('inserted'), of('updated')];
  return {
    processed: outcomes.length,
    changed: inserted + updated,
    inserted,
    updated,
    skipped: of('skipped'),
    failed: of('failed'),
    warned: outcomes.filter(({ warnings }) => warnings.length > 0).length,
    ...passwordsOf(outcomes),
  };
}

/** What the passwords of new users are made of, and who has to set a new one. */
function passwordsOf(outcomes: readonly RowOutcome[]): JobCounts {
  const counts: Record<string, number> = {};
  for (const { row, outcome } of outcomes) {
    if (outcome !== 'inserted' || row.row === null) continue;
    const names = [`${hashCount}${row.passwordKind ?? 'none'}`];
    if (row.row.password_reset_required === true) names.push(resetCount);
    for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function added(sums: JobCounts, more: JobCounts): JobCounts {
  return Object.fromEntries(
    [...new Set([...Object.keys(sums), ...Object.keys(more)])].map((name) => [
      name,
      (sums[name] ?? 0) + (more[name] ?? 0),
    ]),
  );
}
