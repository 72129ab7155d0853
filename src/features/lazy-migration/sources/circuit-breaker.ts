import type { Clock, Instant } from '#src/shared/clock';
import { SourceFault } from './migration-source';

export interface BreakerLimits {
  /** Faults in a row that open the circuit. */
  readonly faults: number;
  /** How long nothing is asked then. */
  readonly pauseMs: number;
  /** Questions that may be under way at the same time. */
  readonly running: number;
}

export const breakerLimits: BreakerLimits = { faults: 5, pauseMs: 30_000, running: 50 };

/** Spares a source that fails, and those who wait for it: after some faults in a row it is not asked for a while. */
export interface CircuitBreaker {
  /** Answers what `work` answers. Throws CIRCUIT_OPEN at once while the source rests or has its hands full. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createCircuitBreaker(clock: Clock, limits: BreakerLimits = breakerLimits): CircuitBreaker {
  let faults = 0;
  let openUntil: Instant = 0;
  let running = 0;
  return {
    run: async (work) => {
      const now = clock.now();
      if (now < openUntil || running >= limits.running) throw new SourceFault('CIRCUIT_OPEN');
      // After the pause one question tries; the others wait for what becomes of it.
      if (faults >= limits.faults) openUntil = now + limits.pauseMs;
      running += 1;
      try {
        const result = await work();
        faults = 0;
        openUntil = 0;
        return result;
      } catch (error) {
        faults += 1;
        if (faults >= limits.faults) openUntil = clock.now() + limits.pauseMs;
        throw error;
      } finally {
        running -= 1;
      }
    },
  };
}
