import type { Call } from '#src/access/call';
import { addressOf } from '#src/config/origin';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import { returnTarget } from '#src/features/applications/redirects/return-target';
import { hashSecret } from '#src/shared/secret-hash';
import type { GatehouseError } from '#src/shared/errors';
import type { LoginParts } from './login-parts';
import { findBegunLogin } from './login-transaction.repository';

type Parts = Pick<LoginParts, 'applications' | 'issuer'>;

interface Begun {
  readonly clientId: string;
  readonly organizationId: string | null;
  /** As the application asked for it. */
  readonly returnTo: string | null;
}

/** Refusals after which another way in may work. */
const ofConnection = new Set([
  'CONNECTION_NOT_FOUND',
  'CONNECTION_DISABLED',
  'CONNECTION_INCOMPLETE',
  'PROVIDER_UNAVAILABLE',
]);

/** The sign-in page, for somebody whose way to a provider ended before it began; null: it would end there too. */
export async function otherWayIn(
  parts: Parts,
  call: Call,
  begun: Begun,
  error: GatehouseError,
): Promise<string | null> {
  if (!ofConnection.has(error.code)) return null;
  return (await parts.applications.enabled(call.store, begun.clientId)) === null
    ? null
    : signInPage(parts, begun);
}

/**
 * The sign-in page, for somebody with whose answer nothing could be done, with what the application had asked for; null where the sign-in belonged to
 * a page of the application, or this browser began none. The answer may be old or used up.
 */
export async function startAgain(
  parts: Parts,
  call: Call,
  { state, bindingSecret }: { readonly state: string | null; readonly bindingSecret: string | null },
): Promise<string | null> {
  if (state === null || bindingSecret === null) return null;
  const mark = { stateHash: hashSecret(state), bindingHash: hashSecret(bindingSecret) };
  const row = await findBegunLogin(call.store, mark);
  if (row?.goesOn !== 'PAGE' || row.accountConnectionId !== null) return null;
  const application = await parts.applications.enabled(call.store, row.clientId);
  if (application === null) return null;
  const { clientId, organizationId, returnUrl } = row;
  return signInPage(parts, { clientId, organizationId, returnTo: asAsked(returnUrl, application) });
}

/** What an application asks for to get there; null: nothing, it is its default. */
export function asAsked(url: string, application: ApplicationRow): string | null {
  const { pathname, search } = new URL(url);
  const asked = [`${pathname}${search}`, url].find((one) => returnTarget(one, application).url === url);
  return url === application.defaultRedirectUri ? null : (asked ?? null);
}

/** The address of the sign-in page with what an application asks for. */
export function signInPage(
  { issuer }: Pick<Parts, 'issuer'>,
  { clientId, organizationId, returnTo }: Begun,
): string {
  const url = new URL(addressOf(issuer, '/login'));
  url.searchParams.set('client_id', clientId);
  if (organizationId !== null) url.searchParams.set('organization', organizationId);
  if (returnTo !== null) url.searchParams.set('return_to', returnTo);
  return url.href;
}
