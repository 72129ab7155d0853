import { blacklistReach } from '#src/access/blacklist';
import type { Call } from '#src/access/call';
import type { ObjectFacts } from '#src/access/decide';
import { segmentsOf } from '#src/access/attribute-path';
import { sealText } from '#src/config/seal-text';
import { isSecureIssuer } from '#src/config/origin';
import { returnTarget } from '#src/features/applications/redirects/return-target';
import type { SigningBrowser } from '#src/features/sessions/minting/proven-user';
import type { Departure, Suspended } from '#src/features/sessions/sign-in/sign-in-hooks';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import { setCookieHeader } from '#src/http/cookies';
import { commonErrors } from '#src/shared/errors';
import type { RedirectServices } from './login-redirect.service';
import { isScalar } from './check-login-redirect';
import { loginRedirectErrors } from './login-redirect.errors';
import type { LoginRedirectRow } from './login-redirect.repository';
import type { LoginRedirectService } from './login-redirect.service';
import { insertSuspension } from './login-suspension.repository';
import { valueOf } from './redirect-attribute';
import { findSubject } from './redirect-subject.repository';
import { signVisit } from './redirect-token';
import { hashSecret } from '#src/shared/secret-hash';

export interface VisitParts extends RedirectServices {
  readonly redirects: LoginRedirectService;
  readonly issuer: string;
}

const longestValue = 255;

/** The cookie that says in which browser a visit began; each has its own, so that two tabs do not end each other's. */
export function visitCookie(stateHash: string): string {
  return `gid_step_${stateHash.slice(0, 12)}`;
}

/** Sends the browser of a sign-in to the page that it has to visit; what it needs to come back is kept for as long as the sign-in waits. */
export async function depart(
  parts: VisitParts,
  call: Call,
  { token, step, user: { userId, clientId }, expiresAt }: Suspended,
  { ip, returnUrl }: Pick<SigningBrowser, 'ip' | 'returnUrl'>,
): Promise<Departure> {
  const redirect = (await parts.redirects.list(call.store)).find(({ name }) => name === step);
  if (redirect === undefined) throw loginRedirectErrors.LOGIN_STEP_INVALID();
  const [state, binding, now] = [call.ids.secret(32), call.ids.secret(32), call.clock.now()];
  const [id, stateHash] = [call.ids.next('txn'), hashSecret(state)];
  const row = {
    ...{ id, stateHash, bindingHash: hashSecret(binding), redirectName: step, userId },
    sealedToken: sealText(parts.ring(), id, token),
    returnUrl: returnUrl === undefined ? await usualTarget(parts, call, clientId) : returnUrl,
    ...{ createdAt: now, expiresAt, consumedAt: null },
  };
  await call.store.transaction((store) => insertSuspension(store, row));
  const visit = await signVisit(await parts.redirects.secretOf(call.store, step), {
    ...{ userId, ip, now, issuer: parts.issuer, id: call.ids.secret(16) },
    ...{ payload: await payloadFor(call, userId, redirect), seconds: redirect.tokenSeconds },
  });
  const query = new URLSearchParams({ state, session_token: visit }).toString();
  const url = `${redirect.url}${redirect.url.includes('?') ? '&' : '?'}${query}`;
  const isSecure = isSecureIssuer(parts);
  const maxAgeSeconds = Math.ceil((expiresAt - now) / 1_000);
  const setCookie = setCookieHeader(visitCookie(stateHash), binding, { isSecure, maxAgeSeconds });
  return { kind: 'REDIRECT_REQUIRED', ...{ url, setCookies: [setCookie], expiresAt } };
}

async function usualTarget(
  { applications }: Pick<RedirectServices, 'applications'>,
  call: Call,
  clientId: string | null,
): Promise<string | null> {
  const application = clientId === null ? null : await applications.enabled(call.store, clientId);
  return application === null ? null : returnTarget(null, application).url;
}

/** What the page is told. SECURITY: what is on the blacklist leaves the gateway on no way. */
async function payloadFor(
  call: Call,
  userId: string,
  { payload }: LoginRedirectRow,
): Promise<Readonly<Record<string, string | number | boolean>>> {
  if (payload.length === 0) return {};
  if (call.policy.unavailable) throw commonErrors.POLICY_UNAVAILABLE();
  const subject = await findSubject(call.store, userId);
  if (subject === null) return {};
  const facts = await objectFactsOf(call, call.store, userId);
  const told = payload
    .filter((attribute) => !isBlacklisted(call, attribute, facts))
    .map((attribute) => [attribute, valueOf(attribute, subject)] as const)
    .filter((entry): entry is readonly [string, string | number | boolean] => isTold(entry[1]));
  return Object.fromEntries(told);
}

function isBlacklisted(call: Call, attribute: string, facts: ObjectFacts): boolean {
  return blacklistReach(call.policy, 'READ', segmentsOf(attribute), facts) !== 'no';
}

function isTold(value: unknown): boolean {
  return isScalar(value) && String(value).length <= longestValue;
}
