import { stripBlacklisted } from '#src/access/blacklist';
import type { Call } from '#src/access/call';
import { requireUndelegated } from '#src/access/fresh-sign-in';
import type { SessionsConfig } from '#src/config/sessions';
import { findLiveSession } from '#src/features/sessions/minting/live-session.repository';
import type { ProvenMethod } from '#src/features/sessions/minting/proven-user';
import { sessionLimits, touchTimes, type CookieMode } from '#src/features/sessions/session-policy';
import { storeTouch } from '#src/features/sessions/session.repository';
import type { Instant } from '#src/shared/clock';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { findVisit, updateVisit } from './anonymous-session.repository';
import { visitOf } from './anonymous-token';
import { deleteOldest, insertInteractions, type InteractionHolder } from './session-interaction.repository';
import { visitLimits } from './start-anonymous-session';

export interface Interaction {
  /** PAGE_VIEW, EVENT, SOCIAL or TRANSACTION. */
  readonly type: string;
  readonly name: string;
  /** Null: now. */
  readonly occurredAt?: Instant | null | undefined;
  readonly data?: unknown;
}

export interface RecordInteractions {
  readonly interactions: readonly Interaction[];
  readonly countsAsActivity?: boolean | null | undefined;
}

export interface RecordedInteractions {
  /** Null for a visitor. */
  readonly sessionId: string | null;
  readonly recordedCount: number;
  /** Members of `data` that were left out, because they are on the blacklist. */
  readonly strippedNames: readonly string[];
}

const mostInCall = 50;
const longestName = 100;
const mostDataBytes = 2_048;
/** Clocks of browsers differ; what they say of later than this is wrong. */
const clockToleranceMs = 60_000;

/**
 * Keeps what happened in the caller's own session: of a user or of a visitor. UNAUTHENTICATED for a caller without one,
 * DELEGATED_SESSION_FORBIDDEN while somebody acts in the name of the user. Beyond the limit of a session the oldest go.
 */
export async function recordInteractions(
  { config }: { readonly config: SessionsConfig },
  call: Call,
  { interactions, countsAsActivity }: RecordInteractions,
): Promise<RecordedInteractions> {
  requireUndelegated(call);
  const now = call.clock.now();
  checkInteractions(interactions, now);
  return call.store.transaction(async (store) => {
    const { holder, connections } = await ownHolder(config, store, call, countsAsActivity === true);
    const { organizationId } = call.principal;
    const scope = { connections, organizations: organizationId === null ? [] : [organizationId] };
    const stripped = new Set<string>();
    const rows = interactions.map(({ type, name, occurredAt, data }) => ({
      ...{ id: call.ids.next('int'), ...holder, type, name },
      ...{ occurredAt: occurredAt ?? now, createdAt: now },
      data: withoutBlacklisted(call, scope, data, stripped),
    }));
    await insertInteractions(store, rows);
    await deleteOldest(store, holder, config.interactionsPerSession);
    return { sessionId: holder.sessionId, recordedCount: rows.length, strippedNames: [...stripped].sort() };
  });
}

/** SECURITY: the session that the caller's credential stands for, and never one that is named. It is locked. */
async function ownHolder(
  config: SessionsConfig,
  store: Store,
  call: Call,
  isActivity: boolean,
): Promise<{ readonly holder: InteractionHolder; readonly connections: readonly string[] }> {
  const { sessionId, userId } = call.principal;
  const now = call.clock.now();
  const visitId = visitOf(call.principal);
  if (visitId !== null) {
    const visit = await findVisit(store, { id: visitId }, now);
    if (visit === null) throw withoutSession();
    const times = isActivity ? touchTimes(visit, now, visitLimits(config)) : null;
    if (times !== null) {
      const { lastInteractedAt, idleExpiresAt } = times;
      await updateVisit(store, visitId, { lastInteractedAt, idleExpiresAt });
    }
    return { holder: { sessionId: null, anonymousSessionId: visitId }, connections: [] };
  }
  const session = sessionId === null ? null : await findLiveSession(store, sessionId, userId ?? '');
  if (session === null) throw withoutSession();
  const limits = sessionLimits(config, session.cookieMode as CookieMode);
  const times = isActivity ? touchTimes(session, now, limits) : null;
  if (times !== null) await storeTouch(store, session.id, session, { times, from: null });
  const methods = session.authenticationMethods as readonly ProvenMethod[];
  const connections = methods.flatMap(({ connection }) => (connection === null ? [] : [connection]));
  return { holder: { sessionId: session.id, anonymousSessionId: null }, connections };
}

function withoutSession(): GatehouseError {
  return commonErrors.UNAUTHENTICATED({
    message: 'Interactions belong to a session: sign in, or start an anonymous one.',
    extensions: { reason: 'NO_SESSION' },
  });
}

function withoutBlacklisted(
  { policy }: Call,
  scope: Parameters<typeof stripBlacklisted>[1],
  data: unknown,
  found: Set<string>,
): unknown {
  if (data === null || data === undefined) return null;
  const { kept, stripped } = stripBlacklisted(policy, scope, data);
  for (const name of stripped) found.add(name);
  return kept;
}

function checkInteractions(interactions: readonly Interaction[], now: Instant): void {
  if (interactions.length === 0 || interactions.length > mostInCall) {
    throw refused('interactions', `Give 1 to ${mostInCall} interactions.`, mostInCall);
  }
  interactions.forEach(({ name, occurredAt, data }, index) => {
    const at = `interactions.${index}`;
    if (name.length === 0 || name.length > longestName) {
      throw refused(`${at}.name`, `A name has 1 to ${longestName} characters.`, longestName);
    }
    if ((occurredAt ?? now) > now + clockToleranceMs) {
      throw refused(`${at}.occurredAt`, 'This has not happened yet.');
    }
    if (data === null || data === undefined) return;
    if (typeof data !== 'object' || Array.isArray(data)) throw refused(`${at}.data`, 'Give an object.');
    if (Buffer.byteLength(JSON.stringify(data)) > mostDataBytes) {
      throw refused(`${at}.data`, `At most ${mostDataBytes} bytes as JSON.`, mostDataBytes);
    }
  });
}

function refused(field: string, message: string, limit?: number): GatehouseError {
  const extensions = { field, ...(limit !== undefined && { limit }) };
  return commonErrors.VALIDATION_FAILED({ message, extensions });
}
