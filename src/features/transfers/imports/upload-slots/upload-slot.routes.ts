import type { FastifyReply, FastifyRequest } from 'fastify';
import { pinPolicy } from '#src/access/platform';
import {
  importReceived,
  receiveFile,
  type ImportRouteParts,
} from '#src/features/transfers/imports/import.routes';
import { transferErrors } from '#src/features/transfers/transfer.errors';
import type { Route } from '#src/http/routes';
import type { UploadSlots } from './upload-slots';

/** `PUT` or `POST /imports/uploads/ID?expires=…&signature=…`: the file that a slot was asked for. */
export function uploadSlotRoute(parts: ImportRouteParts, slots: UploadSlots): Route {
  const { policies, storage, clock, ids, logger } = parts.caller;
  return {
    methods: ['PUT', 'POST'],
    path: '/imports/uploads/:slotId',
    isStream: true,
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const { slotId } = request.params as { slotId: string };
      const { expires, signature } = request.query as Record<string, unknown>;
      if (typeof expires !== 'string' || typeof signature !== 'string')
        throw transferErrors.UPLOAD_SLOT_INVALID();
      const store = storage.open();
      request.record.statements = () => store.statements;
      // SECURITY: who sends the file is nobody: a cookie or a token that comes with it is not looked at.
      const sender = { requestId: request.id, policy: pinPolicy(policies), store, clock, ids, logger };
      const slot = await slots.take(sender, slotId, { expires, signature });
      const received = await receiveFile(parts.config, slot.maxBytes, request, reply).catch(
        async (error: unknown) => {
          await slots.giveBack(slot);
          throw error;
        },
      );
      const { call, maxBytes } = slot;
      return importReceived(parts, { call, maxBytes, received, asked: slot.request }, reply);
    },
  };
}
