import type { Call } from '#src/access/call';
import { openText, sealText } from '#src/config/seal-text';
import { addressOf } from '#src/config/origin';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { mapAllowedClaims } from '#src/features/connections/mapping/allowed-claims';
import { mappingOf } from '#src/features/connections/mapping/mapping-of';
import { leadProfile, type LeadProfile } from '#src/features/landing-pages/lead-attribute';
import { usableClaims } from '#src/features/profiles/logins/sent-profile';
import { identify, type ProviderAnswer } from '#src/features/providers/login/finish-login';
import { oauthOptions } from '#src/features/providers/oauth/oauth-options';
import type { AuthorizationChecks } from '#src/features/providers/oauth/provider-client';
import { providerErrors } from '#src/features/providers/provider.errors';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { GatehouseError } from '#src/shared/errors';
import {
  answerFlow,
  findFlowByState,
  settleFlow,
  type LandingPageFlowRow,
} from './landing-page-flow.repository';
import { codeMs, isOfFlow, type LandingPageParts } from './landing-page-parts';
import { hashSecret } from '#src/shared/secret-hash';

/** What waits, sealed, until the page fetches it. */
export interface FlowAnswer {
  readonly profile: LeadProfile;
  /** The user that the profile became; null: none is kept. */
  readonly userId: string | null;
}

/**
 * Takes a provider's answer that belongs to a landing page; answers where the browser goes, or null for the answer of a sign-in. The
 * profile waits for a minute. What went wrong is told to the page, not to the address bar.
 */
export async function answerFromProvider(
  parts: LandingPageParts,
  call: Call,
  answer: ProviderAnswer,
  ip: string,
): Promise<string | null> {
  const { store, clock } = call;
  const state = answer.parameters.get('state');
  if (state === null || !isOfFlow(state) || answer.bindingSecret === null) return null;
  const which = { stateHash: hashSecret(state), bindingHash: hashSecret(answer.bindingSecret) };
  const flow = await findFlowByState(store, which);
  if (flow === null) return null;
  const now = clock.now();
  const connection = await parts.connections.stored(store, answer.connection);
  // SECURITY: mix-up; the answer of one provider, sent to the address of another. And each answer counts once.
  const isUsable =
    connection?.id === flow.connectionId &&
    flow.expiresAt > now &&
    flow.sealedChecks !== null &&
    (await store.transaction((inside) => answerFlow(inside, flow.id, now)));
  if (!isUsable) throw providerErrors.LOGIN_TRANSACTION_INVALID();
  const sealed = openText(parts.ring(), flow.id, flow.sealedChecks ?? '');
  const { handle, ...checks } = JSON.parse(sealed) as AuthorizationChecks & { readonly handle: string };
  await settle(parts, call, { flow, connection, answer, checks, ip });
  if (flow.pageUrl === null) return addressOf(parts.issuer, `/embed/callback?handle=${handle}`);
  const page = new URL(flow.pageUrl);
  page.searchParams.set('gid_handle', handle);
  return page.href;
}

interface Answered {
  readonly flow: LandingPageFlowRow;
  readonly connection: ConnectionRow;
  readonly answer: ProviderAnswer;
  readonly checks: AuthorizationChecks;
  readonly ip: string;
}

async function settle(parts: LandingPageParts, call: Call, answered: Answered): Promise<void> {
  const { flow } = answered;
  const set = await profileOf(parts, call, answered).then(
    (found) => ({ sealedAnswer: sealText(parts.ring(), flow.id, JSON.stringify(found)) }),
    (error: unknown) => {
      if (!(error instanceof GatehouseError) || error.kind === 'internal') throw error;
      return { failure: error.code };
    },
  );
  const now = call.clock.now();
  await call.store.transaction(async (store) => {
    await settleFlow(store, flow.id, { ...set, answeredAt: now, expiresAt: now + codeMs });
    if (!('failure' in set)) return;
    await parts.audit.record(store, call, {
      ...{ action: 'landing_page.refuse', targetType: 'Application', targetId: flow.applicationId },
      ...{ result: 'denied', details: { connection: answered.connection.name, code: set.failure } },
    });
  });
}

async function profileOf(
  parts: LandingPageParts,
  call: Call,
  { flow, connection, answer, checks, ip }: Answered,
): Promise<FlowAnswer> {
  if (!connection.isEnabled) throw sessionErrors.CONNECTION_DISABLED();
  const error = answer.parameters.get('error');
  // The provider's own texts stay away from pages and answers: they are somebody else's words.
  if (error !== null) {
    throw error === 'access_denied' ? providerErrors.LOGIN_DENIED() : providerErrors.LOGIN_FAILED();
  }
  const secrets = await parts.connectionSettings.secretsOf(call.store, connection.id);
  const options = oauthOptions(connection.strategy, connection.options, secrets);
  const { claims } = await identify(parts, answer, options, checks);
  const page = await parts.pages.of(call.store, { id: flow.applicationId });
  const known = await parts.connections.require(call.store, connection.name);
  const mapping = mappingOf(connection.strategy, known.options.attributeMapping);
  const scope = { connections: [connection.name], organizations: [] };
  // SECURITY: what a blacklist names is dropped here, before anything is kept, shown or signed.
  const { mapped } = mapAllowedClaims(mapping, claims, call.policy, scope);
  const { sent, attributes } = usableClaims(mapped, known);
  const policy = known.options.emailVerified ?? mapping.emailVerified;
  const isEmailVerified =
    policy === 'ALWAYS_TRUE' || (policy === 'TRUST_CLAIM' && sent.emailVerified === true);
  const profile = leadProfile(page.returnedAttributes, {
    ...{ sent, attributes, isEmailVerified, provider: connection.strategy },
  });
  if (page.storage !== 'CREATE_USER') return { profile, userId: null };
  // A user without a session: it is made or brought up to date, and nobody is signed in.
  const recorded = await parts.logins.record(call, {
    ...{ connection: connection.name, claims, ip, applicationId: flow.applicationId, isCounted: false },
  });
  return { profile, userId: recorded.user.id };
}
