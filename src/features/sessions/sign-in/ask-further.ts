import type { Call } from '#src/access/call';
import type { SignInOrganizationRow } from '#src/features/organizations/sign-in/sign-in-organization.repository';
import type { ProvenUser, SigningBrowser } from '#src/features/sessions/minting/proven-user';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { suspendSignIn } from './pending-sign-in';
import type { Challenge, SignInHooks, Suspended } from './sign-in-hooks';
import type { ProvenSession } from './start-after-proof';

/** How a sign-in ended: only LOGGED_IN has a session. */
export type LoginOutcome =
  | ({ readonly kind: 'LOGGED_IN' } & ProvenSession)
  | {
      readonly kind: 'MFA_CHALLENGE';
      readonly mfaToken: string;
      readonly factors: readonly string[];
      readonly expiresAt: Instant;
    }
  | { readonly kind: 'EMAIL_VERIFICATION_REQUIRED' }
  | {
      readonly kind: 'PASSWORD_CHANGE_REQUIRED';
      readonly changeToken: string;
      readonly reason: string;
      readonly expiresAt: Instant;
    }
  | ({ readonly kind: 'SUSPENDED' } & Suspended)
  | {
      readonly kind: 'ORGANIZATION_CHOICE';
      /** For `chooseOrganization`. */
      readonly choiceToken: string;
      readonly organizations: readonly SignInOrganizationRow[];
      /** Whether the user may sign in to none of them. */
      readonly isOptional: boolean;
      readonly expiresAt: Instant;
    };

/**
 * What a later feature puts between what was proved so far and the session; null: nothing. `done` is the step that was just taken: it is
 * not asked for again. Whoever calls this has locked the user, who stands. INTERACTION_REQUIRED where a page has to be visited and there is no browser,
 * and where nobody may be asked.
 */
export async function askFurther(
  hooks: SignInHooks,
  store: Store,
  call: Call,
  user: ProvenUser,
  { cookieMode, tokenUse = null, visit = null, isSilent = false }: SigningBrowser,
  done: Challenge['kind'] | null = null,
): Promise<Exclude<LoginOutcome, { kind: 'LOGGED_IN' }> | null> {
  for (const hook of hooks.afterFirstFactor) {
    const asked = await hook(store, call, user);
    if (asked === null || asked.kind === done) continue;
    if (isSilent) throw sessionErrors.INTERACTION_REQUIRED();
    if (asked.kind === 'email-verification') return { kind: 'EMAIL_VERIFICATION_REQUIRED' };
    // Tokens are answered to a program, and a program has no browser to send away.
    if (asked.kind === 'redirect' && tokenUse !== null) throw sessionErrors.INTERACTION_REQUIRED();
    const factors = asked.kind === 'mfa' ? asked.factors : [];
    const { token, expiresAt } = await suspendSignIn(store, call, {
      kind: asked.kind,
      user,
      factors,
      cookieMode,
      tokenUse,
      visit,
    });
    if (asked.kind === 'redirect') return { kind: 'SUSPENDED', token, step: asked.step, user, expiresAt };
    return asked.kind === 'mfa'
      ? { kind: 'MFA_CHALLENGE', mfaToken: token, factors, expiresAt }
      : { kind: 'PASSWORD_CHANGE_REQUIRED', changeToken: token, reason: asked.reason, expiresAt };
  }
  return null;
}
