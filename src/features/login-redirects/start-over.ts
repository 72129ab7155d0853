import type { Call } from '#src/access/call';
import { openText } from '#src/config/seal-text';
import { asAsked, signInPage } from '#src/features/providers/login/start-again';
import { GatehouseError } from '#src/shared/errors';
import { hashSecret } from '#src/shared/secret-hash';
import { findBegunVisit } from './login-suspension.repository';
import type { PageAnswer, ResumeParts } from './resume';

/**
 * The sign-in page, for somebody with whose return nothing could be done, with what the application had asked for; null where this browser was not
 * sent away with that state, or the sign-in is known no more. The visit may be used up.
 */
export async function startOver(
  parts: ResumeParts,
  call: Call,
  { state, bindingSecret }: Pick<PageAnswer, 'state' | 'bindingSecret'>,
): Promise<string | null> {
  if (bindingSecret === null) return null;
  const mark = { stateHash: hashSecret(state), bindingHash: hashSecret(bindingSecret) };
  const visit = await findBegunVisit(call.store, mark);
  if (visit === null) return null;
  const begun = await begunSignIn(parts, call, openText(parts.ring(), visit.id, visit.sealedToken));
  if (begun === null || begun.clientId === null) return null;
  const { clientId, organizationId } = begun;
  const application = await parts.applications.enabled(call.store, clientId);
  if (application === null) return null;
  const returnTo = visit.returnUrl === null ? null : asAsked(visit.returnUrl, application);
  return signInPage(parts, { clientId, organizationId, returnTo });
}

/** Null: it came to its end, or waited too long. */
async function begunSignIn({ sessions }: ResumeParts, call: Call, token: string) {
  try {
    return await sessions.pendingSignIn(call, token);
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'MFA_TOKEN_INVALID') return null;
    throw error;
  }
}
