import type { Call } from '#src/access/call';
import { tryOpenText } from '#src/config/seal-text';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { callbackUrl, type LoginParts } from '#src/features/providers/login/login-parts';
import { oauthOptions } from '#src/features/providers/oauth/oauth-options';
import {
  insertLogoutTransaction,
  takeLogoutTransaction,
} from '#src/features/providers/saml/logout-transaction.repository';
import { findProviderSession } from '#src/features/providers/saml/provider-session.repository';
import { beginSingleLogout } from '#src/features/providers/saml/single-logout';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import type { ProvenMethod } from '#src/features/sessions/minting/proven-user';
import { hashSecret } from '#src/shared/secret-hash';

const lifetimeMs = 10 * 60_000;

/** What of the session at the provider is kept, sealed. */
interface NamedThere {
  /** The ID token of the sign-in, by which the provider knows which session is meant. */
  readonly idToken?: string;
}

/**
 * Where somebody who signs out leaves the provider that the session came from; null: it came from none, or from one without such a page.
 * `returnUrl`: where the browser goes when it is back.
 */
export async function leaveProvider(
  parts: LoginParts,
  call: Call,
  methods: readonly ProvenMethod[],
  returnUrl: string | null,
): Promise<string | null> {
  const method = methods.find(({ providerSession }) => providerSession !== undefined);
  const connection = await parts.connections.stored(call.store, method?.connection ?? '');
  if (method?.providerSession === undefined || connection === null) return null;
  if (protocolOf(connection.strategy) === 'SAML') return beginSingleLogout(parts, call, methods, returnUrl);
  const session = await findProviderSession(call.store, method.providerSession);
  if (session?.connectionId !== connection.id) return null;
  const text = tryOpenText(parts.ring(), session.id, session.sealedSubject);
  const { idToken = null } = (text === null ? {} : JSON.parse(text)) as NamedThere;
  return sendThere(parts, call, connection, { idToken, returnUrl });
}

/** OpenID Connect RP-Initiated Logout 1.0. */
async function sendThere(
  parts: LoginParts,
  call: Call,
  connection: ConnectionRow,
  { idToken, returnUrl }: { readonly idToken: string | null; readonly returnUrl: string | null },
): Promise<string | null> {
  const secrets = await parts.connectionSettings.secretsOf(call.store, connection.id);
  const options = oauthOptions(connection.strategy, connection.options, secrets);
  const [state, now] = [call.ids.secret(32), call.clock.now()];
  const comesBackTo = `${callbackUrl(parts.issuer, connection.name)}?logout=1`;
  const url = await parts.client.endSessionUrl(options, {
    idToken,
    comesBackTo,
    state,
  });
  if (url === null) return null;
  const row = {
    ...{
      id: call.ids.next('txn'),
      stateHash: hashSecret(state),
      connectionId: connection.id,
    },
    // No message of a SAML provider answers it.
    ...{
      requestHash: hashSecret(call.ids.secret(32)),
      returnUrl,
      expiresAt: now + lifetimeMs,
    },
  };
  await call.store.transaction((store) => insertLogoutTransaction(store, row, now));
  return url;
}

/** Somebody comes back from the page of an OpenID provider. Answers where the browser goes; null: nowhere, it is signed out in any case. */
export async function backFromProvider(
  parts: Pick<LoginParts, 'connections'>,
  call: Call,
  { connection: name, state }: { readonly connection: string; readonly state: string | null },
): Promise<string | null> {
  const connection = state === null ? null : await parts.connections.stored(call.store, name);
  if (connection === null) return null;
  const row = await call.store.transaction((store) =>
    takeLogoutTransaction(store, hashSecret(state ?? ''), call.clock.now()),
  );
  return row?.connectionId === connection.id ? row.returnUrl : null;
}
