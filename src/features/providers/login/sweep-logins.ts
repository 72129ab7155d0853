import { deleteOldProviderSessions } from '#src/features/providers/saml/provider-session.repository';
import type { DeleteSome } from '#src/jobs/clean-table';
import { deleteOldLoginTransactions } from './login-transaction.repository';

const day = 24 * 3_600_000;

/** Deletes sign-ins that were begun a day ago and sessions at providers that nothing can come from any more, some of each. */
export const sweepLogins: DeleteSome = async (store, now, limit) => {
  const sessions = await deleteOldProviderSessions(store, now, limit);
  return Math.max(sessions, await deleteOldLoginTransactions(store, now - day, limit));
};
