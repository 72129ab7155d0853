/** A point in time in milliseconds since 1970-01-01T00:00:00Z. Rows, services and tokens use this; the API prints ISO 8601. */
export type Instant = number;

/** Time is injected so that tests can move it. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => Date.now() };
