import type { Route } from './routes';

export interface Health {
  readonly routes: readonly Route[];
  /** From now on `/health/ready` answers 503, so that nobody sends new work here. */
  drain(): void;
}

/** How long an answer of the database counts. */
const pingLifetimeMs = 1_000;

/**
 * `/health/live`: the process answers. `/health/ready`: the database answers too and the process is not about to end.
 * Neither tells versions, names or counts.
 */
export function createHealth(ping: () => Promise<void>): Health {
  let isDraining = false;
  let lastPing: { readonly at: number; readonly isUp: Promise<boolean> } | null = null;

  const isDatabaseUp = (): Promise<boolean> => {
    const now = performance.now();
    // Probes share one question a second, so that they cannot be used to load the database.
    if (!lastPing || now - lastPing.at > pingLifetimeMs) {
      lastPing = {
        at: now,
        isUp: ping().then(
          () => true,
          () => false,
        ),
      };
    }
    return lastPing.isUp;
  };

  const live: Route = {
    methods: ['GET'],
    path: '/health/live',
    isPolled: true,
    handler: () => ({ status: 'live' }),
  };
  const ready: Route = {
    methods: ['GET'],
    path: '/health/ready',
    isPolled: true,
    handler: async (_request, reply) => {
      if (isDraining) return reply.code(503).send({ status: 'draining' });
      if (await isDatabaseUp()) return { status: 'ready' };
      return reply.code(503).send({ status: 'database unavailable' });
    },
  };
  return {
    routes: [live, ready],
    drain: () => {
      isDraining = true;
    },
  };
}
