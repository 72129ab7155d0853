import { findHeldPairs } from '#src/features/organizations/effective-permissions/effective-permission.repository';
import type { Store } from '#src/storage/store';

export interface HeldQuestion {
  readonly userId: string;
  /** In which organization; null: outside of all. */
  readonly organizationId: string | null;
  readonly audience: string;
  readonly names: readonly string[];
}

/** Which of these permissions of one API are in force for the user; one statement. */
export async function findHeldPermissions(
  store: Store,
  { userId, organizationId, audience, names }: HeldQuestion,
): Promise<string[]> {
  const question = { organizationId, userIds: [userId], identifiers: [audience], names };
  return (await findHeldPairs(store, question)).map(({ name }) => name);
}
