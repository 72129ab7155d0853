import type { Call } from '#src/access/call';
import type { LogoutInitiator } from '#src/features/sessions/endings/ending-table';
import type { EndingSession } from '#src/features/sessions/session.repository';
import { enqueueJob } from '#src/jobs/enqueue-job';
import type { Store } from '#src/storage/store';
import { backchannelLogout } from './backchannel-logout.job';
import { findSettings, type SessionSettingsRow } from './session-settings.repository';

/** Applications are told of these whatever they chose. */
const always: readonly LogoutInitiator[] = ['RP_LOGOUT', 'IDP_LOGOUT'];

/** Queues a logout token for each application that used one of these sessions and wants to hear of the cause. */
export async function tellApplications(
  store: Store,
  call: Pick<Call, 'clock' | 'ids' | 'principal' | 'requestId'>,
  sessions: readonly EndingSession[],
  initiator: LogoutInitiator,
): Promise<void> {
  const used = sessions.flatMap((session) => clientsOf(session).map((clientId) => ({ session, clientId })));
  if (used.length === 0) return;
  const clientIds = [...new Set(used.map(({ clientId }) => clientId))];
  const settings = new Map((await findSettings(store, clientIds)).map((row) => [row.applicationId, row]));
  for (const { session, clientId } of used) {
    const wanted = settings.get(clientId);
    if (!wanted || !wants(wanted, initiator)) continue;
    const metadata = wanted.includeSessionMetadata ? session.metadata : null;
    const { id: sessionId, userId } = session;
    await enqueueJob(store, call, backchannelLogout, { clientId, sessionId, userId, metadata, retry: 0 });
  }
}

function clientsOf({ clients }: EndingSession): readonly string[] {
  return (clients as readonly { readonly clientId: string }[]).map(({ clientId }) => clientId);
}

function wants(
  { backchannelLogoutUri, backchannelInitiators }: SessionSettingsRow,
  initiator: LogoutInitiator,
): boolean {
  return (
    backchannelLogoutUri !== null && (always.includes(initiator) || backchannelInitiators.includes(initiator))
  );
}
