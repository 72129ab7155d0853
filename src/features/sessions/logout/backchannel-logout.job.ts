import { z } from 'zod';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import { enqueueJob } from '#src/jobs/enqueue-job';
import { OutboundFault, type Outbound, type OutboundFaultReason } from '#src/http/outbound';
import type { Store } from '#src/storage/store';
import { findSettings } from './session-settings.repository';

export const backchannelLogout = defineJob({
  name: 'backchannel_logout',
  description: 'Tells an application that a session is over (OpenID Connect Back-Channel Logout 1.0).',
  payload: z.strictObject({
    clientId: z.string(),
    sessionId: z.string(),
    userId: z.string(),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    /** How often delivery has failed. */
    retry: z.int().nonnegative(),
  }),
  isCancellable: false,
});

type Payload = z.output<typeof backchannelLogout.payload>;

export interface LogoutDelivery {
  /** Signs a logout token with an id of its own. */
  readonly sign: (payload: Payload) => Promise<string>;
  readonly storage: { open(): Store };
  readonly outbound: Pick<Outbound, 'send'>;
  /** Private addresses that may be called all the same, as `host` or `host:port`: for tests and closed networks. */
  readonly allowedHosts: () => readonly string[];
}

const timeoutMs = 5_000;
const mostBytes = 64 * 1_024;
const waits = [10_000, 60_000, 600_000];

type Outcome = 'done' | 'refused' | 'retry';

/** Delivers one logout token; a failed delivery is tried again after 10 s, 60 s and 10 min, each time with a fresh token. */
export function backchannelHandling(parts: LogoutDelivery): JobHandling {
  return handleJob<Payload, Record<string, never>, Outcome>(backchannelLogout, {
    prepare: ({ payload }) => deliver(parts, payload),
    async chunk({ store, call, payload }, outcome) {
      const wait = waits[payload.retry];
      if (outcome === 'retry' && wait !== undefined) {
        await enqueueJob(
          store,
          call,
          backchannelLogout,
          { ...payload, retry: payload.retry + 1 },
          { delayMs: wait },
        );
      }
      const counts = { processed: 1, ...(outcome === 'done' ? { changed: 1 } : { failed: 1 }) };
      return { isDone: true, checkpoint: {}, counts };
    },
  });
}

async function deliver(
  { sign, storage, outbound, allowedHosts }: LogoutDelivery,
  payload: Payload,
): Promise<Outcome> {
  const [settings] = await findSettings(storage.open(), [payload.clientId]);
  const uri = settings?.backchannelLogoutUri ?? null;
  if (uri === null) return 'refused';
  try {
    const { status } = await outbound.send({
      ...{ method: 'POST', url: uri, timeoutMs, maxBytes: mostBytes },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: await sign(payload) }).toString(),
      isConfigured: allowedHosts().includes(new URL(uri).host),
    });
    if (status === 200 || status === 204) return 'done';
    return status >= 500 ? 'retry' : 'refused';
  } catch (error) {
    return error instanceof OutboundFault && finalFaults.has(error.reason) ? 'refused' : 'retry';
  }
}

/** Another try would end the same way. */
const finalFaults: ReadonlySet<OutboundFaultReason> = new Set([
  ...(['URL_INVALID', 'ADDRESS_REFUSED', 'REDIRECTED', 'TOO_LARGE'] as const),
]);
