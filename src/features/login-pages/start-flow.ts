import type { Call } from '#src/access/call';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import { returnTarget } from '#src/features/applications/redirects/return-target';
import type { LoginFlow } from '#src/features/providers/login/login-flow';
import { badInput } from '#src/features/roles/checked-text';
import { requireApplication } from '#src/features/sessions/sign-in/sign-in-application';
import type { LoginPageParts } from './login-parts';

export interface StartedFlow {
  readonly flow: LoginFlow;
  readonly application: ApplicationRow | null;
}

/** The application of a flow; FORBIDDEN as for every sign-in, except that an organization may be asked for by the page. */
export async function applicationOf(
  parts: Pick<LoginPageParts, 'applications'>,
  call: Call,
  clientId: string | null,
  organizationId: string | null,
): Promise<ApplicationRow | null> {
  if (clientId === null) return null;
  const found = await parts.applications.enabled(call.store, clientId);
  const asks =
    organizationId === null &&
    found?.organizationUsage === 'REQUIRE' &&
    found.organizationRequireBehavior !== 'NO_PROMPT' &&
    found.type !== 'MACHINE';
  return asks ? found : requireApplication(parts, call.store, clientId, organizationId);
}

/** A sign-in as the address asks for it: `client_id`, `organization`, `return_to`, `login_hint`. */
export async function startFlow(
  parts: LoginPageParts,
  call: Call,
  query: URLSearchParams,
): Promise<StartedFlow> {
  const clientId = query.get('client_id');
  const organizationId = query.get('organization');
  const application = await applicationOf(parts, call, clientId, organizationId);
  const hint = query.get('login_hint')?.slice(0, 320) ?? null;
  const flow = {
    ...{ clientId, organizationId, startedAt: call.clock.now(), returnUrl: null },
    ...(hint === null ? {} : { identifier: hint }),
  };
  if (application === null) return { flow, application };
  const returnTo = query.get('return_to');
  const target = returnTarget(returnTo, application);
  if (target.url === null)
    throw badInput('returnTo', 'Name one of the application’s callbacks, or give the application a default.');
  if (target.isRefused) {
    await call.store.transaction((store) =>
      parts.audit.record(store, call, {
        ...{ action: 'login.return_refused', targetType: 'Application', targetId: application.id },
        result: 'denied',
      }),
    );
  }
  return {
    flow: { ...flow, returnUrl: target.url, returnTo: target.isRefused ? null : returnTo },
    application,
  };
}
