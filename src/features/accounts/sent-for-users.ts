import type { Call } from '#src/access/call';
import { strategyKind } from '#src/features/connections/strategy';
import { enqueueJob } from '#src/jobs/enqueue-job';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { accountMail, type AccountMailPurpose } from './account-mail.job';
import { findAccountById, type AccountRow } from './account.repository';
import type { AccountParts } from './account-parts';

/**
 * Sends a user what the user could have asked for: whoever administers users helps without learning a link or a code. Inside the
 * transaction of `store`; that the caller may, and reaches the user, was checked. VALIDATION_FAILED where no mail would be sent.
 */
export async function sendToUser(
  parts: AccountParts,
  store: Store,
  call: Call,
  purpose: Extract<AccountMailPurpose, 'reset-password' | 'verify-email'>,
  userId: string,
): Promise<void> {
  const account = await findAccountById(store, userId, true);
  if (account === null) throw commonErrors.NOT_FOUND({ message: 'There is no such user.' });
  await requireSendable(parts, store, purpose, account);
  await enqueueJob(store, call, accountMail, { purpose, userId });
}

async function requireSendable(
  { connections }: AccountParts,
  store: Store,
  purpose: string,
  account: AccountRow,
): Promise<void> {
  const connection = await connections.require(store, account.connection);
  if (strategyKind(connection.strategy) !== 'DATABASE')
    throw refused(
      'CONNECTION',
      'Users of this connection have neither a password nor an address to verify here.',
    );
  if (account.email === null) throw refused('NO_ADDRESS', 'This user has no e-mail address.');
  if (account.blocked) throw refused('BLOCKED', 'This user is blocked and gets no mail.');
  if (purpose === 'verify-email' && account.emailVerified === true)
    throw refused('VERIFIED', 'The address of this user is verified.');
}

function refused(reason: string, message: string): Error {
  return commonErrors.VALIDATION_FAILED({ message, extensions: { field: 'id', reason } });
}
