import type { FastifyReply } from 'fastify';

/** The requests being served: so that each is answered before its deadline, and all before the process ends. */
export interface RunningRequests {
  readonly count: number;
  /** Notes a request until its connection is done with it; `onEnd` hears whether the caller went away early. A stream has no deadline. */
  add(reply: FastifyReply, isStream: boolean, onEnd: (isAborted: boolean) => void): void;
  /** Asks the callers of running requests not to reuse their connections. */
  closeConnectionsAfterwards(): void;
  stop(): void;
}

interface Running {
  readonly reply: FastifyReply;
  readonly startedAt: number;
  /** Where it stands in the list. */
  place: number;
}

/**
 * `onDeadline` is called for a request that runs longer than `deadlineMs`. One timer looks after all of them: a timer
 * for each would cost more than the rest of the bookkeeping.
 */
export function trackRequests(
  deadlineMs: number,
  onDeadline: (reply: FastifyReply) => void,
): RunningRequests {
  // A list, no map: the tables that a busy map leaves behind refer to each other, and keep every third request with all that hangs on
  // it from the quick collection of young objects. That was a third of the time of a small request.
  const running: Running[] = [];
  const remove = ({ place }: Running): void => {
    const last = running.pop() as Running;
    if (place === running.length) return;
    running[place] = last;
    last.place = place;
  };
  const timer = setInterval(
    () => {
      const latestStart = performance.now() - deadlineMs;
      for (const { reply, startedAt } of running) {
        if (startedAt <= latestStart && !reply.sent) onDeadline(reply);
      }
    },
    Math.max(25, Math.min(500, deadlineMs / 4)),
  );
  timer.unref();
  return {
    get count() {
      return running.length;
    },
    add(reply, isStream, onEnd) {
      const added = { reply, startedAt: isStream ? Infinity : performance.now(), place: running.length };
      running.push(added);
      // Unlike `finish`, `close` comes for aborted requests too.
      reply.raw.once('close', () => {
        remove(added);
        onEnd(!reply.raw.writableFinished);
      });
    },
    closeConnectionsAfterwards() {
      for (const { reply } of running) {
        if (!reply.raw.headersSent) reply.raw.setHeader('connection', 'close');
      }
    },
    stop: () => clearInterval(timer),
  };
}
