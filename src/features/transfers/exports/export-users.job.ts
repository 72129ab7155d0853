import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import type { DerivedKey } from '#src/config/open-secrets';
import type { TransfersConfig } from '#src/config/transfers';
import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import type { SearchService } from '#src/features/search/search.service';
import { callWithRights } from '#src/features/transfers/imports/caller-rights';
import { transferErrors } from '#src/features/transfers/transfer.errors';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import type { JobStep } from '#src/jobs/job';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import type { ExportField, ExportFormat } from './export-fields';
import { completeRows, findExportSlice, type ExportPlace, type ExportRow } from './export-rows.repository';
import { exportOptions, type ExportOptions } from './export-options';
import { credentialMembers } from './credential-members';
import { findCredentials } from './credentials.repository';
import { encryptPiece } from './export-key';
import { formatRows } from './format-rows';
import { needsFacts, RecordMaker, type ExportRecord } from './readable-record';
import { findExports, insertExportPart, setExpiry, type UserExportRow } from './user-export.repository';

const packed = promisify(gzip);

interface Checkpoint {
  readonly after: ExportPlace | null;
  /** Of a search. */
  readonly cursor: string | null;
  readonly number: number;
  readonly rows: number;
  readonly bytes: number;
}

interface Prepared {
  readonly content: string;
  readonly bytes: number;
  readonly rows: number;
  readonly isLast: boolean;
  readonly next: Pick<Checkpoint, 'after' | 'cursor'>;
}

export const usersExport = defineJob<object>({
  name: 'users_export',
  description: 'Exports users into a file.',
  payload: z.strictObject({}),
});

export interface ExportParts {
  readonly audit: AuditService;
  readonly search: SearchService;
  readonly config: TransfersConfig;
  readonly maskKey: () => Buffer;
  /** Opens seeds of second factors. */
  readonly factorRing: () => readonly DerivedKey[];
  /** A user's stored hash, opened and with the secret that it names, if it names one. */
  readonly completeHash: (store: Store, userId: string, stored: string) => Promise<string>;
}

/** Users in one piece of the file. */
const rowsPerPart = 500;
const rowsPerSearch = 100;
const hour = 3_600_000;

/** Writes the file piece by piece; a piece and how far the job came are committed together, so no piece is missing or twice. */
export function usersExportHandling(parts: ExportParts): JobHandling {
  return handleJob<object, Checkpoint, Prepared>(usersExport, {
    prepare: (step) => prepare(parts, step),
    async chunk({ store, jobId, checkpoint, call }, { content, bytes, rows, isLast, next }) {
      const at = checkpoint ?? start;
      const sums = { rowCount: at.rows + rows, bytes: at.bytes + bytes };
      await insertExportPart(store, { jobId, number: at.number, content }, sums);
      if (isLast) {
        await setExpiry(store, jobId, call.clock.now() + parts.config.exportHours * hour);
        await parts.audit.record(store, call, {
          action: 'users_export.finish',
          targetType: 'Job',
          targetId: jobId,
          details: sums,
        });
      }
      return {
        isDone: isLast,
        checkpoint: { ...next, number: at.number + 1, rows: sums.rowCount, bytes: sums.bytes },
        counts: { processed: rows },
        ...(isLast ? { total: sums.rowCount } : {}),
      };
    },
  });
}

const start: Checkpoint = { after: null, cursor: null, number: 0, rows: 0, bytes: 0 };

async function prepare(parts: ExportParts, step: JobStep<object, Checkpoint>): Promise<Prepared> {
  const [asked] = await findExports(step.call.store, [step.jobId]);
  if (!asked) throw new Error(`The export of ${step.jobId} is missing.`);
  const at = step.checkpoint ?? start;
  // SECURITY: the rules of this moment, not those of the moment when it was asked for.
  const call = await callWithRights(step.call, asked.caller);
  requireApproval(call, asked);
  const options = exportOptions.parse(asked.options);
  const read = await readSlice(parts, call, asked, options, at);
  const maker = new RecordMaker(call, parts.maskKey(), call.clock.now());
  const { credentialsKey: pem, keyThumbprint } = asked;
  const key = pem === null ? null : { pem, thumbprint: keyThumbprint ?? '' };
  const records = read.rows.map((row) => maker.make(row));
  const complete = key === null ? records : await withCredentials(parts, call.store, read.rows, records);
  const plain = formatRows(asked.format as ExportFormat, asked.fields as readonly ExportField[], complete, {
    isFirst: at.number === 0,
    isLast: read.isLast,
    before: at.rows,
  });
  const place = { job: step.jobId, piece: at.number, isLast: read.isLast };
  const text = key === null ? plain : await encryptPiece(key, place, plain);
  const piece = await packed(Buffer.from(text, 'utf8'));
  return {
    content: piece.toString('base64'),
    bytes: piece.length,
    rows: records.length,
    isLast: read.isLast,
    next: read.next,
  };
}

/** SECURITY: credentials leave when two people want it, and while who asked for them still may. */
function requireApproval({ principal }: Call, { credentialsKey, approvedAt }: UserExportRow): void {
  if (credentialsKey === null) return;
  if (approvedAt === null) throw transferErrors.EXPORT_NOT_APPROVED();
  if (!principal.permissions.has('export:credentials'))
    throw commonErrors.FORBIDDEN({ message: 'Who asked for the credentials may not export them any more.' });
}

async function withCredentials(
  { completeHash, factorRing }: ExportParts,
  store: Store,
  rows: readonly ExportRow[],
  records: readonly ExportRecord[],
): Promise<ExportRecord[]> {
  const credentialsOf = await findCredentials(
    store,
    rows.map(({ user }) => user.id),
  );
  const ring = factorRing();
  return Promise.all(
    rows.map(async ({ user }, index) => {
      const { password, factors } = credentialsOf(user.id);
      const hash = password === null ? null : await completeHash(store, user.id, password.hash);
      const known = password === null || hash === null ? null : { ...password, hash };
      return { ...records[index], ...credentialMembers({ password: known, factors }, user.email, ring) };
    }),
  );
}

interface Slice {
  readonly rows: readonly ExportRow[];
  readonly isLast: boolean;
  readonly next: Pick<Checkpoint, 'after' | 'cursor'>;
}

async function readSlice(
  { search }: ExportParts,
  call: Call,
  asked: UserExportRow,
  options: ExportOptions,
  at: Checkpoint,
): Promise<Slice> {
  const left = options.limit === null ? Infinity : options.limit - at.rows;
  const needs = needsOf(asked, needsFacts(call));
  if (options.query === null) {
    const limit = Math.min(rowsPerPart, left);
    const slice = { connection: asked.connection, until: asked.createdAt, after: at.after, limit };
    const users = await findExportSlice(call.store, slice);
    const last = users[users.length - 1];
    return {
      rows: await completeRows(call.store, users, needs),
      isLast: users.length < rowsPerPart || users.length >= left,
      next: { after: last ? { createdAt: last.createdAt, id: last.id } : at.after, cursor: null },
    };
  }
  const sort = [
    { field: 'CREATED_AT', direction: 'ASC' },
    { field: 'ID', direction: 'ASC' },
  ] as const;
  const { page } = await search.users(call, {
    q: options.query,
    sort,
    first: rowsPerSearch,
    after: at.cursor,
  });
  const users = page.rows
    .filter(
      ({ createdAt, connection }) =>
        createdAt <= asked.createdAt && (asked.connection === null || connection === asked.connection),
    )
    .slice(0, left);
  const last = page.rows[page.rows.length - 1];
  const cursor = last === undefined ? null : call.store.cursors.encode(page.order, page.keyOf(last));
  return {
    rows: await completeRows(call.store, users, needs),
    isLast: !page.hasNextPage || users.length >= left,
    next: { after: null, cursor },
  };
}

function needsOf(asked: UserExportRow, isRuled: boolean): Parameters<typeof completeRows>[2] {
  const roots = new Set(
    (asked.fields as readonly ExportField[]).flatMap(({ paths }) => paths.map(([root]) => root)),
  );
  const isScim = asked.format === 'SCIM';
  return {
    identities: isRuled || roots.has('identities'),
    metadata: isScim || roots.has('user_metadata') || roots.has('app_metadata'),
    roles: isScim || roots.has('roles'),
    organizations: isRuled || roots.has('organizations'),
  };
}
