import type { Call } from '#src/access/call';
import { openText } from '#src/config/seal-text';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { leaveWithError, oauthError } from '#src/features/providers/connecting/open-connecting';
import { oauthOptions, type OAuthOptions } from '#src/features/providers/oauth/oauth-options';
import { postedName } from '#src/features/providers/oauth/provider-answers';
import type { AuthorizationChecks, ProviderIdentity } from '#src/features/providers/oauth/provider-client';
import { faultIn } from '#src/features/providers/oauth/try-provider';
import { providerErrors } from '#src/features/providers/provider.errors';
import type { SigningBrowser } from '#src/features/sessions/minting/proven-user';
import type { Instant } from '#src/shared/clock';
import { GatehouseError } from '#src/shared/errors';
import { keepFromProvider } from './keep-from-provider';
import { callbackUrl, type LoginParts } from './login-parts';
import type { LoginTransactionRow } from './login-transaction.repository';
import { signInIdentified, type FinishedLogin, type Identified } from './sign-in-identified';
import { useUp } from './use-up';

export interface ProviderAnswer {
  /** Name of the connection whose callback was called. */
  readonly connection: string;
  /** What the provider sent with the browser. */
  readonly parameters: URLSearchParams;
  readonly bindingSecret: string | null;
}

/**
 * Takes a provider's answer: checks that this browser began the sign-in, uses it up, exchanges the code, brings the user up to date and
 * starts the session. LOGIN_TRANSACTION_INVALID, LOGIN_DENIED, LOGIN_FAILED, PROVIDER_UNAVAILABLE, and what signing in refuses.
 */
export async function finishLogin(
  parts: LoginParts,
  call: Call,
  answer: ProviderAnswer,
  browser: SigningBrowser,
): Promise<FinishedLogin> {
  const { row, connection } = await useUp(parts, call, {
    ...{ connection: answer.connection, bindingSecret: answer.bindingSecret },
    state: answer.parameters.get('state'),
  });
  return finishWith(parts, call, { row, connection, answer }, browser).catch(async (error: unknown) =>
    tellApplication(call, row, await refusal(parts, call, { row, connection }, error)),
  );
}

/**
 * Where the browser goes when nothing came of what an application has begun: to connect an account, or to sign somebody in without a question.
 * Else `error` is thrown, for a page.
 */
export async function tellApplication(
  call: Call,
  { accountConnectionId = null, prompt = null, returnUrl }: ToldApplication,
  error: unknown,
): Promise<FinishedLogin> {
  if (!(error instanceof GatehouseError) || error.kind === 'internal') throw error;
  if (prompt === 'NONE' && accountConnectionId === null) {
    const told = new URLSearchParams({ error: oauthError(error.code), error_description: error.code });
    return { url: `${returnUrl}#${told.toString()}`, setCookie: null };
  }
  if (accountConnectionId === null) throw error;
  const url = await leaveWithError(call, accountConnectionId, error);
  if (url === null) throw error;
  return { url, setCookie: null };
}

type ToldApplication = Pick<Identified, 'accountConnectionId' | 'prompt' | 'returnUrl'>;

/** A provider that was not to ask anything, and would have to (OpenID Connect Core 1.0 section 3.1.2.6). */
const wouldAsk = new Set([
  ...['login_required', 'interaction_required', 'consent_required', 'account_selection_required'],
]);

function refusalOf(error: string): GatehouseError {
  if (error === 'access_denied') return providerErrors.LOGIN_DENIED();
  return wouldAsk.has(error) ? providerErrors.LOGIN_REQUIRED() : providerErrors.LOGIN_FAILED();
}

interface BegunLogin {
  readonly row: LoginTransactionRow;
  readonly connection: ConnectionRow;
}

async function finishWith(
  parts: LoginParts,
  call: Call,
  { row, connection, answer }: BegunLogin & { readonly answer: ProviderAnswer },
  browser: SigningBrowser,
): Promise<FinishedLogin> {
  const error = answer.parameters.get('error');
  // The provider's own texts stay away from pages and answers: they are somebody else's words.
  if (error !== null) throw refusalOf(error);
  const secrets = await parts.connectionSettings.secretsOf(call.store, connection.id);
  const options = oauthOptions(connection.strategy, connection.options, secrets);
  const checks = JSON.parse(openText(parts.ring(), row.id, row.sealedChecks)) as AuthorizationChecks;
  const identity = await identify(parts, answer, options, checks, row.maxAgeSeconds);
  const endsBy = options.honoursSessionExpiry ? sessionExpiry(identity.claims) : null;
  if (endsBy !== null && endsBy <= call.clock.now()) throw providerErrors.LOGIN_FAILED();
  return signInIdentified(
    parts,
    call,
    {
      ...{ connection: connection.name, claims: identity.claims, ...row },
      isMultiFactor: options.trustsUpstreamMfa && identity.isMultiFactor,
      keepProviderSession: (store, userId) =>
        keepFromProvider(parts, store, call, userId, { connection, options, identity }),
      bindingSecret: answer.bindingSecret,
      tokens: options.storesTokens ? identity.tokens : null,
      ...(endsBy === null ? {} : { endsBy }),
    },
    browser,
  );
}

/** When the provider says that its session ends (seconds since 1970); null: it does not say, or not in a way that can be read. */
function sessionExpiry({ session_expiry: seconds }: ProviderIdentity['claims']): Instant | null {
  return Number.isSafeInteger(seconds) ? (seconds as number) * 1_000 : null;
}

/** Records that an answer let nobody in; answers what the person is told. */
export async function refusal(
  { audit }: Pick<LoginParts, 'audit'>,
  call: Call,
  { row, connection }: { readonly row: Pick<Identified, 'clientId'>; readonly connection: ConnectionRow },
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof GatehouseError) || error.kind === 'internal') return error;
  // What is wrong with a provider's claims is for its operators: the log has it.
  const told = error.code === 'VALIDATION_FAILED' ? providerErrors.LOGIN_FAILED({ cause: error }) : error;
  await call.store.transaction((store) =>
    audit.record(store, call, {
      ...{ action: 'login.refuse', targetType: 'Connection', targetId: connection.id },
      ...{ result: 'denied', details: { code: told.code, clientId: row.clientId } },
    }),
  );
  return told;
}

/** Who a provider's answer is about: exchanges its code. LOGIN_FAILED, PROVIDER_UNAVAILABLE. */
export async function identify(
  parts: Pick<LoginParts, 'client' | 'issuer'>,
  { connection, parameters }: Pick<ProviderAnswer, 'connection' | 'parameters'>,
  options: OAuthOptions,
  checks: AuthorizationChecks,
  maxAgeSeconds: number | null = null,
): Promise<ProviderIdentity> {
  const url = new URL(callbackUrl(parts.issuer, connection));
  url.search = parameters.toString();
  let identity: ProviderIdentity;
  try {
    identity = await parts.client.identity(options, url, checks, maxAgeSeconds);
  } catch (cause) {
    throw faultIn(cause) !== null
      ? providerErrors.PROVIDER_UNAVAILABLE({ cause })
      : providerErrors.LOGIN_FAILED({ cause });
  }
  // SECURITY: the parameter only preselects an account; the claim alone says to which company it belongs.
  if (options.hostedDomain !== null && identity.claims['hd'] !== options.hostedDomain) {
    throw providerErrors.LOGIN_FAILED();
  }
  if (options.preset.postsBack !== true) return identity;
  return { ...identity, claims: { ...postedName(parameters.get('user')), ...identity.claims } };
}
