import type { Call } from '#src/access/call';
import type { TransfersConfig } from '#src/config/transfers';
import type { AuditService } from '#src/features/audit/audit.service';
import type { HashSettings } from '#src/features/passwords/hashes/hash-settings';
import type { Connection, ConnectionService } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import type { FirebaseHashConfig, KnownFormat } from '#src/features/transfers/formats/import-format';
import { FieldMapCounter } from '#src/features/transfers/formats/field-map';
import { usualPrefix } from '#src/features/transfers/formats/map-record';
import type { OpenedFile } from '#src/features/transfers/reading/read-records';
import type { SourceRecord } from '#src/features/transfers/reading/source-record';
import { transferErrors } from '#src/features/transfers/transfer.errors';
import { enqueueJob } from '#src/jobs/enqueue-job';
import { findJob, type JobRow } from '#src/jobs/job.repository';
import { commonErrors } from '#src/shared/errors';
import type { DerivedKey } from '#src/config/open-secrets';
import { openText, sealText } from '#src/config/seal-text';
import type { Store } from '#src/storage/store';
import { rightsOf } from './caller-rights';
import { hashOf, keyOf } from './import-names';
import { placeOfPart, placeOfRow } from '#src/features/transfers/imports/staging/places';
import { usersImport } from './import-users.job';
import { parseOptions, refuseCaller } from './check-request';
import { keptOptions, type GivenImportOptions, type ImportOptions, type KeptOptions } from './import-options';
import { keepFirebase } from './keep-firebase';
import { findFailedRows } from './import-result.repository';
import { stageRecords, type StagingOptions } from '#src/features/transfers/imports/staging/stage-records';
import { writeRows } from '#src/features/transfers/imports/staging/staged-row';
import {
  completeImport,
  countUnfinished,
  findImport,
  findImportByKey,
  forgetIdempotencyKeys,
  insertImport,
  insertPart,
  insertRepeatedKeys,
  type ReceivedImport,
  type UserImportRow,
} from './user-import.repository';

export interface ImportRequest {
  /** Name of the connection; the default one when absent. */
  readonly connection?: string | null | undefined;
  readonly options?: GivenImportOptions | undefined;
  readonly externalId?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
  /** Wait for a place instead of being refused. */
  readonly queue?: boolean | undefined;
  readonly firebase?: FirebaseHashConfig | null | undefined;
  /** SHA-256 of what was sent. */
  readonly contentHash: string;
  /** Opens what was sent, once everything else is settled. */
  readonly open: (options: ImportOptions) => Promise<OpenedFile>;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

interface Opened {
  readonly request: ImportRequest;
  readonly asked: ImportOptions;
  readonly connection: Connection;
  readonly opened: OpenedFile;
}

export interface ImportServiceParts {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly hashSettings: Pick<HashSettings, 'save' | 'named'>;
  readonly config: TransfersConfig;
  readonly ring: () => readonly DerivedKey[];
}

const hour = 3_600_000;
const longestKey = 200;

/** Takes in what is to be imported. The job exists, and its rows are stored, before the caller hears of it. */
export class ImportService {
  constructor(private readonly parts: ImportServiceParts) {}

  async start(call: Call, request: ImportRequest): Promise<JobRow> {
    const { asked, connection } = await this.check(call, request);
    const known = await this.findKnown(call, request.idempotencyKey);
    if (known) return known;
    const opened = await request.open(asked);
    try {
      return await this.takeIn(call, { request, asked, connection, opened });
    } finally {
      opened.close();
    }
  }

  /** Refuses what can be refused before there is a file. */
  async check(
    call: Call,
    request: Pick<ImportRequest, 'connection' | 'options' | 'firebase'>,
  ): Promise<{ asked: ImportOptions; connection: Connection }> {
    const asked = parseOptions(request.options ?? {});
    refuseCaller(call, asked);
    const connection = await this.requireImportable(call, request.connection ?? undefined);
    await keepFirebase(this.parts.hashSettings, call.store, request.firebase, { dryRun: true });
    return { asked, connection };
  }

  private async takeIn(call: Call, { request, asked, connection, opened }: Opened): Promise<JobRow> {
    const firebase = await keepFirebase(this.parts.hashSettings, call.store, request.firebase, asked);
    const options = { ...asked, firebase };
    const contentHash = hashOf(request.contentHash, connection.name, options);
    const job = await this.accept(call, { request, options, connection, format: opened.format, contentHash });
    const staging: StagingOptions = {
      format: opened.format,
      mapping: {
        ...options,
        idPrefix: options.idPrefix ?? usualPrefix(opened.format),
        firebase: firebase === null ? null : 'APART',
      },
      onProgress: request.onProgress,
      fieldMap: asked.dryRun ? new FieldMapCounter() : null,
    };
    return this.stage(call, job, opened.records, { ...staging, knownAs: opened.format });
  }

  /** A new job of the failed rows of another one, with its options. */
  async retry(call: Call, id: string, job: JobRow): Promise<JobRow> {
    const before = await findImport(call.store, id);
    if (!before || job.finishedAt === null) throw transferErrors.NOTHING_TO_RETRY();
    const options = keptOptions.parse(before.options);
    refuseCaller(call, options);
    const [first] = await findFailedRows(call.store, id, -1, 1);
    if (!first) throw transferErrors.NOTHING_TO_RETRY();
    const connection = await this.requireImportable(call, before.connection);
    const contentHash = hashOf(`retry of ${id}`, connection.name, options);
    const request = { externalId: before.externalId, queue: true };
    const accepted = {
      request,
      options,
      connection,
      format: 'NATIVE' as const,
      contentHash,
      sourceJobId: id,
    };
    const next = await this.accept(call, accepted);
    // The rows are in the native form already; what they come from decides how a hash that is not known is taken.
    const mapping = { ...options, idPrefix: '', firebase: null };
    const knownAs = before.format as KnownFormat;
    return this.stage(call, next, this.failedRows(call.store, id), { format: 'NATIVE', mapping, knownAs });
  }

  /** Stores the rows, and lets the job begin. Where the rows cannot be stored the job fails, instead of waiting for them. */
  private async stage(
    call: Call,
    { id: jobId }: JobRow,
    records: AsyncIterable<SourceRecord>,
    { knownAs: format, ...options }: StagingOptions & { readonly knownAs: KnownFormat },
  ): Promise<JobRow> {
    const { ring } = this.parts;
    const staged = await stageRecords(records, options, (part, repeatedKeys) =>
      call.store.transaction(async (store) => {
        const content = sealText(ring(), placeOfPart(jobId, part.number), writeRows(part.rows));
        await insertPart(store, { jobId, number: part.number, rowCount: part.rows.length, content });
        await insertRepeatedKeys(store, jobId, repeatedKeys);
      }),
    ).catch(async (error: unknown) => {
      const { code, message } = transferErrors.IMPORT_UPLOAD_INCOMPLETE();
      await this.release(call, jobId, {
        rowCount: 0,
        fault: { code, message },
        format,
        fieldMap: null,
      }).catch(() => null);
      throw error;
    });
    return this.release(call, jobId, { ...staged, format, fieldMap: options.fieldMap?.done() ?? null });
  }

  private async *failedRows(
    store: Store,
    id: string,
  ): AsyncGenerator<{ index: number; line: number; value: unknown }> {
    let index = 0;
    for (let after = -1; ;) {
      const rows = await findFailedRows(store, id, after, 500);
      for (const row of rows) {
        const text = openText(this.parts.ring(), placeOfRow(id, row.rowIndex), row.content);
        yield { index, line: row.line ?? 0, value: JSON.parse(text) as unknown };
        index += 1;
        after = row.rowIndex;
      }
      if (rows.length < 500) return;
    }
  }

  /** The job, asked for, without rows yet. It waits until they are complete; if they never come, it fails. */
  private accept(
    call: Call,
    asked: {
      readonly request: Pick<ImportRequest, 'externalId' | 'idempotencyKey' | 'queue'>;
      readonly options: KeptOptions;
      readonly connection: Connection;
      readonly format: KnownFormat;
      readonly contentHash: string;
      readonly sourceJobId?: string;
    },
  ): Promise<JobRow> {
    const { request, options, connection, contentHash } = asked;
    const { config, audit } = this.parts;
    return call.store.transaction(async (store) => {
      // One caller after the other, so that the limit holds.
      await store.execute(store.dialect.advisoryLock('transfers:accept'));
      const running = await countUnfinished(store, ['users_import']);
      const limit = request.queue === true ? config.maxQueued : config.maxConcurrent;
      const delayMs = config.maxUploadSeconds * 1_000 + hour;
      const uniqueKey = `users_import:${contentHash}`;
      const job = await enqueueJob(store, call, usersImport, {}, { uniqueKey, delayMs });
      const row: UserImportRow = {
        jobId: job.id,
        connection: connection.name,
        format: asked.format,
        options,
        caller: rightsOf(call),
        externalId: request.externalId ?? null,
        idempotencyKey: request.idempotencyKey ? keyOf(call, request.idempotencyKey) : null,
        contentHash,
        rowCount: 0,
        isComplete: false,
        fault: null,
        fieldMap: null,
        sourceJobId: asked.sourceJobId ?? null,
        createdAt: call.clock.now(),
      };
      if (!(await insertImport(store, row)))
        throw transferErrors.IMPORT_ALREADY_RUNNING({ extensions: { jobId: job.id } });
      if (running >= limit) throw transferErrors.TOO_MANY_TRANSFERS({ extensions: { limit } });
      await audit.record(store, call, {
        action: 'users_import.create',
        targetType: 'Job',
        targetId: job.id,
        details: {
          connection: connection.name,
          format: asked.format,
          upsert: options.upsert,
          dryRun: options.dryRun,
        },
      });
      return job;
    });
  }

  private async release(
    call: Call,
    jobId: string,
    { rowCount, fault, format, fieldMap }: ReceivedImport,
  ): Promise<JobRow> {
    await call.store.transaction((store) =>
      completeImport(store, jobId, { rowCount, fault, format, fieldMap }, call.clock.now()),
    );
    return (await findJob(call.store, jobId)) as JobRow;
  }

  /** What the same key asked for within a day. */
  private async findKnown(call: Call, key: string | null | undefined): Promise<JobRow | null> {
    if (key === null || key === undefined) return null;
    if (key === '' || key.length > longestKey)
      throw commonErrors.VALIDATION_FAILED({
        message: `idempotencyKey must have 1 to ${longestKey} characters.`,
        extensions: { field: 'idempotencyKey', limit: longestKey },
      });
    await call.store.transaction((store) => forgetIdempotencyKeys(store, call.clock.now() - 24 * hour));
    const found = await findImportByKey(call.store, keyOf(call, key));
    return found === null ? null : findJob(call.store, found.jobId);
  }

  private async requireImportable(call: Call, name: string | undefined): Promise<Connection> {
    const connection = await this.parts.connections.require(call.store, name);
    const { strategy, isEnabled, options } = connection;
    if (strategyKind(strategy) === 'DATABASE' && isEnabled && options.keepsPasswords) return connection;
    throw transferErrors.CONNECTION_NOT_IMPORTABLE({ extensions: { field: 'connection' } });
  }
}
