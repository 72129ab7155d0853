import type { StartedProof } from '#src/features/factors/proofs/start-proof';
import type { LoginFlow } from '#src/features/providers/login/login-flow';
import type { SignedInOutcome } from '#src/features/sessions/session.service';
import type { PendingChoice } from '#src/features/sessions/sign-in/choose-organization';
import { markup } from '#src/http/pages/html';
import type { Answer, LoginPageParts, Visit } from './login-parts';
import { endPage } from '#src/features/login-pages/pages/frame';
import { choicePage } from '#src/features/login-pages/pages/organization-pages';
import { enrollmentPage, factorPage } from '#src/features/login-pages/pages/factor-pages';
import { openApplicationPage } from '#src/http/pages/leave';

/** What follows a proof that was right: the place where the person wanted to go, or the next step. */
export async function goOn(
  parts: LoginPageParts,
  visit: Visit,
  outcome: SignedInOutcome,
  deviceCookie: string | null = null,
): Promise<Answer> {
  const { flow } = visit;
  switch (outcome.kind) {
    case 'LOGGED_IN':
      return arrive(flow, [...outcome.setCookies, deviceCookie]);
    case 'MFA_CHALLENGE':
      return {
        ...(await askFactor(parts, visit, {
          ...withoutChoice(flow),
          ...{ token: outcome.mfaToken, factors: outcome.factors },
        })),
        ...(outcome.setCookies === undefined ? {} : { setCookies: outcome.setCookies }),
      };
    case 'REDIRECT_REQUIRED':
      return leave(outcome.url, [...outcome.setCookies, ...(deviceCookie === null ? [] : [deviceCookie])]);
    case 'ORGANIZATION_CHOICE':
      return choice(visit, outcome.choiceToken, outcome, deviceCookie);
    case 'EMAIL_VERIFICATION_REQUIRED':
      return ending('Verify your e-mail address', 'Follow the link that we sent you, then sign in again.');
    case 'PASSWORD_CHANGE_REQUIRED':
      return ending(
        'Choose a new password',
        'Your password has to be changed before you can go on. Go back and choose “I have forgotten my password”: we send you a link for a new one.',
      );
  }
}

/** An organization that was chosen may ask for a second factor of its own. */
function withoutChoice({ isChoice: _isChoice, ...flow }: LoginFlow): LoginFlow {
  return flow;
}

/** The page of the next step of a sign-in that was begun elsewhere; MFA_TOKEN_INVALID for one that is over. */
export async function askFurther(parts: LoginPageParts, visit: Visit): Promise<Answer> {
  const { call, flow } = visit;
  const { token = '' } = flow;
  if (flow.isChoice !== true) return askFactor(parts, visit, flow);
  return choice(visit, token, await parts.sessions.pendingChoice(call, token));
}

/** Everything is proved: the person picks the organization, on a page that needs no more than its buttons. */
function choice(
  { flow, application }: Visit,
  token: string,
  offered: PendingChoice,
  deviceCookie: string | null = null,
): Answer {
  const { factors: _factors, ...rest } = flow;
  const next: LoginFlow = { ...rest, token, isChoice: true };
  const setCookies = deviceCookie === null ? [] : [deviceCookie];
  return { page: choicePage({ flow: next, application }, offered), flow: next, setCookies };
}

/** No redirect: a form of this page may lead to this origin and to the application alone. */
function leave(url: string, setCookies: readonly string[]): Answer {
  const body = markup`<p role="status">One more step, on another page.</p>
<p><a class="way" href="${url}">Go on</a></p>`;
  return { page: { status: 200, title: 'One more step', body, goesTo: url }, flow: null, setCookies };
}

function ending(title: string, text: string): Answer {
  return { page: endPage(title, text), flow: null };
}

function arrive({ returnUrl }: LoginFlow, cookies: readonly (string | null)[]): Answer {
  const setCookies = cookies.filter((cookie) => cookie !== null);
  if (returnUrl === null) return { goesTo: '/login?done=1', setCookies };
  if (/^https?:/.test(returnUrl)) return { goesTo: returnUrl, setCookies };
  return { page: openApplicationPage(returnUrl), flow: null, setCookies };
}

const preferred = ['otp', 'webauthn', 'email_otp', 'recovery'];

/** The page of the second factor: the one that was chosen, else the handiest that the person has; none: one is set up now. */
export async function askFactor(
  { mfa }: LoginPageParts,
  { call, application }: Visit,
  flow: LoginFlow,
  chosen: string | null = null,
  problem: string | null = null,
): Promise<Answer> {
  const { factors = [], token = '' } = flow;
  if (factors.length === 0) {
    const { authSession, manualInputCode, uri } = await mfa.startEnrollment(call, token, {
      ...{ type: 'TOTP', name: null },
    });
    const next = {
      ...flow,
      enrollment: authSession,
      ...(manualInputCode === undefined ? {} : { enrollmentKey: manualInputCode }),
      ...(uri === undefined ? {} : { enrollmentUri: uri }),
    };
    return { page: enrollmentPage({ flow: next, application }), flow: next };
  }
  const wanted = preferred.find((name) => factors.includes(name)) ?? '';
  const factor = chosen !== null && factors.includes(chosen) ? chosen : wanted;
  const started = await startFactor(mfa, call, token, factor);
  const { challenge: _old, sentTo: _before, ...rest } = flow;
  const next: LoginFlow = {
    ...rest,
    factor,
    ...(started === null ? {} : { challenge: started.challenge }),
    ...(started?.sentTo === undefined ? {} : { sentTo: started.sentTo }),
  };
  return { page: factorPage({ flow: next, application, problem }, started?.options ?? null), flow: next };
}

async function startFactor(
  mfa: LoginPageParts['mfa'],
  call: Visit['call'],
  token: string,
  factor: string,
): Promise<StartedProof | null> {
  if (factor === 'webauthn') return mfa.startProof(call, token, 'PASSKEY');
  return factor === 'email_otp' ? mfa.startProof(call, token, 'EMAIL') : null;
}
