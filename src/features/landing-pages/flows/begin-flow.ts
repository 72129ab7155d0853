import { addressOf } from '#src/config/origin';
import type { Call } from '#src/access/call';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import { matchUrl } from '#src/features/applications/redirects/match-url';
import { beginAttempt, type Counter } from '#src/features/attack-protection/attempts';
import { networkOf } from '#src/features/attack-protection/network';
import { connectionErrors } from '#src/features/connections/connection.errors';
import { landingPageErrors } from '#src/features/landing-pages/landing-page.errors';
import { requireProvider } from '#src/features/providers/login/begin-login';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import { badInput } from '#src/features/roles/checked-text';
import { deleteOldFlows, insertFlow } from './landing-page-flow.repository';
import { flowMs, type LandingPageParts } from './landing-page-parts';
import { isCodeChallenge } from '#src/shared/code-challenge';
import { hashSecret } from '#src/shared/secret-hash';

/** What the script of a landing page asks for; nothing of it is trusted. */
export interface BeginFlow {
  readonly connection: string;
  /** S256 challenge of a verifier that the page keeps. */
  readonly challenge: string;
  readonly mode: string;
  /** Where a redirect leads back to. */
  readonly page: string | null;
  readonly consentTextId: string | null;
}

export interface BegunFlow {
  readonly handle: string;
  /** Where popup or page go. */
  readonly url: string;
  /** Seconds. */
  readonly expiresIn: number;
}

const minute = 60_000;
const startsPerNetwork = 30;
const startsPerPage = 600;

/**
 * A visitor of a landing page wants to give their profile. `origin` is listed for the application. CONNECTION_NOT_FOUND, CONNECTION_DISABLED,
 * CONSENT_REQUIRED, PAGE_NOT_REGISTERED, TOO_MANY_ATTEMPTS.
 */
export async function beginFlow(
  parts: LandingPageParts,
  call: Call,
  {
    application,
    origin,
    ip,
  }: { readonly application: ApplicationRow; readonly origin: string; readonly ip: string },
  asked: BeginFlow,
): Promise<BegunFlow> {
  const attempt = await beginAttempt(call, startCounters(application.id, ip), { isEnforced: true });
  await attempt.succeeded();
  if (!isCodeChallenge(asked.challenge))
    throw badInput('challenge', 'Give the S256 challenge of a verifier.');
  const { consentTextId } = await parts.pages.of(call.store, application);
  if (consentTextId !== null && asked.consentTextId !== consentTextId) {
    throw landingPageErrors.CONSENT_REQUIRED({ extensions: { consentTextId } });
  }
  const pageUrl = returnPage(application, origin, asked);
  const connection = await requireProvider(parts, call.store, asked.connection, application.id);
  // A provider of another protocol answers elsewhere.
  if (protocolOf(connection.strategy) !== 'OAUTH') {
    throw connectionErrors.CONNECTION_NOT_FOUND({ extensions: { field: 'connection' } });
  }
  const [handle, now] = [call.ids.secret(32), call.clock.now()];
  await call.store.transaction(async (store) => {
    // Profiles that nobody fetched go before others come.
    await deleteOldFlows(store, now);
    await insertFlow(store, {
      ...{ id: call.ids.next('lpf'), handleHash: hashSecret(handle), applicationId: application.id },
      ...{ connectionId: connection.id, origin, mode: asked.mode, pageUrl, challenge: asked.challenge },
      ...{ consentTextId, createdAt: now, expiresAt: now + flowMs },
    });
  });
  const url = addressOf(parts.issuer, `/embed/authorize?handle=${handle}`);
  return { handle, url, expiresIn: flowMs / 1_000 };
}

function startCounters(applicationId: string, ip: string): readonly Counter[] {
  const perMinute = (limit: number) => ({ form: 'bucket', limit, intervalMs: minute / limit }) as const;
  const network = networkOf(ip);
  const kind = 'landing_page_starts';
  return [
    { kind, of: ['network', network], network, rule: perMinute(startsPerNetwork), countsSuccess: true },
    { kind, of: ['page', applicationId], rule: perMinute(startsPerPage), countsSuccess: true },
  ];
}

/** Null for a popup, which leads back to nowhere. SECURITY: open redirects; one of the registered pages, and of the origin that asks. */
function returnPage(application: ApplicationRow, origin: string, { mode, page }: BeginFlow): string | null {
  if (mode === 'popup') return null;
  if (mode !== 'redirect') throw badInput('mode', 'Give "popup" or "redirect".');
  const url = page === null ? null : matchUrl({ ...application, url: page }, application.callbacks);
  if (url === null || new URL(url).origin !== origin) throw landingPageErrors.PAGE_NOT_REGISTERED();
  return url;
}
