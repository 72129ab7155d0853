import { commonErrors } from '#src/shared/errors';

/** How many links one mutation makes or removes. */
export const maximumBulkIds = 50;

/** The ids of a bulk link without repetitions. Refuses an empty list and more than 50 different ids. */
export function bulkIds(field: string, ids: readonly string[]): readonly string[] {
  const distinct = [...new Set(ids)];
  if (distinct.length === 0) {
    throw commonErrors.BAD_USER_INPUT({
      message: `Name at least one id in "${field}".`,
      extensions: { field },
    });
  }
  refuseAbove(maximumBulkIds, distinct.length, `At most ${maximumBulkIds} ids are taken at once.`, field);
  return distinct;
}

/** Refuses the whole list when one of the ids was not found; the message names those ids. */
export function requireAllKnown(field: string, ids: readonly string[], found: Iterable<string>): void {
  const known = new Set(found);
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw commonErrors.BAD_USER_INPUT({
    message: `These ids in "${field}" are not known: ${unknown.join(', ')}.`,
    extensions: { field, unknown },
  });
}

/** LIMIT_EXCEEDED with `limit` and `current` when `current`, the number there would be, is above the limit. */
export function refuseAbove(limit: number, current: number, message: string, field?: string): void {
  if (current <= limit) return;
  throw commonErrors.LIMIT_EXCEEDED({
    message,
    extensions: { limit, current, ...(field === undefined ? {} : { field }) },
  });
}
