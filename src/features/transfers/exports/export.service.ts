import type { Call } from '#src/access/call';
import type { TransfersConfig } from '#src/config/transfers';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { rightsOf } from '#src/features/transfers/imports/caller-rights';
import { countUnfinished } from '#src/features/transfers/imports/user-import.repository';
import { transferErrors } from '#src/features/transfers/transfer.errors';
import { enqueueJob } from '#src/jobs/enqueue-job';
import { isOwnJob, mayReadJob } from '#src/features/jobs/job-reach';
import { findJob, type JobRow } from '#src/jobs/job.repository';
import { reachOf, type ReachRequest } from '#src/features/users/reach/reach';
import { commonErrors } from '#src/shared/errors';
import { exportFields, type AskedField, type ExportFormat } from './export-fields';
import { countExported } from './export-rows.repository';
import { usersExport } from './export-users.job';
import type { SearchService } from '#src/features/search/search.service';
import { readExportKey, type ExportKey } from './export-key';
import { approveExport, findExports, insertExport } from './user-export.repository';

export interface ExportRequest {
  /** Name of the connection; of all when absent. */
  readonly connection?: string | null | undefined;
  readonly format?: ExportFormat | null | undefined;
  readonly fields?: readonly AskedField[] | null | undefined;
  /** The usual columns beside those named; only where fields are named. */
  readonly includeDefaults?: boolean | null | undefined;
  readonly query?: string | null | undefined;
  readonly limit?: number | null | undefined;
  readonly gzip?: boolean | null | undefined;
  readonly includeCredentials?: { readonly publicKey: string } | null | undefined;
  readonly externalId?: string | null | undefined;
}

export interface ExportServiceParts {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly search: SearchService;
  readonly config: TransfersConfig;
}

/** Asks for files of users. */
export class ExportService {
  constructor(private readonly parts: ExportServiceParts) {}

  async start(call: Call, request: ExportRequest): Promise<JobRow> {
    refuseCaller(call);
    const format = request.format ?? 'NDJSON';
    const named = request.fields ?? [];
    const asked =
      named.length === 0
        ? null
        : request.includeDefaults === true && format !== 'SCIM'
          ? [...exportFields(call, format, null).map(asAsked), ...named]
          : named;
    const key = await this.keyOf(call, request, format);
    const fields = [...exportFields(call, format, asked), ...(key === null ? [] : credentialFields)];
    const { limit = null } = request;
    if (limit !== null && limit < 1)
      throw commonErrors.VALIDATION_FAILED({
        message: 'limit must be at least 1.',
        extensions: { field: 'limit' },
      });
    const query = request.query?.trim() ? request.query : null;
    // What may not be searched by, or is no query, is refused now and not by a job that fails later.
    if (query !== null) this.parts.search.explain(call, query);
    const connection = request.connection
      ? (await this.parts.connections.require(call.store, request.connection)).name
      : null;
    const total = query === null ? await countExported(call.store, connection) : undefined;
    return call.store.transaction(async (store) => {
      const { config, audit } = this.parts;
      await store.execute(store.dialect.advisoryLock('transfers:accept'));
      const running = await countUnfinished(store, [usersExport.name]);
      if (running >= config.maxQueued)
        throw transferErrors.TOO_MANY_TRANSFERS({ extensions: { limit: config.maxQueued } });
      const known = total === undefined ? {} : { total: Math.min(total, limit ?? total) };
      const approvalMs = config.approvalHours * hour;
      // One with credentials waits for its approval; if that never comes, it fails.
      const delay = key === null ? {} : { delayMs: approvalMs };
      const job = await enqueueJob(store, call, usersExport, {}, { ...known, ...delay });
      const now = call.clock.now();
      await insertExport(store, {
        jobId: job.id,
        connection,
        format,
        fields,
        options: { query, limit, gzip: request.gzip ?? true },
        caller: rightsOf(call),
        externalId: request.externalId ?? null,
        rowCount: 0,
        bytes: 0,
        credentialsKey: key?.pem ?? null,
        keyThumbprint: key?.thumbprint ?? null,
        approvableUntil: key === null ? null : now + approvalMs,
        approvedBy: null,
        approvedAt: null,
        createdAt: now,
        // Until it is complete: so that a job which never ends leaves nothing behind.
        expiresAt: now + 8 * 24 * hour,
      });
      await audit.record(store, call, {
        action: 'users_export.create',
        targetType: 'Job',
        targetId: job.id,
        details: {
          ...{ connection, format, fields: fields.length },
          ...(key === null ? {} : { credentials: true, keyThumbprint: key.thumbprint }),
        },
      });
      return job;
    });
  }

  /** Lets an export with credentials begin, on the word of a second person who knows for which key it is. */
  async approve(
    call: Call,
    { id, keyThumbprint }: { readonly id: string; readonly keyThumbprint: string },
  ): Promise<JobRow> {
    refusePrincipal(call);
    const job = await findJob(call.store, id);
    const [asked] = await findExports(call.store, [id]);
    if (!job || !asked || !mayReadJob(call, job))
      throw commonErrors.NOT_FOUND({ message: 'There is no such export.' });
    if (isOwnJob(call, job)) throw transferErrors.SECOND_PERSON_NEEDED();
    const now = call.clock.now();
    if ((asked.approvableUntil ?? 0) <= now) throw transferErrors.EXPORT_NOT_APPROVABLE();
    if (asked.keyThumbprint !== keyThumbprint)
      throw commonErrors.VALIDATION_FAILED({
        message: 'The file is to be encrypted for another key.',
        extensions: { field: 'keyThumbprint' },
      });
    return call.store.transaction(async (store) => {
      if (!(await approveExport(store, id, call.principal.subject, now)))
        throw transferErrors.EXPORT_NOT_APPROVABLE();
      await this.parts.audit.record(store, call, {
        action: 'users_export.approve',
        targetType: 'Job',
        targetId: id,
        details: { keyThumbprint, requestedBy: job.createdBy },
      });
      return { ...job, availableAt: now };
    });
  }

  private async keyOf(
    call: Call,
    { includeCredentials, fields }: ExportRequest,
    format: ExportFormat,
  ): Promise<ExportKey | null> {
    if (!includeCredentials) return null;
    refusePrincipal(call);
    if (format !== 'NDJSON' || (fields && fields.length > 0))
      throw commonErrors.VALIDATION_FAILED({
        message: 'Files with credentials are NDJSON and have the usual fields.',
        extensions: { field: 'includeCredentials' },
      });
    return readExportKey(includeCredentials.publicKey);
  }
}

const hour = 3_600_000;

/** Members of the native schema that hold credentials: in encrypted files alone. */
const credentialFields = [
  'password_hash',
  'custom_password_hash',
  'password_reset_required',
  'mfa_factors',
].map((name) => ({ as: name, paths: [[name]] }));

/** SECURITY: a credential of a machine is known to whoever set it up, who would be both people. */
function refusePrincipal({ principal }: Pick<Call, 'principal'>): void {
  if (!principal.permissions.has('export:credentials'))
    throw commonErrors.FORBIDDEN({
      message: 'Exporting credentials needs the permission export:credentials.',
    });
  if (principal.kind !== 'user' || principal.organizationId !== null)
    throw commonErrors.FORBIDDEN({
      message: 'Credentials are exported by people who are signed in and not bound to an organization.',
    });
}

function asAsked({ as, paths: [path = []] }: ReturnType<typeof exportFields>[number]): AskedField {
  const name = path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`))
    .join('');
  return { name, exportAs: as };
}

function refuseCaller(call: ReachRequest): void {
  const { principal } = call;
  if (principal.organizationId !== null)
    throw commonErrors.FORBIDDEN({
      message: 'Users are exported by callers that are not bound to an organization.',
    });
  if (!principal.permissions.has('read:users'))
    throw commonErrors.FORBIDDEN({ message: 'Exporting users needs the permission read:users.' });
  // SECURITY: leaving the filter; the job that reads the users works without the caller's permissions, which narrow what is reached.
  if (reachOf(call) !== null)
    throw commonErrors.FORBIDDEN({ message: 'Only callers who reach every user export users.' });
}
