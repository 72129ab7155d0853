/** Waits until something holds, for as long as a busy machine may need: only what never comes is a failure. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what = 'What was waited for',
  mostMs = 20_000,
): Promise<void> {
  const end = performance.now() + mostMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what} did not come within ${mostMs / 1_000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
