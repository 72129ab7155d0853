import type { Call } from '#src/access/call';
import { openText } from '#src/config/seal-text';
import type { SigningBrowser } from '#src/features/sessions/minting/proven-user';
import type { SessionService, SignedInOutcome } from '#src/features/sessions/session.service';
import { loginRedirectErrors } from './login-redirect.errors';
import type { LoginRedirectRow } from './login-redirect.repository';
import {
  consumeSuspension,
  findSuspension,
  useToken,
  type LoginSuspensionRow,
} from './login-suspension.repository';
import type { VisitParts } from './depart';
import { conditionsHold } from './redirect-attribute';
import { findSubject } from './redirect-subject.repository';
import { readAnswer } from './redirect-token';
import { hashSecret } from '#src/shared/secret-hash';

export interface ResumeParts extends VisitParts {
  readonly sessions: SessionService;
}

/** What a page sent back with the browser. */
export interface PageAnswer {
  readonly state: string;
  /** The browser's own secret of this visit. */
  readonly bindingSecret: string | null;
  readonly sessionToken: string | null;
  /** `access_denied`, or whatever else the page gives in its place: the step was not done. */
  readonly error: string | null;
}

export interface Resumed {
  readonly outcome: SignedInOutcome;
  readonly returnUrl: string | null;
}

const stateForm = /^[\w-]{43}$/;
const rememberedMs = 3_600_000;

/**
 * Goes on with a sign-in whose browser comes back from a page. The visit is used up, whatever comes of it. LOGIN_STEP_INVALID for a visit
 * that is over, of another browser or with an answer that is not good; LOGIN_STEP_DENIED where the step was not done; and what signing in refuses.
 */
export async function resume(
  parts: ResumeParts,
  call: Call,
  answer: PageAnswer,
  browser: Omit<SigningBrowser, 'cookieMode' | 'tokenUse'>,
): Promise<Resumed> {
  const { visit, redirect } = await useUp(parts, call, answer);
  const refusal = await refusalOf(parts, call, visit, redirect, answer);
  if (refusal !== null) {
    await recordRefusal(parts, call, visit, refusal);
    throw refusal === 'token'
      ? loginRedirectErrors.LOGIN_STEP_INVALID()
      : loginRedirectErrors.LOGIN_STEP_DENIED();
  }
  const token = openText(parts.ring(), visit.id, visit.sealedToken);
  const method = redirect.recordsMethod ? { name: 'custom', connection: null } : null;
  const { returnUrl } = visit;
  const outcome = await parts.sessions.passStep(
    call,
    { token, step: redirect.name, method },
    { ...browser, returnUrl },
  );
  return { outcome, returnUrl };
}

async function useUp(
  parts: ResumeParts,
  call: Call,
  { state, bindingSecret }: PageAnswer,
): Promise<{ readonly visit: LoginSuspensionRow; readonly redirect: LoginRedirectRow }> {
  const now = call.clock.now();
  if (bindingSecret === null || !stateForm.test(state)) throw loginRedirectErrors.LOGIN_STEP_INVALID();
  const which = { stateHash: hashSecret(state), bindingHash: hashSecret(bindingSecret), now };
  const visit = await findSuspension(call.store, which);
  const redirects = visit === null ? [] : await parts.redirects.list(call.store);
  const redirect = redirects.find(({ name }) => name === visit?.redirectName);
  if (visit === null || redirect === undefined) throw loginRedirectErrors.LOGIN_STEP_INVALID();
  // SECURITY: many answers to one visit at once; the first one has it, before anything of it is looked at.
  if (!(await call.store.transaction((store) => consumeSuspension(store, visit.id, now)))) {
    throw loginRedirectErrors.LOGIN_STEP_INVALID();
  }
  return { visit, redirect };
}

type Refusal = 'denied' | 'token' | 'conditions';

async function refusalOf(
  parts: ResumeParts,
  call: Call,
  { userId }: LoginSuspensionRow,
  redirect: LoginRedirectRow,
  { state, sessionToken, error }: PageAnswer,
): Promise<Refusal | null> {
  if (error !== null) return 'denied';
  if (sessionToken !== null || redirect.proof === 'TOKEN') {
    const key = await parts.redirects.secretOf(call.store, redirect.name);
    const now = call.clock.now();
    const jti = await readAnswer(key, sessionToken ?? '', { userId, state, now });
    if (jti === null) return 'token';
    // SECURITY: replay; an answer is taken once.
    const used = { redirectName: redirect.name, tokenHash: hashSecret(jti), expiresAt: now + rememberedMs };
    if (!(await call.store.transaction((store) => useToken(store, used)))) return 'token';
  }
  if (redirect.proof !== 'CONDITIONS') return null;
  const subject = await findSubject(call.store, userId);
  return subject === null || conditionsHold(redirect, subject) ? 'conditions' : null;
}

/** The reason alone: what a page says is nobody's word. */
function recordRefusal(
  { audit }: Pick<ResumeParts, 'audit'>,
  call: Call,
  { userId, redirectName }: LoginSuspensionRow,
  reason: Refusal,
): Promise<void> {
  return call.store.transaction((store) =>
    audit.record(store, call, {
      ...{ action: 'login_redirect.refuse', targetType: 'User', targetId: userId },
      ...{ result: 'denied', details: { redirect: redirectName, reason } },
    }),
  );
}
