import type { Call } from '#src/access/call';
import { openText } from '#src/config/seal-text';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { countRefusals } from '#src/features/providers/logout/count-refusals';
import { providerErrors } from '#src/features/providers/provider.errors';
import type { ProvenMethod } from '#src/features/sessions/minting/proven-user';
import type { Store } from '#src/storage/store';
import { optionsOf, recordRefusal, type SamlLoginParts } from './finish-saml-login';
import {
  readLogoutMessage,
  signedOutUrl,
  signOutUrl,
  type LogoutCarrier,
  type LogoutMessage,
} from './logout-message';
import { insertLogoutTransaction, takeLogoutTransaction } from './logout-transaction.repository';
import { findProviderSession, findProviderSessions, hashOfParts } from './provider-session.repository';
import type { SamlName } from './read-assertion';
import { SamlFault } from './saml-fault';
import type { SamlOptions } from './saml-options';
import { useSamlMessage } from './used-saml-message.repository';
import { hashSecret } from '#src/shared/secret-hash';

const lifetimeMs = 10 * 60_000;
const oldestMs = 5 * 60_000;

/** Where somebody who signs out leaves the SAML provider that the session came from; null: it came from none that has such a page. */
export async function beginSingleLogout(
  parts: SamlLoginParts,
  call: Call,
  methods: readonly ProvenMethod[],
  returnUrl: string | null,
): Promise<string | null> {
  const method = methods.find(({ providerSession }) => providerSession !== undefined);
  if (method?.providerSession === undefined) return null;
  const session = await findProviderSession(call.store, method.providerSession);
  const connection = await parts.connections.stored(call.store, method.connection ?? '');
  if (session === null || connection?.id !== session.connectionId) return null;
  const options = await optionsOf(parts, call, connection);
  if (options.signOutEndpoint === null) return null;
  const subject = JSON.parse(openText(parts.ring(), session.id, session.sealedSubject)) as SamlName & {
    readonly sessionIndex: string | null;
  };
  const [requestId, state, now] = [`_${call.ids.secret(32)}`, call.ids.secret(32), call.clock.now()];
  const row = {
    ...{ id: call.ids.next('txn'), stateHash: hashSecret(state), connectionId: connection.id },
    ...{ requestHash: hashSecret(requestId), returnUrl, expiresAt: now + lifetimeMs },
  };
  await call.store.transaction((store) => insertLogoutTransaction(store, row, now));
  return signOutUrl(options, subject, { id: requestId, relayState: state });
}

/** What the browser does after a message about signing out: goes on, or stays at a page that says that it is over. */
export interface LogoutAnswer {
  readonly url: string | null;
}

/**
 * Takes a SAML provider's message about signing out: ends the sessions here that came from those that ended there, or finishes a
 * sign-out that began here. LOGOUT_REQUEST_INVALID, LOGOUT_UNCONFIRMED, TOO_MANY_ATTEMPTS.
 */
export async function takeLogoutMessage(
  parts: SamlLoginParts,
  call: Call,
  connection: ConnectionRow,
  carrier: LogoutCarrier & { readonly ip: string },
): Promise<LogoutAnswer> {
  const options = await optionsOf(parts, call, connection);
  const attempt = await countRefusals(call, connection.id, carrier.ip);
  try {
    const answer = await takeMessage(parts, call, connection, options, carrier);
    await attempt.succeeded();
    return answer;
  } catch (error) {
    if (!(error instanceof SamlFault)) throw error;
    await recordRefusal(parts, call, connection, error);
    throw carrier.fields.has('SAMLRequest')
      ? providerErrors.LOGOUT_REQUEST_INVALID({ cause: error })
      : providerErrors.LOGOUT_UNCONFIRMED({ cause: error });
  }
}

async function takeMessage(
  parts: SamlLoginParts,
  call: Call,
  connection: ConnectionRow,
  options: SamlOptions,
  carrier: LogoutCarrier,
): Promise<LogoutAnswer> {
  const message = await readLogoutMessage(options, carrier, call.clock.now());
  if (message.kind === 'response') return { url: await confirmed(call, connection, message) };
  await endSessions(parts, call, connection, options, message);
  if (options.signOutEndpoint === null) return { url: null };
  return { url: await signedOutUrl(options, message.id, message.relayState) };
}

async function confirmed(
  call: Call,
  { id }: ConnectionRow,
  { inResponseTo, isSuccess, relayState }: Extract<LogoutMessage, { kind: 'response' }>,
): Promise<string | null> {
  const stateHash = hashSecret(relayState ?? '');
  const row = await call.store.transaction((store) =>
    takeLogoutTransaction(store, stateHash, call.clock.now()),
  );
  if (row === null || row.connectionId !== id || row.requestHash !== hashSecret(inResponseTo ?? ''))
    throw new SamlFault('in-response-to');
  if (!isSuccess) throw new SamlFault('status');
  return row.returnUrl;
}

function endSessions(
  parts: SamlLoginParts,
  call: Call,
  connection: ConnectionRow,
  { clockSkewMs }: SamlOptions,
  message: Extract<LogoutMessage, { kind: 'request' }>,
): Promise<void> {
  const now = call.clock.now();
  return call.store.transaction(async (store) => {
    const used = {
      ...{ connectionId: connection.id, messageHash: hashOfParts('logout', message.id) },
      expiresAt: message.issuedAt + oldestMs + clockSkewMs,
    };
    // SECURITY: replay; an old request must not end a session that began after it.
    if (!(await useSamlMessage(store, used, now))) throw new SamlFault('replayed');
    const ended: string[] = [];
    const named = await sessionsAtProvider(store, connection, message);
    // Always in the same order, so that two of them cannot wait for each other.
    for (const [userId, ids] of [...named].sort(([a], [b]) => (a < b ? -1 : 1)))
      ended.push(...(await parts.sessions.endFromProvider(store, call, userId, ids)));
    await parts.audit.record(store, call, {
      ...{ action: 'session.provider_sign_out', targetType: 'Connection', targetId: connection.id },
      details: { name: connection.name, sessions: ended.length },
    });
  });
}

/** The sessions at the provider that the request names, of each user here. */
async function sessionsAtProvider(
  store: Store,
  { id: connectionId }: ConnectionRow,
  { name, sessionIndexes }: Extract<LogoutMessage, { kind: 'request' }>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const indexes = sessionIndexes.length === 0 ? [null] : sessionIndexes.map((index) => hashOfParts(index));
  const found = new Map<string, Set<string>>();
  for (const indexHash of new Set(indexes)) {
    const key = { connectionId, subjectHash: hashOfParts(name.value) };
    for (const { id, userId } of await findProviderSessions(store, key, indexHash))
      found.set(userId, (found.get(userId) ?? new Set()).add(id));
  }
  return found;
}
