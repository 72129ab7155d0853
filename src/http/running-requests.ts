import type { FastifyReply } from 'fastify';

/** The requests being served: so that each is answered before its deadline, and all before the process ends. */
export interface RunningRequests {
  readonly count: number;
  /** Notes a request until its connection is done with it; `onEnd` hears whether the caller went away early. */
  add(reply: FastifyReply, onEnd: (isAborted: boolean) => void): void;
  /** Asks the callers of running requests not to reuse their connections. */
  closeConnectionsAfterwards(): void;
  stop(): void;
}

/**
 * `onDeadline` is called for a request that runs longer than `deadlineMs`. One timer looks after all of them: a timer
 * for each would cost more than the rest of the bookkeeping.
 */
export function trackRequests(
  deadlineMs: number,
  onDeadline: (reply: FastifyReply) => void,
): RunningRequests {
  // In the order of their start, so the first is always the oldest.
  const running = new Map<FastifyReply, number>();
  const timer = setInterval(
    () => {
      const latestStart = performance.now() - deadlineMs;
      for (const [reply, startedAt] of running) {
        if (startedAt > latestStart) break;
        if (!reply.sent) onDeadline(reply);
      }
    },
    Math.max(25, Math.min(500, deadlineMs / 4)),
  );
  timer.unref();
  return {
    get count() {
      return running.size;
    },
    add(reply, onEnd) {
      running.set(reply, performance.now());
      // Unlike `finish`, `close` comes for aborted requests too.
      reply.raw.once('close', () => {
        running.delete(reply);
        onEnd(!reply.raw.writableFinished);
      });
    },
    closeConnectionsAfterwards() {
      for (const reply of running.keys()) {
        if (!reply.raw.headersSent) reply.raw.setHeader('connection', 'close');
      }
    },
    stop: () => clearInterval(timer),
  };
}
