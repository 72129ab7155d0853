import { Readable } from 'node:stream';
import type { Call } from '#src/access/call';
import type { TransfersConfig } from '#src/config/transfers';
import { isOwnJob, mayReadJob } from '#src/features/jobs/job-reach';
import type { Finding, FirebaseHashConfig } from '#src/features/transfers/formats/import-format';
import { openFile } from '#src/features/transfers/reading/read-records';
import { findJob, type JobRow } from '#src/jobs/job.repository';
import type { Jobs } from '#src/jobs/jobs';
import { commonErrors } from '#src/shared/errors';
import type { Page, PageArguments } from '#src/shared/page';
import type { ImportService, ImportRequest } from './import.service';
import type { GivenImportOptions } from './import-options';
import type { ImportView } from './import-view';
import { countResults, findResults } from './import-result.repository';
import { readableEcho } from './readable-echo';

/** A row of a report, as its reader sees it. */
export interface RowReport {
  readonly index: number;
  readonly line: number | null;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
  readonly user: unknown;
}

/** How an import is asked for, whatever brings the rows. */
export interface AskedOptions extends Nullable<GivenImportOptions> {
  readonly connection?: string | null;
  readonly externalId?: string | null;
  readonly idempotencyKey?: string | null;
  readonly queue?: boolean | null;
  readonly firebase?: FirebaseHashConfig | null;
}

/** How an import is asked for by rows. */
export interface AskedImport extends AskedOptions {
  readonly rows: readonly unknown[];
}

type Nullable<Options> = { readonly [name in keyof Options]?: Options[name] | null | unknown };

const optionNames = [
  ...(['format', 'upsert', 'matchOn', 'metadataMode', 'onlyIfNewer', 'dryRun', 'strictAuth0'] as const),
  ...([
    'sendCompletionEmail',
    'idPrefix',
    'assumeEmailVerified',
    'keepUnmapped',
    'includeLite',
    'createMissing',
    'mapping',
  ] as const),
  ...(['csvDelimiter', 'encoding'] as const),
] as const;

/** Those options that were given. */
export function givenOptions(asked: AskedOptions): GivenImportOptions {
  return Object.fromEntries(
    optionNames.flatMap((name) =>
      asked[name] === undefined || asked[name] === null ? [] : [[name, asked[name]]],
    ),
  );
}

const mostCodes = 20;
/** Deepest nesting of a row: metadata may be 16 deep, identities hold profiles. */
export const rowDepth = 24;

/** What callers do with imports: ask for them, try failed rows again, read reports. */
export class ImportDesk {
  constructor(
    private readonly service: ImportService,
    private readonly config: TransfersConfig,
    private readonly worker: Pick<Jobs, 'runNow'>,
  ) {}

  async importRows(
    call: Call,
    asked: AskedImport,
    sent: { readonly text: string; readonly contentHash: string },
  ): Promise<JobRow> {
    const { maxInlineRows, maxRowBytes } = this.config;
    if (asked.rows.length > maxInlineRows)
      throw commonErrors.LIMIT_EXCEEDED({
        message: `A mutation takes at most ${maxInlineRows} rows. Send more as a file to POST /imports.`,
        extensions: { field: 'rows', limit: maxInlineRows, current: asked.rows.length },
      });
    const request: ImportRequest = {
      connection: asked.connection,
      options: givenOptions(asked),
      externalId: asked.externalId,
      idempotencyKey: asked.idempotencyKey,
      queue: asked.queue ?? false,
      firebase: asked.firebase ?? null,
      contentHash: sent.contentHash,
      open: (options) =>
        openFile(Readable.from([Buffer.from(sent.text)]), {
          ...{ format: options.format, csvDelimiter: options.csvDelimiter, encoding: null },
          ...{ maxRowBytes, maxDepth: rowDepth, maxBytes: this.config.maxFileBytes },
        }),
    };
    const job = await this.service.start(call, request);
    return (await this.worker.runNow(job.id)) ?? job;
  }

  async retry(call: Call, id: string): Promise<JobRow> {
    const job = await findJob(call.store, id);
    if (!job || !mayReadJob(call, job)) throw commonErrors.NOT_FOUND({ message: 'There is no such job.' });
    if (!isOwnJob(call, job) && !call.principal.permissions.has('update:jobs'))
      throw commonErrors.FORBIDDEN();
    const next = await this.service.retry(call, id, job);
    return (await this.worker.runNow(next.id)) ?? next;
  }

  /** A page of the report of a job that the caller reaches. */
  async report(
    call: Call,
    asked: ImportView,
    filter: { readonly kind: 'errors' | 'warnings'; readonly codes: readonly string[] | null },
    page: PageArguments,
  ): Promise<{ rows: Page<RowReport>; count: () => Promise<number> }> {
    if ((filter.codes?.length ?? 0) > mostCodes)
      throw commonErrors.LIMIT_EXCEEDED({ extensions: { field: 'codes', limit: mostCodes } });
    // The older spelling of a code.
    const codes = filter.codes?.map((code) => (code === 'FORMAT' ? 'INVALID_FORMAT' : code)) ?? null;
    const wanted = { jobId: asked.jobId, kind: filter.kind, codes };
    const found = await findResults(call.store, wanted, page);
    const isOwn = isOwnJob(call, asked.createdBy as JobRow);
    return {
      rows: {
        ...found,
        rows: found.rows.map((row) => ({
          index: row.rowIndex,
          line: row.line,
          errors: row.errors,
          warnings: row.warnings,
          user: readableEcho(call, asked.connection, row.echo, isOwn),
        })),
        keyOf: ({ index }) => [index],
      },
      count: () => countResults(call.store, wanted),
    };
  }
}
