import type { Call } from '#src/access/call';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { oauthOptions } from '#src/features/providers/oauth/oauth-options';
import { providerErrors } from '#src/features/providers/provider.errors';
import { signInRequest } from '#src/features/providers/saml/saml-client';
import { samlOptions } from '#src/features/providers/saml/saml-options';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import { callbackUrl, type LoginParts } from './login-parts';
import { requireWishable, samlWishes, type LoginWishes } from './login-wishes';

/** How a browser leaves for a provider, and what is kept until it comes back. */
export interface Departure {
  /** Comes back with the answer. */
  readonly state: string;
  /** What the answer is compared with; sealed into the transaction. */
  readonly checks: object;
  readonly url: string;
  /** What the browser posts there; null: it just goes. */
  readonly form: Readonly<Record<string, string>> | null;
}

/** What the answer of a SAML provider is compared with. */
export interface SamlChecks {
  readonly requestId: string;
}

/** What a provider is asked beside who the person is. */
export interface Wishes extends LoginWishes {
  readonly loginHint?: string | null;
  /** Beside those of the connection. */
  readonly scopes?: readonly string[];
}

/** A new sign-in at the provider of a connection. CONNECTION_INCOMPLETE, PROVIDER_UNAVAILABLE. */
export async function departureTo(
  parts: LoginParts,
  call: Call,
  connection: ConnectionRow,
  { loginHint = null, scopes = [], prompt = null, maxAgeSeconds = null }: Wishes,
): Promise<Departure> {
  const secrets = await parts.connectionSettings.secretsOf(call.store, connection.id);
  if (protocolOf(connection.strategy) === 'SAML') {
    const options = samlOptions(parts.issuer, connection, secrets);
    const [state, requestId] = [call.ids.secret(32), `_${call.ids.secret(32)}`];
    const wishes = samlWishes({ prompt, maxAgeSeconds });
    const { url, form } = await signInRequest(options, { id: requestId, relayState: state, ...wishes });
    return { ...{ state, url, form }, checks: { requestId } satisfies SamlChecks };
  }
  const usual = oauthOptions(connection.strategy, connection.options, secrets);
  const options = { ...usual, scopes: [...new Set([...usual.scopes, ...scopes])] };
  requireWishable(options, { prompt, maxAgeSeconds });
  const checks = parts.client.newChecks();
  const url = await parts.client
    .authorizationUrl(options, callbackUrl(parts.issuer, connection.name), checks, {
      ...{ loginHint, prompt, maxAgeSeconds },
    })
    .catch((cause: unknown) => {
      throw providerErrors.PROVIDER_UNAVAILABLE({ cause });
    });
  return { ...{ state: checks.state, checks, url }, form: null };
}
