import type { Call } from '#src/access/call';
import { openText, sealText } from '#src/config/seal-text';
import { returnTarget } from '#src/features/applications/redirects/return-target';
import { connectionErrors } from '#src/features/connections/connection.errors';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { refusal, tellApplication } from '#src/features/providers/login/finish-login';
import type { SamlChecks } from '#src/features/providers/login/departure';
import type { LoginParts } from '#src/features/providers/login/login-parts';
import { signInIdentified, type FinishedLogin } from '#src/features/providers/login/sign-in-identified';
import { useUp } from '#src/features/providers/login/use-up';
import { providerErrors } from '#src/features/providers/provider.errors';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import type { SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { requireApplication } from '#src/features/sessions/sign-in/sign-in-application';
import type { Store } from '#src/storage/store';
import { hashOfParts, insertProviderSession } from './provider-session.repository';
import type { SamlIdentity } from './read-assertion';
import { readResponse } from './saml-client';
import { SamlFault } from './saml-fault';
import { samlOptions, type SamlOptions } from './saml-options';
import { useSamlMessage } from './used-saml-message.repository';

export interface SamlAnswer {
  /** Name of the connection whose address was called. */
  readonly connection: string;
  readonly response: string;
  readonly relayState: string | null;
  readonly bindingSecret: string | null;
}

export interface SamlLoginParts extends LoginParts {
  /** Milliseconds after which no session that begins now can live any more. */
  readonly longestSessionMs: number;
}

interface Wanted {
  readonly requestId: string | null;
  readonly prompt?: string | null;
  readonly maxAgeSeconds: number | null;
  readonly clientId: string;
  readonly organizationId: string | null;
  readonly returnUrl: string;
  readonly goesOn?: string;
  /** The session that the account there is to belong to. */
  readonly linkSessionId?: string | null;
  /** What an application has begun to connect. */
  readonly accountConnectionId?: string | null;
}

/**
 * Takes a SAML provider's answer: uses the sign-in of this browser up, checks the answer against it, takes its assertion once, brings the
 * user up to date and starts the session. LOGIN_TRANSACTION_INVALID, LOGIN_DENIED, LOGIN_FAILED, and what signing in refuses.
 */
export async function finishSamlLogin(
  parts: SamlLoginParts,
  call: Call,
  answer: SamlAnswer,
  browser: SigningBrowser,
): Promise<FinishedLogin> {
  const stored = await parts.connections.stored(call.store, answer.connection);
  if (stored === null || protocolOf(stored.strategy) !== 'SAML')
    throw connectionErrors.CONNECTION_NOT_FOUND();
  if (!stored.isEnabled) throw sessionErrors.CONNECTION_DISABLED();
  const options = await optionsOf(parts, call, stored);
  const wanted =
    answer.relayState === null || answer.bindingSecret === null
      ? await wantedByProvider(parts, call, options)
      : await wantedByBrowser(parts, call, answer, options);
  const finish = (): Promise<FinishedLogin> =>
    finishWith(parts, call, { stored, options, wanted, answer }, browser);
  return finish().catch((error: unknown) => tellApplication(call, wanted, error));
}

interface Taking {
  readonly stored: ConnectionRow;
  readonly options: SamlOptions;
  readonly wanted: Wanted;
  readonly answer: SamlAnswer;
}

async function finishWith(
  parts: SamlLoginParts,
  call: Call,
  { stored, options, wanted, answer }: Taking,
  browser: SigningBrowser,
): Promise<FinishedLogin> {
  const identity = await taken(parts, call, stored, options, answer.response, wanted);
  const identified = {
    ...{ ...wanted, connection: stored.name, claims: identity.claims, bindingSecret: answer.bindingSecret },
    word: { acr: identity.contextClass },
    isMultiFactor: options.trustsUpstreamMfa && identity.isMultiFactor,
    ...(identity.name === null
      ? {}
      : {
          keepProviderSession: (store: Store, userId: string) =>
            keepProviderSession(parts, store, call, stored, userId, identity),
        }),
  };
  try {
    return await signInIdentified(parts, call, identified, browser);
  } catch (error) {
    throw await refusal(parts, call, { row: wanted, connection: stored }, error);
  }
}

export async function optionsOf(
  parts: Pick<LoginParts, 'connectionSettings' | 'issuer'>,
  call: Call,
  row: ConnectionRow,
): Promise<SamlOptions> {
  return samlOptions(parts.issuer, row, await parts.connectionSettings.secretsOf(call.store, row.id));
}

async function wantedByBrowser(
  parts: SamlLoginParts,
  call: Call,
  { connection, relayState, bindingSecret }: SamlAnswer,
  options: SamlOptions,
): Promise<Wanted> {
  // Some providers send a state of their own with an answer that nobody asked for.
  if (options.idpInitiatedApplicationId !== null && !/^[\w-]{43}$/.test(relayState ?? ''))
    return wantedByProvider(parts, call, options);
  const { row } = await useUp(parts, call, { connection, state: relayState, bindingSecret });
  const { requestId } = JSON.parse(openText(parts.ring(), row.id, row.sealedChecks)) as SamlChecks;
  return { ...row, requestId };
}

/**
 * An answer that nobody here asked for. SECURITY: anybody can be made to bring one (login CSRF), so it is refused unless the connection
 * names the application that such sign-ins are for; where the provider wants the browser to go is not read.
 */
async function wantedByProvider(
  parts: SamlLoginParts,
  call: Call,
  { idpInitiatedApplicationId: clientId }: SamlOptions,
): Promise<Wanted> {
  if (clientId === null) throw providerErrors.LOGIN_TRANSACTION_INVALID();
  const application = await requireApplication(parts, call.store, clientId, null);
  const { url } = returnTarget(null, application);
  if (url === null)
    throw providerErrors.CONNECTION_INCOMPLETE({ extensions: { missing: ['defaultRedirectUri'] } });
  return { requestId: null, maxAgeSeconds: null, clientId, organizationId: null, returnUrl: url };
}

/** Whom the answer is about; taken once, and recorded when it is refused. */
async function taken(
  parts: SamlLoginParts,
  call: Call,
  connection: ConnectionRow,
  options: SamlOptions,
  response: string,
  { requestId, maxAgeSeconds }: Pick<Wanted, 'requestId' | 'maxAgeSeconds'>,
): Promise<SamlIdentity> {
  const now = call.clock.now();
  try {
    const identity = await readResponse(options, response, { requestId, now, maxAgeSeconds });
    const message = {
      connectionId: connection.id,
      messageHash: hashOfParts('assertion', identity.assertionId),
      expiresAt: identity.usableUntil,
    };
    // SECURITY: replay; an assertion signs in once, until it could not be used anyway.
    if (!(await call.store.transaction((store) => useSamlMessage(store, message, now))))
      throw new SamlFault('replayed');
    return identity;
  } catch (error) {
    if (!(error instanceof SamlFault)) throw error;
    await recordRefusal(parts, call, connection, error);
    const cause = { cause: error };
    if (error.reason === 'would-ask') throw providerErrors.LOGIN_REQUIRED(cause);
    throw error.reason === 'cancelled'
      ? providerErrors.LOGIN_DENIED(cause)
      : providerErrors.LOGIN_FAILED(cause);
  }
}

/** The reason alone: what a refused message says is nobody's word. */
export function recordRefusal(
  { audit }: Pick<LoginParts, 'audit'>,
  call: Call,
  { id, name }: ConnectionRow,
  { reason }: SamlFault,
): Promise<void> {
  return call.store.transaction((store) =>
    audit.record(store, call, {
      ...{ action: 'login.refused', targetType: 'Connection', targetId: id },
      ...{ result: 'denied', details: { name, reason } },
    }),
  );
}

async function keepProviderSession(
  parts: SamlLoginParts,
  store: Store,
  call: Call,
  { id: connectionId }: ConnectionRow,
  userId: string,
  { name, sessionIndex }: SamlIdentity,
): Promise<string> {
  const id = call.ids.next('pse');
  const now = call.clock.now();
  const subject = { ...name, sessionIndex };
  await insertProviderSession(store, {
    ...{ id, connectionId, userId, createdAt: now, expiresAt: now + parts.longestSessionMs },
    subjectHash: hashOfParts(name?.value ?? null),
    indexHash: sessionIndex === null ? null : hashOfParts(sessionIndex),
    sealedSubject: sealText(parts.ring(), id, JSON.stringify(subject)),
  });
  return id;
}
