import { isHashProblem, type CheckedHash } from '#src/features/passwords/hashes/check-imported-hash';

/** The stored form; fails the test where the hash is refused. */
export function storedFormOf(checked: CheckedHash): string {
  if (isHashProblem(checked)) throw new Error(`${checked.code} at ${checked.path}: ${checked.message}`);
  return checked.stored;
}
