/** How an attempt that was counted beforehand may end; see `Attempt`. */
interface Endings {
  succeeded(): unknown;
  undecided(): unknown;
  failed(): unknown;
}

/**
 * What a check finds. The attempt ends with it: nothing (null) and false are a wrong proof, for which `refusal` is thrown, and a check that fails
 * itself has decided nothing.
 */
export async function settleAttempt<Found>(
  attempt: Endings,
  check: () => Promise<Found | false | null>,
  refusal: () => Error,
): Promise<Found> {
  let found: Found | false | null;
  try {
    found = await check();
  } catch (error) {
    await attempt.undecided();
    throw error;
  }
  if (found === null || found === false) {
    await attempt.failed();
    throw refusal();
  }
  await attempt.succeeded();
  return found;
}
