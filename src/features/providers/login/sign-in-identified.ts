import { addressOf } from '#src/config/origin';
import type { Call } from '#src/access/call';
import { leaveWithCode } from '#src/features/providers/connecting/open-connecting';
import { providerErrors } from '#src/features/providers/provider.errors';
import type { ProviderTokens } from '#src/features/providers/tokens/identity-tokens';
import type { ProvenMethod, SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { requireApplication } from '#src/features/sessions/sign-in/sign-in-application';
import type { FoundFactor } from '#src/features/sessions/sign-in/sign-in-proven';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import type { LoginFlow } from './login-flow';
import type { LoginParts } from './login-parts';
import { providerWord } from './provider-word';

/** Somebody whom a provider has identified, and whereto they wanted to sign in. */
export interface Identified {
  /** Name of the connection. */
  readonly connection: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What the provider says of how it proved who it is (`acr`, `amr`); absent: it stands in the claims. */
  readonly word?: Readonly<Record<string, unknown>>;
  /** Whether the provider's second factor counts here. */
  readonly isMultiFactor: boolean;
  /** When the session at the provider ends, where that counts here. */
  readonly endsBy?: Instant;
  /** NONE: nobody is asked anything. */
  readonly prompt?: string | null;
  readonly clientId: string;
  readonly organizationId: string | null;
  readonly returnUrl: string;
  /** The anonymous session that the new one takes over. */
  readonly anonymousSessionId?: string | null;
  /** PAGE: what is missing is asked for by the gateway's own page, in the browser that has the secret; else by the application. */
  readonly goesOn?: string;
  readonly bindingSecret?: string | null;
  /** The session that the account there is to belong to; null: somebody signs in. */
  readonly linkSessionId?: string | null;
  /** What an application has begun to connect; null: somebody signs in. */
  readonly accountConnectionId?: string | null;
  /** What the provider gave to act there for the person, where the connection keeps it. */
  readonly tokens?: ProviderTokens | null;
  /** Keeps the session at the provider, so that signing out can end both; answers its id, if it has one. Asked in the transaction of the sign-in, when the user is known. */
  readonly keepProviderSession?: (store: Store, userId: string) => Promise<string | undefined>;
}

export interface FinishedLogin {
  /** Where the browser goes. */
  readonly url: string;
  /** The headers that keep the session, or by which the browser is known when it comes back; null while a second factor is missing. */
  readonly setCookie: readonly string[] | null;
}

/** Brings the user up to date and starts the session; what signing in refuses is thrown. */
export async function signInIdentified(
  parts: LoginParts,
  call: Call,
  identified: Identified,
  browser: SigningBrowser,
): Promise<FinishedLogin> {
  const { connection, claims, clientId, organizationId, returnUrl } = identified;
  const application = await requireApplication(parts, call.store, clientId, organizationId);
  const login = { ...{ connection, claims, ip: browser.ip }, applicationId: application.id };
  const { anonymousSessionId = null, isMultiFactor, linkSessionId = null } = identified;
  const { accountConnectionId = null } = identified;
  if (accountConnectionId !== null)
    return {
      url: await leaveWithCode(parts, call, accountConnectionId, {
        login,
        tokens: identified.tokens ?? null,
      }),
      setCookie: null,
    };
  if (linkSessionId !== null) {
    const linked = await parts.linking.linkToSession(call, login, linkSessionId);
    const told =
      linked.kind === 'LINKED'
        ? `linked=${encodeURIComponent(connection)}`
        : `account_link_token=${linked.linkToken}`;
    return { url: `${returnUrl}#${told}`, setCookie: null };
  }
  const signIn = { clientId, organizationId, anonymousSessionId, isMultiFactor };
  const isSilent = identified.prompt === 'NONE';
  const met: { linkToken?: string; userId?: string } = {};
  // One transaction from the provider's word to the session: nothing is left of a sign-in that does not come to its end.
  const find = async (store: Store): Promise<FoundFactor | null> => {
    const inside = { ...call, store };
    const arrived = await parts.linking.arrive(store, inside, login, signIn);
    if (arrived.kind === 'PROMPT') {
      if (isSilent) throw sessionErrors.INTERACTION_REQUIRED();
      met.linkToken = arrived.linkToken;
      return null;
    }
    const { userId, linkId } = arrived;
    met.userId = userId;
    const providerSession = await identified.keepProviderSession?.(store, userId);
    const method: Omit<ProvenMethod, 'timestamp'> = {
      ...{ name: 'federated', connection, ...providerWord(identified.word ?? claims) },
      ...(identified.isMultiFactor ? { isMultiFactor: true as const } : {}),
      ...(providerSession === undefined ? {} : { providerSession }),
      ...(identified.endsBy === undefined ? {} : { endsBy: identified.endsBy }),
      ...(linkId === null ? {} : { link: linkId }),
    };
    const standing = 'standing' in arrived ? arrived.standing : null;
    return { userId, standing, method, organizationId, application };
  };
  const visit = anonymousSessionId === null ? null : { id: anonymousSessionId };
  const signing = { ...browser, visit, returnUrl, isSilent };
  const outcome = await parts.logins.atOnce(() => parts.sessions.signInFound(call, find, signing));
  if (met.userId !== undefined) parts.logins.announce(met.userId);
  if (outcome === null) return askAboutLink(parts, call, identified, met.linkToken ?? '');
  switch (outcome.kind) {
    case 'LOGGED_IN':
      return { url: returnUrl, setCookie: outcome.setCookies };
    case 'REDIRECT_REQUIRED':
      return { url: outcome.url, setCookie: outcome.setCookies };
    case 'MFA_CHALLENGE': {
      const { mfaToken: token, factors } = outcome;
      const page = pageUrl(parts, call, identified, { token, factors });
      // In the fragment, which no server sees: the application's page goes on with `completeMfa`.
      return { url: page ?? `${returnUrl}#mfa_token=${token}`, setCookie: null };
    }
    case 'ORGANIZATION_CHOICE': {
      const { choiceToken: token } = outcome;
      const page = pageUrl(parts, call, identified, { token, isChoice: true });
      // Likewise, with `chooseOrganization`.
      return { url: page ?? `${returnUrl}#choice_token=${token}`, setCookie: null };
    }
    default:
      throw providerErrors.LOGIN_FAILED();
  }
}

/** Nothing is linked or made before the person has answered: at the gateway's page, or at that of the application. */
function askAboutLink(
  parts: LoginParts,
  call: Call,
  identified: Identified,
  linkToken: string,
): FinishedLogin {
  const page = pageUrl(parts, call, identified, { link: linkToken });
  return { url: page ?? `${identified.returnUrl}#link_token=${linkToken}`, setCookie: null };
}

/** The gateway's own page, where the sign-in goes on; null where the application's does. */
function pageUrl(
  { flows, issuer }: LoginParts,
  call: Call,
  { clientId, organizationId, returnUrl, goesOn, bindingSecret = null }: Identified,
  waiting: Pick<LoginFlow, 'token' | 'factors' | 'isChoice' | 'link'>,
): string | null {
  if (goesOn !== 'PAGE' || bindingSecret === null) return null;
  const flow = { clientId, organizationId, returnUrl, startedAt: call.clock.now(), ...waiting };
  const url = new URL(addressOf(issuer, '/login'));
  url.searchParams.set('flow', flows.seal(flow, bindingSecret));
  return url.href;
}
