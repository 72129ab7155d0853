import type { Call } from '#src/access/call';
import {
  blockedUntil,
  counted,
  type CounterRule,
  type CounterState,
} from '#src/features/attack-protection/counter-rules';
import { commonErrors } from '#src/shared/errors';

const minute = 60_000;
/** Callers that are remembered; the one that searched longest ago is forgotten first. */
const mostCallers = 10_000;

/**
 * How many searches one caller may make on this node: so many at once, and as many again spread over each minute. It keeps a program gone
 * wild from taking the database away from others; a count that nodes share would cost each search a write.
 */
export class SearchAllowance {
  private readonly rule: CounterRule;
  private readonly states = new Map<string, CounterState>();

  /** 0: any number. */
  constructor(private readonly perMinute: number) {
    this.rule = { form: 'bucket', limit: perMinute, intervalMs: minute / perMinute };
  }

  /** RATE_LIMITED when the caller has used it up. A refused search does not count. */
  take({ principal, clock }: Pick<Call, 'principal' | 'clock'>): void {
    if (this.perMinute === 0) return;
    const now = clock.now();
    const key = `${principal.kind} ${principal.subject}`;
    const state = this.states.get(key) ?? null;
    const until = blockedUntil(this.rule, state, now);
    if (until !== null) {
      throw commonErrors.RATE_LIMITED({
        message: 'You search too often. Wait a little, and narrow down what you ask for.',
        extensions: { limit: this.perMinute, retryAfterSeconds: Math.ceil((until - now) / 1000) },
      });
    }
    this.states.delete(key);
    this.states.set(key, counted(this.rule, state, now));
    if (this.states.size > mostCallers) this.states.delete(this.states.keys().next().value as string);
  }
}
