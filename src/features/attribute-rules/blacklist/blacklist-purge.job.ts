import { z } from 'zod';
import { findBlacklist } from '#src/features/attribute-rules/blacklist/blacklist.repository';
import { purgeAttributes } from '#src/features/attribute-rules/blacklist/purge-attributes';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';

const payload = z.strictObject({
  scope: z.enum(['TENANT', 'CONNECTION', 'ORGANIZATION']),
  scopeId: z.string(),
  names: z.array(z.string()).max(100),
});

/** Removes stored values of attributes that came onto a blacklist. They are hidden from everybody already. */
export const blacklistPurge = defineJob({
  name: 'blacklist_purge',
  description: 'Removes what is stored of attributes that came onto a blacklist.',
  payload,
});

export const blacklistPurgeHandling: JobHandling = handleJob<
  z.output<typeof payload>,
  { readonly after: string }
>(blacklistPurge, {
  async chunk({ store, call, payload: { scope, scopeId, names }, checkpoint, size }) {
    const list = { scope, scopeId };
    // A name that was taken off the list since may be stored again: that is left alone.
    const listed = new Set(await findBlacklist(store, list));
    const { last, looked, changed } = await purgeAttributes(store, {
      list,
      names: names.filter((name) => listed.has(name)),
      now: call.clock.now(),
      after: checkpoint?.after ?? '',
      limit: size,
    });
    return {
      isDone: last === null,
      checkpoint: { after: last ?? '' },
      counts: { processed: looked, changed, skipped: looked - changed },
    };
  },
});
