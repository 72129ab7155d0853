import type { Call } from '#src/access/call';
import { sealText } from '#src/config/seal-text';
import type { Login } from '#src/features/profiles/logins/record-login';
import { beginLogin, type BegunLogin } from '#src/features/providers/login/begin-login';
import type { LoginParts } from '#src/features/providers/login/login-parts';
import { providerErrors } from '#src/features/providers/provider.errors';
import { hashSecret } from '#src/shared/secret-hash';
import { findByTicket, findUnproven, keepLogin } from './account-connection.repository';

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
  const wanted = { connection: connection.name, clientId, returnTo, accountConnectionId: row.id };
  return beginLogin(parts, call, wanted, browser);
}

/** Keeps what the provider said for the application that began; answers where the browser goes with the code for it. */
export async function leaveWithCode(
  parts: Pick<LoginParts, 'ring'>,
  call: Call,
  id: string,
  login: Login,
): Promise<string> {
  const now = call.clock.now();
  const code = call.ids.secret(32);
  const sealedLogin = sealText(parts.ring(), id, JSON.stringify(login));
  return call.store.transaction(async (store) => {
    const row = await findUnproven(store, { id, now });
    const kept = { codeHash: hashSecret(code), codeExpiresAt: now + codeLifetimeMs, sealedLogin };
    // SECURITY: two answers for one beginning; the first one has its code.
    if (row === null || !(await keepLogin(store, id, kept))) throw providerErrors.LOGIN_TRANSACTION_INVALID();
    const url = new URL(row.redirectUri);
    url.searchParams.set('connect_code', code);
    if (row.state !== null) url.searchParams.set('state', row.state);
    return url.href;
  });
}
