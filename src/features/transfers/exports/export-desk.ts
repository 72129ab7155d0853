import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { Call } from '#src/access/call';
import type { TransfersConfig } from '#src/config/transfers';
import type { AuditService } from '#src/features/audit/audit.service';
import { isOwnJob, mayReadJob } from '#src/features/jobs/job-reach';
import { transferErrors } from '#src/features/transfers/transfer.errors';
import { findJob } from '#src/jobs/job.repository';
import { commonErrors } from '#src/shared/errors';
import type { Clock } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import { exportOptions } from './export-options';
import { isLinkGood, signLink, type SignedLink } from '#src/features/transfers/signed-link';
import { findExportPart, findExports, type UserExportRow } from './user-export.repository';

const unpacked = promisify(gunzip);

export interface ExportDeskParts {
  readonly audit: AuditService;
  readonly config: TransfersConfig;
  readonly linkKey: () => Buffer;
  readonly clock: Clock;
}

/** A file as it is fetched. */
export interface ExportFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: AsyncGenerator<Buffer>;
}

const contentTypes: Readonly<Record<string, readonly [string, string]>> = {
  NDJSON: ['ndjson', 'application/x-ndjson'],
  JSON_ARRAY: ['json', 'application/json; charset=utf-8'],
  CSV: ['csv', 'text/csv; charset=utf-8'],
  SCIM: ['scim.json', 'application/scim+json'],
};

/** One JWE on each line. */
const encryptedType = ['ndjson.jwe', 'application/octet-stream'] as const;

/** Hands finished files out. */
export class ExportDesk {
  constructor(private readonly parts: ExportDeskParts) {}

  /** A link for the caller's own finished export. */
  async link(call: Call, jobId: string, ttlSec: number | null): Promise<SignedLink> {
    const { config, audit, linkKey } = this.parts;
    const limit = config.downloadSeconds;
    const seconds = ttlSec ?? limit;
    if (seconds < 1 || seconds > limit)
      throw commonErrors.VALIDATION_FAILED({
        message: `ttlSec must be from 1 to ${limit}.`,
        extensions: { field: 'ttlSec', limit },
      });
    const job = await findJob(call.store, jobId);
    if (!job || !mayReadJob(call, job)) throw commonErrors.NOT_FOUND({ message: 'There is no such job.' });
    // SECURITY: what is in the file was decided for its maker; whoever else reads the job may be allowed less.
    if (!isOwnJob(call, job))
      throw commonErrors.FORBIDDEN({ message: 'Only who asked for an export can fetch it.' });
    const [asked] = await findExports(call.store, [jobId]);
    if (!asked || job.status === 'EXPIRED' || asked.expiresAt <= call.clock.now())
      throw transferErrors.EXPORT_EXPIRED();
    if (job.status !== 'COMPLETED') throw transferErrors.EXPORT_NOT_READY();
    await call.store.transaction((store) =>
      audit.record(store, call, { action: 'users_export.link', targetType: 'Job', targetId: jobId }),
    );
    const expiresAt = Math.min(call.clock.now() + seconds * 1_000, asked.expiresAt);
    return signLink(linkKey(), pathOf(jobId), expiresAt);
  }

  /** The file behind a link; DOWNLOAD_LINK_INVALID whatever is wrong with it. */
  async open(
    store: Store,
    link: { readonly jobId: string; readonly expires: string; readonly signature: string },
  ): Promise<ExportFile> {
    const now = this.parts.clock.now();
    if (!isLinkGood(this.parts.linkKey(), { ...link, path: pathOf(link.jobId) }, now))
      throw transferErrors.DOWNLOAD_LINK_INVALID();
    const job = await findJob(store, link.jobId);
    const [asked] = await findExports(store, [link.jobId]);
    if (!asked || job?.status !== 'COMPLETED' || asked.expiresAt <= now)
      throw transferErrors.DOWNLOAD_LINK_INVALID();
    const isPacked = exportOptions.parse(asked.options).gzip;
    const [extension, contentType] =
      asked.credentialsKey === null
        ? (contentTypes[asked.format] as readonly [string, string])
        : encryptedType;
    return {
      name: `users.${extension}${isPacked ? '.gz' : ''}`,
      contentType: isPacked ? 'application/gzip' : contentType,
      bytes: exportBytes(store, asked, isPacked),
    };
  }
}

const pathOf = (jobId: string): string => `/exports/${jobId}`;

/**
 * The bytes of a finished file, a piece at a time; no statement waits for a slow reader. EXPORT_EXPIRED where the rest of it was removed
 * meanwhile: a part of a file must not look like the whole.
 */
export async function* exportBytes(
  store: Store,
  { jobId, bytes }: Pick<UserExportRow, 'jobId' | 'bytes'>,
  isPacked: boolean,
): AsyncGenerator<Buffer> {
  let left = bytes;
  for (let number = 0; left > 0; number += 1) {
    const content = await findExportPart(store, jobId, number);
    if (content === null) throw transferErrors.EXPORT_EXPIRED();
    const piece = Buffer.from(content, 'base64');
    left -= piece.length;
    yield isPacked ? piece : await unpacked(piece);
  }
}
