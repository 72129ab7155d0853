import type { Call } from '#src/access/call';
import type { FactorsConfig } from '#src/config/factors';
import { addressOf } from '#src/config/origin';
import { applicationErrors } from '#src/features/applications/application.errors';
import { matchUrl } from '#src/features/applications/redirects/match-url';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import { bindingOf } from '#src/features/factors/enrollments/enrollment';
import { requireUserId } from '#src/features/factors/methods/method-changes';
import { requireStepUp } from '#src/features/factors/step-up/require-step-up';
import { myAccountErrors } from '#src/features/my-account/my-account.errors';
import { requireProvider } from '#src/features/providers/login/begin-login';
import type { LoginParts } from '#src/features/providers/login/login-parts';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import { badInput } from '#src/features/roles/checked-text';
import { requireApplication } from '#src/features/sessions/sign-in/sign-in-application';
import type { Instant } from '#src/shared/clock';
import { isCodeChallenge } from '#src/shared/code-challenge';
import { hashSecret } from '#src/shared/secret-hash';
import { deleteOldAccountConnections, insertAccountConnection } from './account-connection.repository';

export type ConnectingParts = LoginParts & { readonly factors: FactorsConfig };

export interface StartConnecting {
  /** Name of the connection. */
  readonly connection: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string | null;
  readonly codeChallenge: string;
  /** Beside those of the connection. */
  readonly scopes: readonly string[];
}

export interface StartedConnecting {
  readonly authSession: string;
  readonly connectUri: string;
  readonly expiresAt: Instant;
}

const lifetimeMs = 10 * 60_000;
const day = 24 * 3_600_000;
const longestState = 2_048;
const mostScopes = 100;
const longestScope = 256;
/** RFC 6749 section 3.3. */
const scopeForm = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Begins to connect an account at a provider to the caller, who completes it in the same session: for applications that call with a token
 * and have no cookie here. Makes no identity; where the browser went is told by a code that means nothing to anybody else.
 */
export async function startConnecting(
  parts: ConnectingParts,
  call: Call,
  { connection: name, clientId, redirectUri, state, codeChallenge, scopes }: StartConnecting,
): Promise<StartedConnecting> {
  const userId = requireUserId(call);
  await requireStepUp(parts.factors, call.store, call, userId);
  if (!isCodeChallenge(codeChallenge))
    throw badInput('codeChallenge', 'Give the S256 challenge of a verifier (RFC 7636): 43 characters.');
  if (state !== null && state.length > longestState)
    throw badInput('state', `A state has at most ${longestState} characters.`);
  requireScopes(scopes);
  await parts.linking.requireLinkable(call, userId);
  const application = await requireApplication(parts, call.store, clientId, null);
  const connection = await requireProvider(parts, call.store, name, clientId);
  if (scopes.length > 0 && protocolOf(connection.strategy) === 'SAML')
    throw badInput('scopes', 'A SAML provider knows no scopes.');
  if (readConnectionOptions(connection.options).linking === 'OFF') throw myAccountErrors.LINK_CONFLICT();
  const wanted = matchUrl({ url: redirectUri, ...application }, application.callbacks);
  if (wanted === null)
    throw applicationErrors.REDIRECT_NOT_ALLOWED({
      message: 'This is none of the application’s callbacks.',
      extensions: { field: 'redirectUri' },
    });
  const [id, authSession, ticket] = [call.ids.next('txn'), call.ids.secret(32), call.ids.secret(32)];
  const now = call.clock.now();
  await call.store.transaction(async (store) => {
    // Those of yesterday go with those of today, so that no timer has to.
    await deleteOldAccountConnections(store, now - day);
    await insertAccountConnection(store, {
      ...{ id, userId, binding: bindingOf(call), clientId, connectionId: connection.id },
      ...{ redirectUri: wanted, state, challenge: codeChallenge },
      scopes: scopes.length === 0 ? null : [...new Set(scopes)].join(' '),
      ...{ authSessionHash: hashSecret(authSession), ticketHash: hashSecret(ticket) },
      ...{ codeHash: null, codeExpiresAt: null, sealedLogin: null },
      ...{ createdAt: now, expiresAt: now + lifetimeMs, consumedAt: null },
    });
  });
  const connectUri = addressOf(parts.issuer, `/connect?ticket=${ticket}`);
  return { authSession, connectUri, expiresAt: now + lifetimeMs };
}

function requireScopes(scopes: readonly string[]): void {
  if (scopes.length > mostScopes) throw badInput('scopes', `Ask for at most ${mostScopes} scopes.`);
  const isFit = (scope: string): boolean => scope.length <= longestScope && scopeForm.test(scope);
  if (!scopes.every(isFit))
    throw badInput(
      'scopes',
      `A scope has 1 to ${longestScope} printable characters, no space, no quote, no \\.`,
    );
}
