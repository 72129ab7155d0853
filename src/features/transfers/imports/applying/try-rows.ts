import { applyRows, type Applied, type Applying } from './apply-rows';
import type { PreparedRow } from './prepared-row';

/** Carries the outcomes out of a transaction that is undone. */
class Undone extends Error {
  constructor(readonly applied: Applied) {
    super('A dry run is undone.');
  }
}

/** Does everything in a transaction of its own and undoes it, so that the report is that of the real run. */
export async function tryRows(
  context: Omit<Applying, 'store'>,
  rows: readonly PreparedRow[],
): Promise<Applied> {
  try {
    return await context.call.store.transaction(async (store) => {
      throw new Undone(await applyRows({ ...context, store, call: { ...context.call, store } }, rows));
    });
  } catch (error) {
    if (error instanceof Undone) return error.applied;
    throw error;
  }
}
