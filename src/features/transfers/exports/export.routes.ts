import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { transferErrors } from '#src/features/transfers/transfer.errors';
import type { Route } from '#src/http/routes';
import type { Storage } from '#src/storage/store';
import type { ExportDesk } from './export-desk';

/** Longest time that a reader may take for a file. */
const slowestMs = 3_600_000;

/** `GET /exports/ID?expires=…&signature=…`: the file of a finished export, for as long as the link is good. */
export function exportRoute(desk: ExportDesk, storage: Pick<Storage, 'open'>): Route {
  return {
    methods: ['GET'],
    path: '/exports/:jobId',
    isStream: true,
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const { jobId } = request.params as { jobId: string };
      const { expires, signature } = request.query as Record<string, unknown>;
      // SECURITY: a link is for one whole file: no probing by HEAD, no parts.
      const isPlain = request.method === 'GET' && request.headers.range === undefined;
      if (!isPlain || typeof expires !== 'string' || typeof signature !== 'string')
        throw transferErrors.DOWNLOAD_LINK_INVALID();
      const file = await desk.open(storage.open(), { jobId, expires, signature });
      const source = Readable.from(file.bytes, { objectMode: false });
      const cut = setTimeout(() => source.destroy(), slowestMs);
      cut.unref();
      source.once('close', () => clearTimeout(cut));
      return reply
        .header('content-disposition', `attachment; filename="${file.name}"`)
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .type(file.contentType)
        .send(source);
    },
  };
}
