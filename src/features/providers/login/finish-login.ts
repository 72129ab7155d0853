import type { Call } from '#src/access/call';
import { openText } from '#src/config/seal-text';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { oauthOptions, type OAuthOptions } from '#src/features/providers/oauth/oauth-options';
import type { AuthorizationChecks, ProviderIdentity } from '#src/features/providers/oauth/provider-client';
import { providerErrors } from '#src/features/providers/provider.errors';
import type { SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { requireApplication } from '#src/features/sessions/sign-in/sign-in-application';
import { OutboundFault } from '#src/http/outbound';
import { hashOf } from './begin-login';
import { callbackUrl, type LoginParts } from './login-parts';
import {
  consumeLoginTransaction,
  findLoginTransaction,
  type LoginTransactionRow,
} from './login-transaction.repository';

export interface ProviderAnswer {
  /** Name of the connection whose callback was called. */
  readonly connection: string;
  /** What the provider sent with the browser. */
  readonly parameters: URLSearchParams;
  readonly bindingSecret: string | null;
}

export interface FinishedLogin {
  /** Where the browser goes. */
  readonly url: string;
  /** The session's cookie; null while a second factor is missing. */
  readonly setCookie: string | null;
}

/**
 * Takes a provider's answer: checks that this browser began the sign-in, uses it up, exchanges the code, brings the user up to date and
 * starts the session. LOGIN_TRANSACTION_INVALID, LOGIN_DENIED, LOGIN_FAILED, PROVIDER_UNAVAILABLE, and what signing in refuses.
 */
export async function finishLogin(
  parts: LoginParts,
  call: Call,
  answer: ProviderAnswer,
  browser: SigningBrowser,
): Promise<FinishedLogin> {
  const { row, connection } = await useUp(parts, call, answer);
  const error = answer.parameters.get('error');
  // The provider's own texts stay away from pages and answers: they are somebody else's words.
  if (error !== null) {
    throw error === 'access_denied' ? providerErrors.LOGIN_DENIED() : providerErrors.LOGIN_FAILED();
  }
  const secrets = await parts.connectionSettings.secretsOf(call.store, connection.id);
  const options = oauthOptions(connection.strategy, connection.options, secrets);
  const checks = JSON.parse(openText(parts.ring(), row.id, row.sealedChecks)) as AuthorizationChecks;
  const identity = await identify(parts, answer, options, checks);
  const application = await requireApplication(parts, call.store, row.clientId, row.organizationId);
  const userId = await parts.logins.takeOver(call, {
    ...{ connection: connection.name, claims: identity.claims, ip: browser.ip },
    applicationId: application.id,
  });
  const method = {
    ...{ name: 'federated', connection: connection.name },
    ...(options.trustsUpstreamMfa && identity.isMultiFactor ? { isMultiFactor: true as const } : {}),
  };
  const proven = { userId, method, organizationId: row.organizationId, application };
  const outcome = await parts.sessions.signInProven(call, proven, browser);
  switch (outcome.kind) {
    case 'LOGGED_IN':
      return { url: row.returnUrl, setCookie: outcome.setCookie };
    case 'MFA_CHALLENGE':
      // In the fragment, which no server sees: the application's page goes on with `completeMfa`.
      return { url: `${row.returnUrl}#mfa_token=${outcome.mfaToken}`, setCookie: null };
    default:
      throw providerErrors.LOGIN_FAILED();
  }
}

/** The transaction of the answer, used up before anything is done with it. */
async function useUp(
  parts: LoginParts,
  call: Call,
  { connection: name, parameters, bindingSecret }: ProviderAnswer,
): Promise<{ readonly row: LoginTransactionRow; readonly connection: ConnectionRow }> {
  const state = parameters.get('state');
  const now = call.clock.now();
  if (state === null || bindingSecret === null) throw providerErrors.LOGIN_TRANSACTION_INVALID();
  const which = { stateHash: hashOf(state), bindingHash: hashOf(bindingSecret), now };
  const row = await findLoginTransaction(call.store, which);
  const connection = row === null ? null : await parts.connections.stored(call.store, name);
  // SECURITY: mix-up; the answer of one provider, sent to the address of another.
  if (row === null || connection === null || connection.id !== row.connectionId) {
    throw providerErrors.LOGIN_TRANSACTION_INVALID();
  }
  if (!connection.isEnabled) throw sessionErrors.CONNECTION_DISABLED();
  // SECURITY: one code, many callbacks at once; the first one has the transaction, before the code is sent anywhere.
  if (!(await call.store.transaction((store) => consumeLoginTransaction(store, row.id, now)))) {
    throw providerErrors.LOGIN_TRANSACTION_INVALID();
  }
  return { row, connection };
}

async function identify(
  parts: LoginParts,
  { connection, parameters }: ProviderAnswer,
  options: OAuthOptions,
  checks: AuthorizationChecks,
): Promise<ProviderIdentity> {
  const url = new URL(callbackUrl(parts.issuer, connection));
  url.search = parameters.toString();
  let identity: ProviderIdentity;
  try {
    identity = await parts.client.identity(options, url, checks);
  } catch (cause) {
    throw isOutage(cause)
      ? providerErrors.PROVIDER_UNAVAILABLE({ cause })
      : providerErrors.LOGIN_FAILED({ cause });
  }
  // SECURITY: the parameter only preselects an account; the claim alone says to which company it belongs.
  if (options.hostedDomain !== null && identity.claims['hd'] !== options.hostedDomain) {
    throw providerErrors.LOGIN_FAILED();
  }
  return identity;
}

function isOutage(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (at instanceof OutboundFault) return true;
  return false;
}
