import type { Call } from '#src/access/call';
import { tryOpenText } from '#src/config/seal-text';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { providerErrors } from '#src/features/providers/provider.errors';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { LoginParts } from './login-parts';
import { takeLoginTransaction, type LoginTransactionRow } from './login-transaction.repository';
import { hashSecret } from '#src/shared/secret-hash';

/** What says to which sign-in an answer belongs. */
export interface AnswerMark {
  /** Name of the connection whose address was called. */
  readonly connection: string;
  /** The state that came back with the answer. */
  readonly state: string | null;
  /** The browser's own secret. */
  readonly bindingSecret: string | null;
}

/** The transaction of an answer, used up before anything is done with it. LOGIN_TRANSACTION_INVALID, CONNECTION_DISABLED. */
export async function useUp(
  parts: Pick<LoginParts, 'connections' | 'ring'>,
  call: Call,
  { connection: name, state, bindingSecret }: AnswerMark,
): Promise<{ readonly row: LoginTransactionRow; readonly connection: ConnectionRow }> {
  const now = call.clock.now();
  if (state === null || bindingSecret === null) throw providerErrors.LOGIN_TRANSACTION_INVALID();
  const which = { stateHash: hashSecret(state), bindingHash: hashSecret(bindingSecret), connection: name };
  // Before the code is sent anywhere.
  const row = await takeLoginTransaction(call.store, which, now);
  const connection = row === null ? null : await parts.connections.stored(call.store, name);
  if (row === null || connection === null) throw providerErrors.LOGIN_TRANSACTION_INVALID();
  if (!connection.isEnabled) throw sessionErrors.CONNECTION_DISABLED();
  // What a key has sealed that is gone since belongs to a sign-in that cannot go on.
  if (tryOpenText(parts.ring(), row.id, row.sealedChecks) === null)
    throw providerErrors.LOGIN_TRANSACTION_INVALID();
  return { row, connection };
}
