import type { Call } from '#src/access/call';
import type { SessionRow } from '#src/features/sessions/session.repository';
import { updateLiveSession } from '#src/features/sessions/minting/live-session.repository';
import type { Visit } from '#src/features/sessions/minting/proven-user';
import type { Store } from '#src/storage/store';
import {
  findVisit,
  updateVisit,
  type AnonymousSessionRow,
  type VisitKey,
} from './anonymous-session.repository';
import { hashAnonymousToken } from './anonymous-token';
import { moveInteractions } from './session-interaction.repository';

/**
 * What a visitor said and did becomes part of the session that the visitor has just signed in to, and the anonymous session ends. One that
 * is over, or of another application, is left alone: nobody is kept from signing in by it. Inside the transaction of `store`.
 */
export async function adoptVisit(
  store: Store,
  call: Call,
  session: SessionRow,
  { visit, clientId }: { readonly visit: Visit | null; readonly clientId: string | null },
): Promise<SessionRow> {
  const found = await visitToAdopt(store, call, visit, clientId);
  if (found === null) return session;
  const now = call.clock.now();
  const metadata = { ...found.metadata };
  await updateLiveSession(store, session.id, { metadata });
  await moveInteractions(store, found.id, session.id);
  await updateVisit(store, found.id, { endedAt: now, idleExpiresAt: now });
  return { ...session, metadata };
}

/** The anonymous session that a sign-in through an application takes over; null: none. */
export async function visitToAdopt(
  store: Store,
  call: Call,
  visit: Visit | null,
  clientId: string | null,
): Promise<AnonymousSessionRow | null> {
  const key = visit === null ? null : keyOf(visit);
  const found = key === null ? null : await findVisit(store, key, call.clock.now());
  return found !== null && (clientId === null || clientId === found.clientId) ? found : null;
}

function keyOf(visit: Visit): VisitKey | null {
  if ('id' in visit) return visit;
  const tokenHash = hashAnonymousToken(visit.token);
  return tokenHash === null ? null : { tokenHash };
}
