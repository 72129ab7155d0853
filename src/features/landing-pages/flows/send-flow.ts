import type { Call } from '#src/access/call';
import { sealText } from '#src/config/seal-text';
import { landingPageErrors } from '#src/features/landing-pages/landing-page.errors';
import { callbackUrl } from '#src/features/providers/login/login-parts';
import { oauthOptions } from '#src/features/providers/oauth/oauth-options';
import { providerErrors } from '#src/features/providers/provider.errors';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { findFlow, sendFlow } from './landing-page-flow.repository';
import { markedAsFlow, secretForm, type LandingPageParts } from './landing-page-parts';
import { hashSecret } from '#src/shared/secret-hash';

export interface VisitingBrowser {
  readonly bindingSecret: string;
  /** Origin of the `Referer`, null where the browser tells none. */
  readonly cameFrom: string | null;
}

/**
 * Sends the browser of a visitor to the provider, once; answers the provider's address. PROFILE_LINK_INVALID, and what keeps a provider
 * from being asked.
 * SECURITY: whoever pretends to be the page (a program can send any `Origin`) and lures somebody to this address would fetch that
 * person's profile. So the browser must say that it comes from the page; where it says nothing, the profile is handed out only for the
 * code that a popup gives to a window of the page's origin.
 */
export async function sendToProvider(
  parts: LandingPageParts,
  call: Call,
  handle: string,
  { bindingSecret, cameFrom }: VisitingBrowser,
): Promise<string> {
  const { store, clock } = call;
  const flow = secretForm.test(handle) ? await findFlow(store, hashSecret(handle)) : null;
  const isOpen = flow !== null && flow.expiresAt > clock.now();
  const isFromElsewhere = cameFrom === null ? flow?.mode === 'redirect' : cameFrom !== flow?.origin;
  if (!isOpen || isFromElsewhere) throw landingPageErrors.PROFILE_LINK_INVALID();
  const known = await parts.connections.byId(store, flow.connectionId);
  const connection = known === null ? null : await parts.connections.stored(store, known.name);
  if (connection === null) throw landingPageErrors.PROFILE_LINK_INVALID();
  if (!connection.isEnabled) throw sessionErrors.CONNECTION_DISABLED();
  const secrets = await parts.connectionSettings.secretsOf(store, connection.id);
  const options = oauthOptions(connection.strategy, connection.options, secrets);
  const checks = markedAsFlow(parts.client.newChecks());
  const url = await parts.client
    .authorizationUrl(options, callbackUrl(parts.issuer, connection.name), checks)
    .catch((cause: unknown) => {
      throw providerErrors.PROVIDER_UNAVAILABLE({ cause });
    });
  const isSent = await store.transaction((inside) =>
    sendFlow(inside, flow.id, {
      ...{ stateHash: hashSecret(checks.state), bindingHash: hashSecret(bindingSecret) },
      sealedChecks: sealText(parts.ring(), flow.id, JSON.stringify({ ...checks, handle })),
      pageIsProven: cameFrom !== null,
    }),
  );
  if (!isSent) throw landingPageErrors.PROFILE_LINK_INVALID();
  return url;
}
