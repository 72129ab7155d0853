import type { Call } from '#src/access/call';
import { restampSession } from '#src/features/sessions/minting/renew-session';
import type { ProvenMethod } from '#src/features/sessions/minting/proven-user';
import { findSessionMethods } from '#src/features/sessions/minting/live-session.repository';
import { raiseEpoch, readUserState } from '#src/features/sessions/minting/user-state.repository';
import {
  endFamilies,
  findFamilyMethods,
  restampFamilies,
} from '#src/features/sessions/refresh/end-families.repository';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import { endAndTell } from './end-and-tell';
import { endingRule, type EndingRule, type UserEvent } from './ending-table';

export interface EventOptions {
  /** The user's session that made the change: it goes on with a new secret, where the event leaves one. */
  readonly exceptSessionId?: string | null;
  /** For events about one connection. */
  readonly connection?: string;
  /** For events about one organization. */
  readonly organizationId?: string;
  /** The change has raised the credential epoch itself. */
  readonly epochIsRaised?: boolean;
}

export interface EndedByEvent {
  readonly sessions: number;
  readonly families: number;
}

/**
 * Ends what an event about a user ends, by the table of `ending-table.ts`: raises the credential epoch, revokes sessions and refresh
 * tokens, and lets the session that made the change go on. Inside the transaction of the change, so that nothing works a moment longer.
 */
export async function endForEvent(
  store: Store,
  call: Call,
  userId: string,
  event: UserEvent,
  options: EventOptions = {},
): Promise<EndedByEvent> {
  const rule = endingRule(event);
  if (rule.raisesEpoch && options.epochIsRaised !== true) await raiseEpoch(store, userId);
  const isLeft = rule.sessions === 'others';
  const own = isLeft ? (options.exceptSessionId ?? null) : null;
  const sessions = await endSessionsBy(store, call, userId, event, { ...options, own });
  const families = await endFamiliesBy(store, userId, rule, { ...options, own }, call.clock.now());
  if (own !== null) await keepOwn(store, call, userId, own);
  return { sessions, families };
}

/**
 * The same for many users who are deleted, in a few statements for all. Their sessions and refresh tokens go with them; what is left of this
 * is that applications are told.
 */
export async function endForDeletion(store: Store, call: Call, userIds: readonly string[]): Promise<void> {
  const { reason } = endingRule('deleted');
  await raiseEpoch(store, ...userIds);
  await endAndTell(store, call, { userIds }, 'deleted');
  await endFamilies(store, { userIds }, { reason, now: call.clock.now() });
}

type Scope = EventOptions & { readonly own: string | null };

async function endSessionsBy(
  store: Store,
  call: Call,
  userId: string,
  event: UserEvent,
  { own, connection }: Scope,
): Promise<number> {
  const rule = endingRule(event);
  if (rule.sessions === 'none') return 0;
  if (rule.sessions !== 'connection')
    return (await endAndTell(store, call, { userId, except: own }, event)).length;
  const ids = restingOn(await findSessionMethods(store, userId), requireConnection(connection));
  return ids.length === 0 ? 0 : (await endAndTell(store, call, { ids }, event)).length;
}

async function endFamiliesBy(
  store: Store,
  userId: string,
  { families, reason }: EndingRule,
  { own, connection, organizationId }: Scope,
  now: Instant,
): Promise<number> {
  switch (families) {
    case 'all':
    case 'others':
      return endFamilies(store, { userId, exceptSessionId: own }, { reason, now });
    case 'organization':
      if (organizationId === undefined) throw new TypeError('This event names its organization.');
      return endFamilies(store, { userId, organizationId }, { reason: 'organization-removed', now });
    case 'connection': {
      const ids = restingOn(await findFamilyMethods(store, userId), requireConnection(connection));
      return ids.length === 0 ? 0 : endFamilies(store, { ids }, { reason, now });
    }
    default:
      return 0;
  }
}

function requireConnection(connection: string | undefined): string {
  if (connection === undefined) throw new TypeError('This event names its connection.');
  return connection;
}

interface Resting {
  readonly id: string;
  readonly methods: readonly unknown[];
}

/** Those that were opened through the connection alone; a second factor of the gateway beside it opens nothing by itself. */
function restingOn(rows: readonly Resting[], connection: string): string[] {
  return rows
    .filter(({ methods }) => {
      const opening = (methods as readonly ProvenMethod[]).filter((method) => method.connection !== null);
      return opening.length > 0 && opening.every((method) => method.connection === connection);
    })
    .map(({ id }) => id);
}

async function keepOwn(store: Store, call: Call, userId: string, sessionId: string): Promise<void> {
  const state = await readUserState(store, userId);
  if (state === null) return;
  await restampSession(store, call, { id: sessionId, userId }, state.credentialEpoch);
  await restampFamilies(store, sessionId, userId, state.credentialEpoch);
}
