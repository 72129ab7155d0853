import { connectionOf } from '#src/features/sessions/sign-in/start-after-proof';
import type { ProvenUser } from '#src/features/sessions/minting/proven-user';
import type { Challenge } from '#src/features/sessions/sign-in/sign-in-hooks';
import type { Store } from '#src/storage/store';
import { loginRedirectErrors } from './login-redirect.errors';
import { findRedirects } from './login-redirect.repository';
import { conditionsHold } from './redirect-attribute';
import { findSubject } from './redirect-subject.repository';

/** How many pages one sign-in may lead through. */
export const mostVisits = 5;

/** The next page that this sign-in has to visit; null: none is left. LOGIN_STEP_LIMIT for the sixth. Inside the transaction of `store`. */
export async function askRedirect(store: Store, user: ProvenUser): Promise<Challenge | null> {
  const passed = user.passedSteps ?? [];
  const connection = connectionOf(user);
  const concerning = (await findRedirects(store)).filter(
    ({ name, isEnabled, applicationIds, connections }) =>
      isEnabled &&
      !passed.includes(name) &&
      (applicationIds.length === 0 || applicationIds.includes(user.clientId ?? '')) &&
      (connections.length === 0 || connections.includes(connection)),
  );
  if (concerning.length === 0) return null;
  const subject = await findSubject(store, user.userId);
  const next = concerning.find((redirect) => subject !== null && conditionsHold(redirect, subject));
  if (next === undefined) return null;
  if (passed.length >= mostVisits) throw loginRedirectErrors.LOGIN_STEP_LIMIT();
  return { kind: 'redirect', step: next.name };
}
