import type { SeenFrom } from '#src/graphql/authenticate';
import type { Logger } from '#src/shared/logger';
import type { Storage } from '#src/storage/store';
import type { SessionTimes } from './session-policy';
import { storeTouch } from './session.repository';

export interface SessionToucher {
  /** Stores the times of an interaction behind the request's back. Never throws; what fails is logged and tried at the next one. */
  readonly touch: (sessionId: string, seen: SessionTimes, times: SessionTimes, from: SeenFrom | null) => void;
  /** Resolves when every write that was begun is done. */
  settled(): Promise<void>;
}

/** A session that is being written is not written again, however many requests come in the meantime. */
export function createSessionToucher(storage: Storage, logger: Logger): SessionToucher {
  const running = new Map<string, Promise<void>>();

  const write = async (
    id: string,
    seen: SessionTimes,
    times: SessionTimes,
    from: SeenFrom | null,
  ): Promise<void> => {
    try {
      await storage.open().transaction((store) => storeTouch(store, id, seen, { times, from }));
    } catch (error) {
      logger.warn({ err: error, sessionId: id }, 'the last interaction of a session was not stored');
    } finally {
      running.delete(id);
    }
  };

  return {
    touch: (sessionId, seen, times, from) => {
      if (!running.has(sessionId)) running.set(sessionId, write(sessionId, seen, times, from));
    },
    settled: async () => {
      await Promise.all(running.values());
    },
  };
}
