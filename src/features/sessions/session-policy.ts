import type { Instant } from '#src/shared/clock';

/** Whether the browser keeps the cookie when it is closed ("keep me signed in"). */
export type CookieMode = 'persistent' | 'non-persistent';

/** Today's limits, in milliseconds. */
export interface SessionLimits {
  readonly idle: number;
  readonly absolute: number;
}

/** The four instants of a session row that decide whether it lives. */
export interface SessionTimes {
  readonly createdAt: Instant;
  readonly lastInteractedAt: Instant;
  readonly idleExpiresAt: Instant;
  readonly expiresAt: Instant;
}

/** The part of the configuration that sets lifetimes. */
export interface SessionLifetimes {
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
  readonly ephemeralIdleSeconds: number;
  readonly ephemeralAbsoluteSeconds: number;
}

const minimumWriteGap = 60_000;

export function sessionLimits(lifetimes: SessionLifetimes, mode: CookieMode): SessionLimits {
  const isPersistent = mode === 'persistent';
  return {
    idle: (isPersistent ? lifetimes.idleSeconds : lifetimes.ephemeralIdleSeconds) * 1_000,
    absolute: (isPersistent ? lifetimes.absoluteSeconds : lifetimes.ephemeralAbsoluteSeconds) * 1_000,
  };
}

/** The times of a session that begins now. The end is fixed here: the absolute limit, or `endsBy` when that is earlier. */
export function startTimes(now: Instant, limits: SessionLimits, endsBy?: Instant): SessionTimes {
  const expiresAt = Math.min(now + limits.absolute, endsBy ?? Infinity);
  return {
    createdAt: now,
    lastInteractedAt: now,
    idleExpiresAt: Math.min(now + limits.idle, expiresAt),
    expiresAt,
  };
}

/** The ends that count today: a limit that was lowered after sign-in shortens them, one that was raised does not. */
export function effectiveEnds(
  times: SessionTimes,
  limits: SessionLimits,
): Pick<SessionTimes, 'idleExpiresAt' | 'expiresAt'> {
  const expiresAt = Math.min(times.expiresAt, times.createdAt + limits.absolute);
  const idleExpiresAt = Math.min(times.idleExpiresAt, times.lastInteractedAt + limits.idle, expiresAt);
  return { idleExpiresAt, expiresAt };
}

/** Whether the session may still be used; at the very instant of a limit it may not. */
export function isAlive(times: SessionTimes, now: Instant, limits: SessionLimits): boolean {
  const { idleExpiresAt, expiresAt } = effectiveEnds(times, limits);
  return now < idleExpiresAt && now < expiresAt;
}

/**
 * The times to store after an interaction of a living session, or null while the stored ones are recent enough: they are
 * written at most once per minute or per hundredth of the idle limit, whichever is longer.
 */
export function touchTimes(times: SessionTimes, now: Instant, limits: SessionLimits): SessionTimes | null {
  const { expiresAt } = effectiveEnds(times, limits);
  // What lies between the last interaction and the idle end is the limit under which the session was started. Where the
  // absolute end had cut it short, it is too small but still reaches that end from every later instant.
  const idle = Math.min(limits.idle, times.idleExpiresAt - times.lastInteractedAt);
  // A clock that was set back leaves the difference negative, and so can prolong nothing.
  if (now - times.lastInteractedAt < Math.max(minimumWriteGap, idle / 100)) return null;
  return {
    createdAt: times.createdAt,
    lastInteractedAt: now,
    idleExpiresAt: Math.min(now + idle, expiresAt),
    expiresAt,
  };
}
