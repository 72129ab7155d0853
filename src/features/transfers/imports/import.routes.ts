import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Call } from '#src/access/call';
import type { TransfersConfig } from '#src/config/transfers';
import { openFile } from '#src/features/transfers/reading/read-records';
import { identifyCaller, type CallerParts } from '#src/graphql/identify-caller';
import { httpErrors } from '#src/http/http.errors';
import type { Route } from '#src/http/routes';
import { toIso } from '#src/shared/clock';
import { commonErrors } from '#src/shared/errors';
import { viewOfJob } from '#src/features/jobs/job-view';
import { rowDepth } from './import-desk';
import type { ImportRequest, ImportService } from './import.service';
import { spool, type Spooled } from './spool';
import { readFirebaseConfig, readUploadOptions } from './upload-options';

/** What a file may say that it is; what it is, its beginning tells. */
const contentTypes = new Set([
  ...['application/json', 'text/json', 'application/x-ndjson', 'application/ndjson', 'application/jsonl'],
  ...[
    'text/csv',
    'application/gzip',
    'application/x-gzip',
    'application/octet-stream',
    'application/scim+json',
  ],
]);

export interface ImportRouteParts {
  readonly caller: CallerParts;
  readonly service: ImportService;
  readonly config: TransfersConfig;
}

/** `POST /imports`: a file of users. Everything is stored before it is answered with 202 and the job. */
export function importRoute(parts: ImportRouteParts): Route {
  const { caller, config } = parts;
  return {
    methods: ['POST'],
    path: '/imports',
    isStream: true,
    handler: async (request, reply) => {
      const { call } = await identifyCaller(caller, request);
      if (call.principal.kind === 'anonymous') throw commonErrors.UNAUTHENTICATED();
      // Before a byte of the body is kept: who may not import does not fill the disk either.
      if (!call.principal.permissions.has('create:users'))
        throw commonErrors.FORBIDDEN({ message: 'Importing users needs the permission create:users.' });
      requireContentType(request);
      const asked = readUploadOptions(request.query);
      const header = request.headers['x-firebase-hash-config'];
      const firebase = typeof header === 'string' ? readFirebaseConfig(header) : null;
      const received = await receiveFile(config, config.maxFileBytes, request, reply);
      const upload = { call, maxBytes: config.maxFileBytes, received, asked: { ...asked, firebase } };
      return importReceived(parts, upload, reply);
    },
  };
}

/** Keeps the body of a request in a file; nothing of it is left when this fails. */
export async function receiveFile(
  config: TransfersConfig,
  maxBytes: number,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Spooled> {
  const limits = { maxBytes, idleMs: config.uploadIdleSeconds * 1_000 };
  return spool(config.folder, request.raw, limits).catch((error: unknown) => {
    // The rest of what the sender has is not read any more.
    void reply.header('connection', 'close');
    throw error;
  });
}

export interface Upload {
  readonly call: Call;
  /** Most bytes after unpacking. */
  readonly maxBytes: number;
  readonly received: Spooled;
  readonly asked: Omit<ImportRequest, 'contentHash' | 'open'>;
}

/** Begins the import of a received file and answers with its job; the file is gone afterwards. */
export async function importReceived(
  { service, config }: Pick<ImportRouteParts, 'service' | 'config'>,
  { call, maxBytes, received, asked }: Upload,
  reply: FastifyReply,
): Promise<FastifyReply> {
  try {
    const job = await service.start(call, {
      ...asked,
      contentHash: received.contentHash,
      open: (options) =>
        openFile(received.open(), {
          ...{ format: options.format, csvDelimiter: options.csvDelimiter, encoding: options.encoding },
          ...{ maxRowBytes: config.maxRowBytes, maxDepth: rowDepth, maxBytes },
        }),
    });
    const { id, type, status, createdAt } = viewOfJob(job);
    return await reply
      .code(202)
      .header('cache-control', 'no-store')
      .send({
        ...{ id, type: type.toLowerCase(), status: status.toLowerCase() },
        created_at: toIso(createdAt),
        connection: asked.connection ?? 'main',
        external_id: asked.externalId ?? null,
      });
  } finally {
    await received.remove();
  }
}

function requireContentType({ headers }: FastifyRequest): void {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (contentTypes.has(type)) return;
  throw httpErrors.UNSUPPORTED_MEDIA_TYPE({
    message: 'Send a file of users as application/json, application/x-ndjson, text/csv or application/gzip.',
  });
}
