import { GatehouseError } from '#src/shared/errors';
import { askFactor } from './go-on';
import { linkAgain, linkSteps } from './link-steps';
import type { Answer, LoginPageParts, Visit } from './login-parts';
import { enrollmentPage, factorPage } from '#src/features/login-pages/pages/factor-pages';
import { passwordPage } from '#src/features/login-pages/pages/first-pages';
import { firstPage, steps } from './steps';

const tooOld = 'This sign-in took too long, or was finished already. Start again.';

/** Takes the step that a form asks for. What a person can do something about is told on the page that the form came from. */
export async function takeStep(parts: LoginPageParts, visit: Visit): Promise<Answer> {
  const name = visit.form.get('do') ?? '';
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (step === undefined) return firstPage(parts, visit);
  try {
    return await step(parts, visit);
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.kind === 'internal') throw error;
    if (['MFA_TOKEN_INVALID', 'LINK_TOKEN_INVALID'].includes(error.code))
      return firstPage(parts, visit, tooOld);
    // Nothing can be linked any more; signing in once more tells what can be done now.
    if (error.code === 'LINK_CONFLICT') return firstPage(parts, visit, error.message);
    if (Object.hasOwn(linkSteps, name)) return await linkAgain(parts, visit, name, error.message);
    return again(parts, visit, name, error.message);
  }
}

async function again(parts: LoginPageParts, visit: Visit, name: string, problem: string): Promise<Answer> {
  const { flow, application } = visit;
  const about = { flow, application, problem };
  switch (name) {
    case 'password':
    case 'forgot':
      return { page: passwordPage(about), flow };
    case 'enroll':
      return { page: enrollmentPage(about), flow };
    case 'proof':
    case 'factor':
      // A passkey's challenge is used up by an answer, right or wrong.
      if (flow.factor === 'webauthn') return askFactor(parts, visit, flow, 'webauthn', problem);
      return { page: factorPage(about, null), flow };
    default:
      return firstPage(parts, visit, problem);
  }
}
