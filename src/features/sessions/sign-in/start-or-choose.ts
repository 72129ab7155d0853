import type { Call } from '#src/access/call';
import type { SignInOrganizationService } from '#src/features/organizations/sign-in/sign-in-organization.service';
import type { Store } from '#src/storage/store';
import { askFurther, type LoginOutcome } from './ask-further';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { suspendSignIn } from './pending-sign-in';
import type { SignInHooks } from './sign-in-hooks';
import {
  connectionOf,
  recordSignIn,
  startAfterProof,
  type ProvenSignIn,
  type StartParts,
} from './start-after-proof';

export interface ChooseParts extends StartParts {
  readonly hooks: SignInHooks;
  readonly signInOrganizations: SignInOrganizationService;
}

/**
 * Everything is proved: starts the session, or asks for the organization first where the application has POST_LOGIN_PROMPT and none
 * was named. Where it requires one, a single one is taken without asking and none is CLOSED; where it allows one, none is a choice too.
 */
export async function startOrChoose(
  parts: ChooseParts,
  store: Store,
  call: Call,
  proven: ProvenSignIn,
): Promise<LoginOutcome | 'CLOSED'> {
  const { user, application, browser } = proven;
  const asks = application?.organizationRequireBehavior === 'POST_LOGIN_PROMPT';
  if (!asks || user.organizationId !== null || application.organizationUsage === 'DENY')
    return started(await startAfterProof(parts, store, call, proven));
  const { userId } = user;
  const connection = connectionOf(user);
  // Whom the only organization of the connection takes in is a member before it is asked.
  await parts.joinOnLogin(store, call, { id: userId }, connection, null);
  const organizations = await parts.signInOrganizations.choices(
    store,
    { id: userId, connection },
    application,
  );
  const isRequired = application.organizationUsage === 'REQUIRE';
  const [first, second] = organizations;
  if (first === undefined) {
    if (!isRequired) return started(await startAfterProof(parts, store, call, proven));
    await recordSignIn(parts.audit, store, call, { userId, sessionId: null });
    return 'CLOSED';
  }
  if (isRequired && second === undefined) {
    const inside = { ...user, organizationId: first.id };
    return startInside(parts, store, call, { ...proven, user: inside });
  }
  if (browser.isSilent === true) throw sessionErrors.INTERACTION_REQUIRED();
  const { cookieMode, tokenUse = null, visit = null } = browser;
  const pending = { kind: 'organization', user, factors: [], cookieMode, tokenUse, visit } as const;
  const { token, expiresAt } = await suspendSignIn(store, call, pending);
  return {
    kind: 'ORGANIZATION_CHOICE',
    choiceToken: token,
    organizations,
    isOptional: !isRequired,
    expiresAt,
  };
}

/** Starts the session in an organization that became known after the proofs: it may ask for more of them. */
export async function startInside(
  parts: ChooseParts,
  store: Store,
  call: Call,
  proven: ProvenSignIn,
): Promise<LoginOutcome | 'CLOSED'> {
  const waiting = await askFurther(parts.hooks, store, call, proven.user, proven.browser);
  return waiting ?? started(await startAfterProof(parts, store, call, proven));
}

function started(outcome: Awaited<ReturnType<typeof startAfterProof>>): LoginOutcome | 'CLOSED' {
  return outcome === 'CLOSED' ? outcome : { kind: 'LOGGED_IN', ...outcome };
}
