import type { Instant } from '#src/shared/clock';

/** How attempts of one kind are counted; pure. */
export type CounterRule =
  /** `limit` failures, then none for `forgetMs` since the last of them. */
  | { readonly form: 'streak'; readonly limit: number; readonly forgetMs: number }
  /** From the `limit`th failure on each one closes for twice as long as the one before: `firstMs` up to `mostMs`. */
  | {
      readonly form: 'lockout';
      readonly limit: number;
      readonly forgetMs: number;
      readonly firstMs: number;
      readonly mostMs: number;
    }
  /** `limit` at once, and one more every `intervalMs`. */
  | { readonly form: 'bucket'; readonly limit: number; readonly intervalMs: number }
  /** `limit` failures within `windowMs`, then none for `blockMs`. */
  | { readonly form: 'window'; readonly limit: number; readonly windowMs: number; readonly blockMs: number };

export interface CounterState {
  readonly failures: number;
  readonly since: Instant;
  readonly lastAt: Instant;
  readonly blockedUntil: Instant | null;
}

/** Until when attempts are refused; null: the next one is let through. */
export function blockedUntil(rule: CounterRule, state: CounterState | null, now: Instant): Instant | null {
  if (state === null) return null;
  const end = endOfBlock(rule, state);
  return end !== null && end > now ? end : null;
}

function endOfBlock(rule: CounterRule, state: CounterState): Instant | null {
  switch (rule.form) {
    case 'streak':
      return state.failures >= rule.limit ? state.lastAt + rule.forgetMs : null;
    case 'bucket':
      return state.since - (rule.limit - 1) * rule.intervalMs;
    default:
      return state.blockedUntil;
  }
}

/** The state after one more attempt, which counts as failed until something else is known. */
export function counted(rule: CounterRule, state: CounterState | null, now: Instant): CounterState {
  if (rule.form === 'bucket') {
    const drained = Math.max(state?.since ?? now, now);
    return { failures: 1, since: drained + rule.intervalMs, lastAt: now, blockedUntil: null };
  }
  const known = state === null || isForgotten(rule, state, now) ? null : state;
  const failures = (known?.failures ?? 0) + 1;
  const since = known?.since ?? now;
  return { failures, since, lastAt: now, blockedUntil: endAfter(rule, failures, now) };
}

function isForgotten(
  rule: Exclude<CounterRule, { form: 'bucket' }>,
  state: CounterState,
  now: Instant,
): boolean {
  if (rule.form === 'window') return state.blockedUntil !== null || state.since + rule.windowMs <= now;
  return state.lastAt + rule.forgetMs <= now;
}

function endAfter(
  rule: Exclude<CounterRule, { form: 'bucket' }>,
  failures: number,
  now: Instant,
): Instant | null {
  if (rule.form === 'streak' || failures < rule.limit) return null;
  if (rule.form === 'window') return now + rule.blockMs;
  const doubled = rule.firstMs * 2 ** Math.min(failures - rule.limit, 30);
  return now + Math.min(doubled, rule.mostMs);
}

/** The state when one attempt turns out to be none; null: nothing is left to remember. */
export function takenBack(rule: CounterRule, state: CounterState, now: Instant): CounterState | null {
  if (rule.form === 'bucket') {
    const since = state.since - rule.intervalMs;
    return since <= now ? null : { ...state, since };
  }
  const failures = state.failures - 1;
  if (failures <= 0) return null;
  return { ...state, failures, blockedUntil: failures < rule.limit ? null : state.blockedUntil };
}
