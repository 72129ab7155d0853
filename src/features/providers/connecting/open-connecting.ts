import type { Call } from '#src/access/call';
import { sealText } from '#src/config/seal-text';
import type { Login } from '#src/features/profiles/logins/record-login';
import { beginLogin, type BegunLogin } from '#src/features/providers/login/begin-login';
import type { LoginParts } from '#src/features/providers/login/login-parts';
import { providerErrors } from '#src/features/providers/provider.errors';
import type { ProviderTokens } from '#src/features/providers/tokens/identity-tokens';
import { hashSecret } from '#src/shared/secret-hash';
import type { GatehouseError } from '#src/shared/errors';
import {
  consumeAccountConnection,
  findByTicket,
  findUnproven,
  keepLogin,
  type AccountConnectionRow,
} from './account-connection.repository';

/** What a provider has said, until the application takes it. */
export interface KeptLogin {
  readonly login: Login;
  /** What it gave to act there for the person, where the connection keeps it. */
  readonly tokens: ProviderTokens | null;
}

const codeLifetimeMs = 60_000;

/**
 * Sends the browser that brought the ticket to the provider, bound to this browser from here on. The ticket opens nothing by itself: who
 * follows somebody else's gets a code that only the other one's application could use, and only with the verifier.
 */
export async function openConnecting(
  parts: LoginParts,
  call: Call,
  ticket: string,
  browser: { readonly bindingSecret: string; readonly ip: string | null },
): Promise<BegunLogin> {
  const row = await findByTicket(call.store, { ticketHash: hashSecret(ticket), now: call.clock.now() });
  const connection = row === null ? null : await parts.connections.byId(call.store, row.connectionId);
  if (row === null || connection === null) throw providerErrors.LOGIN_TRANSACTION_INVALID();
  const { clientId, redirectUri: returnTo } = row;
  const scopes = row.scopes?.split(' ') ?? [];
  const wanted = { connection: connection.name, clientId, returnTo, accountConnectionId: row.id, scopes };
  return beginLogin(parts, call, wanted, browser);
}

/** Keeps what the provider said for the application that began; answers where the browser goes with the code for it. */
export async function leaveWithCode(
  parts: Pick<LoginParts, 'ring'>,
  call: Call,
  id: string,
  kept: KeptLogin,
): Promise<string> {
  const now = call.clock.now();
  const code = call.ids.secret(32);
  const sealedLogin = sealText(parts.ring(), id, JSON.stringify(kept));
  return call.store.transaction(async (store) => {
    const row = await findUnproven(store, { id, now });
    const proof = { codeHash: hashSecret(code), codeExpiresAt: now + codeLifetimeMs, sealedLogin };
    // SECURITY: two answers for one beginning; the first one has its code.
    if (row === null || !(await keepLogin(store, id, proof)))
      throw providerErrors.LOGIN_TRANSACTION_INVALID();
    return addressBack(row, { connect_code: code });
  });
}

/**
 * Nothing came of it: answers where the browser tells the application so, with an error as OAuth has it (RFC 6749 section 4.1.2.1). What was begun is
 * over. Null: it was over before.
 */
export async function leaveWithError(call: Call, id: string, error: GatehouseError): Promise<string | null> {
  const now = call.clock.now();
  return call.store.transaction(async (store) => {
    const row = await findUnproven(store, { id, now });
    if (row === null || !(await consumeAccountConnection(store, id, now))) return null;
    return addressBack(row, {
      error: oauthError(error.code),
      error_description: error.code,
    });
  });
}

/** What an application is told, as OAuth and OpenID Connect have it (Core 1.0 section 3.1.2.6). */
export function oauthError(code: string): string {
  return oauthErrors[code] ?? 'server_error';
}

const oauthErrors: Readonly<Record<string, string>> = {
  LOGIN_DENIED: 'access_denied',
  LOGIN_REQUIRED: 'login_required',
  INTERACTION_REQUIRED: 'interaction_required',
  INVALID_CREDENTIALS: 'access_denied',
  FORBIDDEN: 'access_denied',
  PROVIDER_UNAVAILABLE: 'temporarily_unavailable',
};

function addressBack(
  { redirectUri, state }: Pick<AccountConnectionRow, 'redirectUri' | 'state'>,
  parameters: Readonly<Record<string, string>>,
): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  if (state !== null) url.searchParams.set('state', state);
  return url.href;
}
