import type { Call } from '#src/access/call';
import { sealText } from '#src/config/seal-text';
import { returnTarget } from '#src/features/applications/redirects/return-target';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import { connectionErrors } from '#src/features/connections/connection.errors';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import { badInput } from '#src/features/roles/checked-text';
import { visitToAdopt } from '#src/features/sessions/activity/adopt-visit';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { requireApplication } from '#src/features/sessions/sign-in/sign-in-application';
import type { Store } from '#src/storage/store';
import { departureTo } from './departure';
import type { LoginParts } from './login-parts';
import { checkWishes, type LoginWishes } from './login-wishes';
import { insertLoginTransaction } from './login-transaction.repository';
import { hashSecret } from '#src/shared/secret-hash';

export interface BeginLogin extends LoginWishes {
  /** Name of the connection. */
  readonly connection: string;
  /** The application that the person comes from. */
  readonly clientId: string;
  readonly organizationId?: string | null;
  /** Where to go afterwards: a path within the application, or one of its callbacks; else its default. */
  readonly returnTo?: string | null;
  /** Token of an anonymous session that the new one takes over. */
  readonly anonymousSession?: string | null;
  /** Who asks for what is missing after the provider's word, such as a second factor; default: the application. */
  readonly goesOn?: 'PAGE' | 'APPLICATION';
  /** Whom the person says to be, as a hint for the provider. */
  readonly loginHint?: string | null;
  /** The caller's own session, which the account there is to belong to; else: somebody signs in. */
  readonly linkSessionId?: string | null;
  /** What an application has begun to connect; see `startConnecting`. */
  readonly accountConnectionId?: string | null;
  /** What it asks the provider for beyond a sign-in. */
  readonly scopes?: readonly string[];
}

const lifetimeMs = 10 * 60_000;

/** Where a browser goes to sign in. */
export interface BegunLogin {
  readonly url: string;
  /** What it posts there; null: it just goes. */
  readonly form: Readonly<Record<string, string>> | null;
}

/** Begins a sign-in at a provider, bound to one browser; answers where the browser goes. Makes no session and no user. */
export async function beginLogin(
  parts: LoginParts,
  call: Call,
  {
    connection: name,
    clientId,
    organizationId = null,
    returnTo = null,
    anonymousSession = null,
    ...asked
  }: BeginLogin,
  browser: { readonly bindingSecret: string; readonly ip: string | null },
): Promise<BegunLogin> {
  await parts.attackProtection.beginLogin(call, browser.ip);
  checkWishes(asked);
  const application = await requireApplication(parts, call.store, clientId, organizationId);
  const connection = await requireProvider(parts, call.store, name, clientId);
  const target = returnTarget(returnTo, application);
  if (target.url === null) {
    throw badInput('returnTo', 'Name one of the application’s callbacks, or give the application a default.');
  }
  const { state, checks, url, form } = await departureTo(parts, call, connection, asked);
  const id = call.ids.next('txn');
  const now = call.clock.now();
  await call.store.transaction(async (store) => {
    const visit = anonymousSession === null ? null : { token: anonymousSession };
    const adopted = await visitToAdopt(store, call, visit, clientId);
    await insertLoginTransaction(store, {
      ...{ id, connectionId: connection.id, clientId, organizationId },
      stateHash: hashSecret(state),
      bindingHash: hashSecret(browser.bindingSecret),
      sealedChecks: sealText(parts.ring(), id, JSON.stringify(checks)),
      returnUrl: target.url ?? '',
      ...{ createdIp: browser.ip, anonymousSessionId: adopted?.id ?? null },
      ...{ goesOn: asked.goesOn ?? 'APPLICATION', linkSessionId: asked.linkSessionId ?? null },
      accountConnectionId: asked.accountConnectionId ?? null,
      ...{ prompt: asked.prompt ?? null, maxAgeSeconds: asked.maxAgeSeconds ?? null },
      ...{ createdAt: now, expiresAt: now + lifetimeMs, consumedAt: null },
    });
    if (!target.isRefused) return;
    await parts.audit.record(store, call, {
      ...{ action: 'login.return_refused', targetType: 'Application', targetId: clientId },
      result: 'denied',
    });
  });
  return { url, form };
}

/** A social or OpenID connection that people of an application may come from. CONNECTION_NOT_FOUND, CONNECTION_DISABLED. */
export async function requireProvider(
  { connections }: Pick<LoginParts, 'connections'>,
  store: Store,
  name: string,
  clientId: string,
): Promise<ConnectionRow> {
  const row = await connections.stored(store, name);
  const admitted = row === null ? [] : readConnectionOptions(row.options).applicationIds;
  // SECURITY: one answer, so that nobody learns which connections exist for other applications.
  if (
    row === null ||
    !['OAUTH', 'SAML'].includes(protocolOf(row.strategy)) ||
    (admitted.length > 0 && !admitted.includes(clientId))
  ) {
    throw connectionErrors.CONNECTION_NOT_FOUND({ extensions: { field: 'connection' } });
  }
  if (!row.isEnabled) throw sessionErrors.CONNECTION_DISABLED();
  return row;
}
