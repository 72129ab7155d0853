import type { Call } from '#src/access/call';
import { openText } from '#src/config/seal-text';
import { landingPageErrors } from '#src/features/landing-pages/landing-page.errors';
import { givenAttributes, type LeadProfile } from '#src/features/landing-pages/lead-attribute';
import type { FlowAnswer } from './answer-flow';
import { setFlowCode, takeFlow, type LandingPageFlowRow } from './landing-page-flow.repository';
import type { LandingPageParts } from './landing-page-parts';
import { answersChallenge } from '#src/shared/code-challenge';
import { hashSecret, isSameSecretHash } from '#src/shared/secret-hash';

/** A code for a popup that shows the flow's end; null when there is nothing to fetch, or a code was given out before. */
export async function codeFor(call: Call, flow: LandingPageFlowRow): Promise<string | null> {
  if (flow.sealedAnswer === null || flow.expiresAt <= call.clock.now()) return null;
  const code = call.ids.secret(32);
  const isNew = await call.store.transaction((store) => setFlowCode(store, flow.id, hashSecret(code)));
  return isNew ? code : null;
}

export interface TakenProfile {
  readonly profile: LeadProfile;
  readonly leadProof: string;
}

export interface TakeProfile {
  readonly verifier: string;
  /** From the popup; null: the page asks whether the provider has answered. */
  readonly code: string | null;
}

/**
 * Hands a profile to the page that began, once; null while the provider has not answered. PROFILE_CODE_INVALID, or the code of what went
 * wrong at the provider.
 */
export async function takeProfile(
  parts: LandingPageParts,
  call: Call,
  flow: LandingPageFlowRow,
  { verifier, code }: TakeProfile,
): Promise<TakenProfile | null> {
  const now = call.clock.now();
  const isProven =
    answersChallenge(verifier, flow.challenge) &&
    (code === null || (flow.codeHash !== null && isSameSecretHash(hashSecret(code), flow.codeHash)));
  if (!isProven || flow.takenAt !== null || flow.expiresAt <= now)
    throw landingPageErrors.PROFILE_CODE_INVALID();
  if (flow.failure !== null)
    throw landingPageErrors.PROFILE_REFUSED({ extensions: { reason: flow.failure } });
  // SECURITY: without the code, only where the browser was seen to come from the page; see `sendToProvider`.
  const isWaiting = flow.sealedAnswer === null || (code === null && flow.pageIsProven !== true);
  if (isWaiting) return null;
  const { profile, userId } = JSON.parse(openText(parts.ring(), flow.id, flow.sealedAnswer)) as FlowAnswer;
  const { applicationId, origin, consentTextId, connectionId } = flow;
  await call.store.transaction(async (store) => {
    // SECURITY: a code redeemed twice in parallel; the row is used up before anything is handed out.
    if (!(await takeFlow(store, flow.id, now))) throw landingPageErrors.PROFILE_CODE_INVALID();
    const connection = await parts.connections.byId(store, connectionId);
    await parts.audit.record(store, call, {
      ...{ action: captureAction, targetType: 'Application', targetId: applicationId },
      details: {
        ...{ connection: connection?.name ?? null, origin, consentTextId, userId },
        attributes: givenAttributes(profile),
      },
    });
  });
  const leadProof = await parts.proofs.sign({ clientId: applicationId, origin, profile });
  return { profile, leadProof };
}

export const captureAction = 'landing_page.capture';
