import type { Call } from '#src/access/call';
import { findSessionMethods } from '#src/features/sessions/minting/live-session.repository';
import type { ProvenMethod } from '#src/features/sessions/minting/proven-user';
import type { Store } from '#src/storage/store';
import { endAndTell } from './end-and-tell';

/**
 * Ends those sessions of a user that came from one of these sessions at an identity provider, which has ended them; answers their ids.
 * Inside the transaction of `store`.
 */
export async function endFromProvider(
  store: Store,
  call: Call,
  userId: string,
  providerSessions: ReadonlySet<string>,
): Promise<readonly string[]> {
  const sessions = await findSessionMethods(store, userId);
  const ids = sessions
    .filter(({ methods }) =>
      (methods as readonly ProvenMethod[]).some(
        ({ providerSession }) => providerSession !== undefined && providerSessions.has(providerSession),
      ),
    )
    .map(({ id }) => id);
  return ids.length === 0 ? [] : endAndTell(store, call, { ids }, 'logout', { initiator: 'IDP_LOGOUT' });
}
