import { Agent, fetch } from 'undici';
import { z } from 'zod';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import { enqueueJob } from '#src/jobs/enqueue-job';
import type { Store } from '#src/storage/store';
import { isPrivateHost, refusingLookup } from './public-address';
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
  /** Private addresses that may be called all the same, as `host` or `host:port`: for tests and closed networks. */
  readonly allowedHosts: () => readonly string[];
}

const timeoutMs = 5_000;
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

async function deliver({ sign, storage, allowedHosts }: LogoutDelivery, payload: Payload): Promise<Outcome> {
  const [settings] = await findSettings(storage.open(), [payload.clientId]);
  const uri = settings?.backchannelLogoutUri ?? null;
  if (uri === null) return 'refused';
  const { host, hostname } = new URL(uri);
  const isAllowed = allowedHosts().includes(host);
  // An address that is written as such is not looked up.
  if (!isAllowed && isPrivateHost(hostname)) return 'refused';
  // SECURITY: requests to the inside of the network; every address that the name stands for is looked at when it is connected to.
  const dispatcher = new Agent(isAllowed ? {} : { connect: { lookup: refusingLookup } });
  try {
    const response = await fetch(uri, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: await sign(payload) }).toString(),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      dispatcher,
    });
    await response.body?.cancel();
    if (response.status === 200 || response.status === 204) return 'done';
    return response.status >= 500 ? 'retry' : 'refused';
  } catch {
    return 'retry';
  } finally {
    await dispatcher.destroy();
  }
}
