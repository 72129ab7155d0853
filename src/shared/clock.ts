/** A point in time in milliseconds since 1970-01-01T00:00:00Z. Rows, services and tokens use this; the API prints ISO 8601. */
export type Instant = number;

/** Time is injected so that tests can move it. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => Date.now() };

/** ISO 8601 in UTC with milliseconds. */
export function toIso(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** Milliseconds since the epoch of an ISO 8601 text, or null when it is not a date. */
export function fromIso(text: string): Instant | null {
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}
